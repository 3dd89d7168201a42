"""What happens to needs and offers. The caller commits."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, or_, select, update

from exchange import steps, tags
from exchange.catalogue import queries
from exchange.catalogue.models import Listing, Need, Offer
from exchange.clock import now, today
from exchange.directory.contacts import require_contact, usual_contact
from exchange.directory.models import Membership, Person, Role
from exchange.directory.queries import acts_for_ids
from exchange.errors import Conflict, Invalid, NotAllowed
from exchange.extensions import db
from exchange.predicates import staff
from exchange.programmes.queries import open_programmes
from exchange.steps import Step
from workflows import guards
from workflows.engine import Workflow
from workflows.need import NEED, NeedState
from workflows.offer import OFFER, OfferState

Kind = TypeVar("Kind", Need, Offer)

# Half a year: needs change fast, and a stale list is what people complain about most.
SHELF_LIFE = timedelta(days=180)
# What nobody but its owner reads may be incomplete; everything else must stay publishable.
UNREAD = (NeedState.draft, NeedState.expired, OfferState.draft, OfferState.expired)
FINISHED = (
    NeedState.fulfilled,
    NeedState.withdrawn,
    OfferState.fulfilled,
    OfferState.withdrawn,
)


def create(model: type[Kind], data: Mapping[str, Any], *, actor: Person) -> Kind:
    """Write a draft need or offer.

    When the coordinator of an association writes it for a member, the association is noted as its
    publisher.

    :raises Invalid: ``not_yours``, the actor does not speak for it; ``not_of_this``, the contact is
        nobody of it; or an unknown code.
    """
    row = model()
    db.session.add(row)
    with db.session.no_autoflush:
        _fill(row, data, actor)
    db.session.flush()
    return row


def edit(row: Kind, data: Mapping[str, Any], *, actor: Person) -> Kind:
    """Change a need or an offer and return it. Its state stays; what is published stays complete.

    :raises Invalid: a value cannot be taken, or a published text would lose what publishing asks.
    :raises NotAllowed: ``finished``, it is fulfilled or withdrawn.
    :raises Conflict: ``moved_on``, somebody saved it since the caller read it.
    """
    seen = row.version_id
    steps.lock(row)
    if row.version_id != seen:
        raise Conflict("moved_on")
    if row.state in FINISHED:
        raise NotAllowed("finished")
    with db.session.no_autoflush:
        _fill(row, data, actor)
        if row.state not in UNREAD:
            _stays_publishable(row)
        # Tags are rows of another table: without this a change of theme would leave no trace.
        row.updated_at = now()
    db.session.flush()
    if isinstance(row, Offer):
        follow_places(row, actor=actor)
    return row


def advance_need(
    need: Need,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a need one step and write the step down."""
    return _advance(NEED, need, trigger, actor=actor, note=note, expected_state=expected_state)


