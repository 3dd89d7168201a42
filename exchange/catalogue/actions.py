"""What happens to needs and offers. The caller commits."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

from exchange import steps, tags
from exchange.catalogue.models import Listing, Need, Offer
from exchange.clock import now, today
from exchange.directory.models import Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.predicates import staff
from exchange.steps import Step
from workflows.engine import Workflow
from workflows.need import NEED, NeedState
from workflows.offer import OFFER, OfferState

Kind = TypeVar("Kind", Need, Offer)

# Half a year: needs change fast, and a stale list is what people complain about most.
SHELF_LIFE = timedelta(days=180)


def create(model: type[Kind], data: Mapping[str, Any], *, actor: Person) -> Kind:
    """Write a draft need or offer.

    When the coordinator of an association writes it for a member, the association is noted as its
    publisher.

    :raises Invalid: ``not_yours``, the actor does not speak for the organisation; or an unknown code.
    """
    row = model(contact=actor)
    db.session.add(row)
    with db.session.no_autoflush:
        _fill(row, data, actor)
    db.session.flush()
    return row


def edit(row: Listing, data: Mapping[str, Any], *, actor: Person) -> None:
    """Change a need or an offer; what is published must stay publishable."""
    with db.session.no_autoflush:
        _fill(row, data, actor)
    db.session.flush()


def advance_need(
    need: Need, trigger: str, *, actor: Person | None, note: str = "", expected_state: str | None = None
) -> Step:
    """Move a need one step and write the step down."""
    return _advance(NEED, need, trigger, actor=actor, note=note, expected_state=expected_state)


def advance_offer(
    offer: Offer, trigger: str, *, actor: Person | None, note: str = "", expected_state: str | None = None
) -> Step:
    """Move an offer one step and write the step down."""
    return _advance(OFFER, offer, trigger, actor=actor, note=note, expected_state=expected_state)


def _advance(workflow: Workflow, row: Listing, trigger: str, **who: Any) -> Step:
    step = steps.advance(workflow, row, trigger, **who)
    if step.to_state in (NeedState.published, OfferState.published):
        row.published_at = row.published_at or now()
        if trigger in ("publish", "renew"):
            row.expires_on = today() + SHELF_LIFE
    return step


def _fill(row: Listing, data: Mapping[str, Any], actor: Person) -> None:
    organisation_id = data.get("organisation_id", row.organisation_id)
    if not staff(actor, None) and organisation_id not in acts_for_ids(actor):
        raise Invalid("organisation_id", "not_yours")
    tags.apply(row, data)
    own = actor.organisation_ids()
    if organisation_id not in own and own and not staff(actor, None):
        row.published_by_id = min(own)
