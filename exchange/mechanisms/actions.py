"""What happens to mechanisms, what they need and give, and events of others. The caller commits."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from exchange import multilingual, steps, tags
from exchange.catalogue.models import Need
from exchange.clock import today
from exchange.directory.contacts import require_contact
from exchange.directory.models import Organisation, Person
from exchange.errors import Invalid
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.mechanisms.models import Mechanism, MechanismListing, OutsideEvent
from exchange.practices.models import Practice
from exchange.references import Known, known_row
from exchange.steps import Step
from workflows.mechanism_listing import LIVE, MECHANISM_LISTING, MechanismListingState

WORDS = {"title": "titles", "text": "texts"}
# A need that nobody looked at for so long is a habit, not a need.
HOLDS = timedelta(days=182)


def create(data: Mapping[str, Any]) -> Mechanism:
    """Write a mechanism into the register.

    :raises Invalid: ``code_taken``; ``no_such_organisation``; ``observatory_taken``;
        ``not_of_this``, the contact is of another organisation.
    """
    row = Mechanism(titles={}, texts={})
    edit(row, data)
    db.session.add(row)
    db.session.flush()
    return row


def edit(row: Mechanism, data: Mapping[str, Any]) -> Mechanism:
    """Change a mechanism.

    :raises Invalid: ``code_taken``; ``no_such_organisation``; ``observatory_taken``;
        ``not_of_this``, the contact is of another organisation.
    """
    with db.session.no_autoflush:
        _only(row, Mechanism.code, "code", data, "code_taken")
        if data.get("observatory_id"):
            _only(row, Mechanism.observatory_id, "observatory_id", data, "observatory_taken")
        _known(Organisation, "organisation_id", data, "no_such_organisation")
        home_id = data.get("organisation_id", row.organisation_id)
        require_contact(data.get("contact_id"), [home_id], kept=row.contact_id)
        multilingual.write(row, data, WORDS, leave=tuple(tags.TAGS))
        tags.apply(row, {name: data[name] for name in tags.TAGS if name in data})
    db.session.flush()
    return row


def _only(row: Mechanism, column: Any, name: str, data: Mapping[str, Any], problem: str) -> None:
    found = db.session.scalars(select(Mechanism).where(column == data.get(name))).first()
    if name in data and found is not None and found is not row:
        raise Invalid(name, problem)


def _known(model: Any, name: str, data: Mapping[str, Any], problem: str) -> None:
    if data.get(name) is not None and db.session.get(model, data[name]) is None:
        raise Invalid(name, problem)


def add_listing(mechanism: Mechanism, data: Mapping[str, Any]) -> MechanismListing:
    """Write down what a mechanism needs or gives.

    :raises Invalid: ``review_past``, it would have expired already.
    """
    row = MechanismListing()
    _fill_listing(row, data)
    mechanism.listings.append(row)
    db.session.flush()
    return row


def edit_listing(row: MechanismListing, data: Mapping[str, Any]) -> MechanismListing:
    """Change what a mechanism needs or gives.

    :raises Invalid: ``review_past``.
    """
    _fill_listing(row, data)
    db.session.flush()
    return row


def _fill_listing(row: MechanismListing, data: Mapping[str, Any]) -> None:
    until: date | None = data.get("expires_on")
    if until is not None and until != row.expires_on and until < today():
        raise Invalid("expires_on", "review_past")
    with db.session.no_autoflush:
        tags.apply(row, data)


def advance_listing(
    row: MechanismListing,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move what a mechanism needs or gives one step; renewed, it holds for another half-year."""
    step = steps.advance(
        MECHANISM_LISTING, row, trigger, actor=actor, note=note, expected_state=expected_state
    )
    if row.state == MechanismListingState.renewed:
        row.expires_on = max(row.expires_on, today() + HOLDS)
    return step


def expire_due(day: date, *, limit: int = 500) -> int:
    """Expire whatever was to be reviewed before ``day``; return how many rows were moved."""
    query = select(MechanismListing).where(
        MechanismListing.state.in_(LIVE), MechanismListing.expires_on < day
    )
    rows = db.session.scalars(query.order_by(MechanismListing.id).limit(limit)).all()
    for row in rows:
        advance_listing(row, "expire", actor=None)
    return len(rows)


def link(mechanism: Mechanism, data: Mapping[str, Any], *, known: Known = select) -> Mechanism:
    """Link an exchange (by its ``reference``), a practice or a need; once, however often.

    :param known: what may be linked.
    :raises Invalid: ``no_such_exchange``; ``nothing_to_link``.
    """
    if not any(data.get(name) for name in ("reference", "practice_id", "need_id")):
        raise Invalid("reference", "nothing_to_link")
    if reference := data.get("reference"):
        query = known(Exchange).where(Exchange.reference == reference.strip().upper())
        _link(mechanism.exchanges, db.session.scalars(query).unique().first(), "reference")
    if data.get("practice_id"):
        practice = known_row(known, Practice, data["practice_id"])
        _link(mechanism.practices, practice, "practice_id")
    if data.get("need_id"):
        _link(mechanism.needs, known_row(known, Need, data["need_id"]), "need_id")
    db.session.flush()
    return mechanism


def _link(rows: list[Any], row: Any, field: str) -> None:
    if row is None:
        raise Invalid(field, "no_such_exchange" if field == "reference" else "bad_value")
    if row not in rows:
        rows.append(row)


def add_event(data: Mapping[str, Any], *, actor: Person | None) -> OutsideEvent:
    """Write down an event of another association.

    :raises Invalid: ``no_such_organisation``; ``window``.
    """
    row = OutsideEvent(person_id=actor.id if actor else None)
    edit_event(row, data)
    db.session.add(row)
    db.session.flush()
    return row


def edit_event(row: OutsideEvent, data: Mapping[str, Any]) -> OutsideEvent:
    """Change an event of others.

    :raises Invalid: ``no_such_organisation``; ``window``.
    """
    with db.session.no_autoflush:
        _known(Organisation, "partner_id", data, "no_such_organisation")
        tags.apply(row, data)
    if row.ends_on < row.starts_on:
        raise Invalid("ends_on", "window")
    db.session.flush()
    return row


def usual() -> dict[str, date]:
    """What a new need or offer holds until, unless somebody says otherwise."""
    return {"expires_on": today() + HOLDS}