def advance_offer(
    offer: Offer,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move an offer one step and write the step down."""
    return _advance(OFFER, offer, trigger, actor=actor, note=note, expected_state=expected_state)


def follow_places(offer: Offer, *, actor: Person | None) -> Step | None:
    """Bring the state of an offer in line with its places: full, or open again."""
    steps.lock(offer)
    for trigger in ("match", "reopen", "leave_exchange"):
        if not OFFER.unmet(trigger, offer):
            return advance_offer(offer, trigger, actor=actor)
    return None


def rate(offer: Offer, votes: int, stars: int) -> bool:
    """Note how those who visited it marked what the offer hosted; whether that is news.

    :param votes: how many answered; ``stars`` the sum of their marks, 1 to 5 each.

    Its owner changed nothing, so the row keeps its version and its day; but the matcher has not
    seen the offer so, and looks again, once.
    """
    changed = or_(Offer.votes != votes, Offer.stars != stars)
    statement = (
        update(Offer)
        .where(Offer.id == offer.id, changed)
        .values(votes=votes, stars=stars, examined_at=None, updated_at=Offer.updated_at)
        .execution_options(synchronize_session=False)
    )
    news = cast("CursorResult[Any]", db.session.execute(statement)).rowcount == 1
    if news:
        db.session.expire(offer, ["votes", "stars", "examined_at", "updated_at"])
    return news


def expire_due(today: date, *, limit: int = 500) -> int:
    """Expire what was published and is no longer good; return how many rows were moved.

    :param today: rows whose ``expires_on`` lies before this day.
    """
    needs = list(db.session.scalars(queries.due_to_expire(Need, today).limit(limit)))
    offers = list(db.session.scalars(queries.due_to_expire(Offer, today).limit(limit)))
    # By number: whoever locks several rows locks them in one order.
    for need in sorted(needs, key=lambda row: row.id):
        advance_need(need, "expire", actor=None)
    for offer in sorted(offers, key=lambda row: row.id):
        advance_offer(offer, "expire", actor=None)
    return len(needs) + len(offers)


def _advance(workflow: Workflow, row: Listing, trigger: str, **who: Any) -> Step:
    step = steps.advance(workflow, row, trigger, **who)
    if step.to_state in (NeedState.published, OfferState.published):
        row.published_at = row.published_at or now()
        if trigger in ("publish", "renew"):
            row.expires_on = today() + SHELF_LIFE
    return step


def _fill(row: Need | Offer, data: Mapping[str, Any], actor: Person) -> None:
    before, contact_before = row.organisation_id, row.contact_id
    organisation_id = data.get("organisation_id", before)
    may_write_for = organisation_id == before or staff(actor, None)
    if not may_write_for and organisation_id not in acts_for_ids(actor):
        raise Invalid("organisation_id", "not_yours")
    _possible(row, data)
    require_contact(data.get("contact_id"), [organisation_id], kept=contact_before)
    tags.apply(row, data)
    if organisation_id != before:
        row.published_by_id = association_that_writes(organisation_id, actor)
        if row.contact_id == contact_before:
            row.contact = usual_contact(organisation_id, actor)


def _possible(row: Need | Offer, data: Mapping[str, Any]) -> None:
    first = data.get("available_from", row.available_from)
    last = data.get("available_until", row.available_until)
    if first and last and last < first:
        raise Invalid("available_until", "window")
    _open_programme(row, data.get("programme_id"))
    if isinstance(row, Offer) and (row.places_taken or 0) > data.get("places", row.places or 1):
        raise Invalid("places", "places_taken", taken=row.places_taken)
    if isinstance(row, Need) and (row.hosts_held or 0) > data.get(
        "hosts_wanted", row.hosts_wanted or 1
    ):
        raise Invalid("hosts_wanted", "hosts_held", held=row.hosts_held)


def _open_programme(row: Need | Offer, programme_id: int | None) -> None:
    """A need may stay in a programme that was closed, but none enters it any more."""
    if programme_id is None or programme_id == getattr(row, "programme_id", None):
        return
    if programme_id not in {programme.id for programme in open_programmes()}:
        raise Invalid("programme_id", "programme_closed")


def association_that_writes(organisation_id: int, actor: Person) -> int | None:
    """The association that the actor coordinates and that really has this member, if any."""
    own = actor.organisation_ids(Role.coordinator)
    if organisation_id in own or not own:
        return None
    query = select(Membership.body_id).where(
        Membership.member_id == organisation_id, Membership.body_id.in_(own)
    )
    return db.session.scalars(query.order_by(Membership.body_id)).first()


def _stays_publishable(row: Need | Offer) -> None:
    if guards.has_what_publishing_asks(row):
        return
    missing = {
        "text": not row.text,
        "themes": not row.tagged("theme"),
        "languages": not row.tagged("language"),
    }
    field = next((name for name, empty in missing.items() if empty), "title")
    raise Invalid(field, "needed_to_publish")
