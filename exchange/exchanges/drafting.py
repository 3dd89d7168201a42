"""The proposal of an exchange: its words, its tags, and the needs it answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from exchange import tags
from exchange.catalogue.models import Need
from exchange.directory.contacts import usual_contact
from exchange.directory.models import Organisation, Person
from exchange.directory.queries import acts_for_ids, may_bundle_for
from exchange.errors import Invalid
from exchange.exchanges.linked_needs import OPEN_NEED
from exchange.exchanges.models import Exchange, Partner, PartnerRole
from exchange.exchanges.parts import find_partner
from exchange.extensions import db
from exchange.predicates import staff
from workflows.exchange import ExchangeState

WITH_PROPOSER = (ExchangeState.draft, ExchangeState.more_information)
BEFORE_AGREEMENT = (
    *WITH_PROPOSER,
    ExchangeState.submitted,
    ExchangeState.eligible,
    ExchangeState.matching,
    ExchangeState.match_proposed,
)


def fill(exchange: Exchange, data: Mapping[str, Any], actor: Person | None) -> None:
    """Write ``data`` on a proposal; ``need_ids`` become its needs, their organisations learners.

    :raises Invalid: the actor does not speak for the proposer or for a need; a need is not open or
        can no longer be changed; the window is upside down; a code is unknown.
    """
    facts = dict(data)
    need_ids = facts.pop("need_ids", None)
    proposer_id = facts.get("proposer_id", exchange.proposer_id)
    if not _speaks_for(actor, proposer_id):
        raise Invalid("proposer_id", "not_yours")
    if db.session.get(Organisation, proposer_id) is None:
        raise Invalid("proposer_id", "no_such_organisation")
    first = facts.get("starts_on", exchange.starts_on)
    last = facts.get("ends_on", exchange.ends_on)
    if first and last and last < first:
        raise Invalid("ends_on", "window")
    if proposer_id != exchange.proposer_id:
        exchange.contact = usual_contact(proposer_id, actor)
    tags.apply(exchange, facts)
    if need_ids is not None:
        _link_needs(exchange, need_ids, actor)


def _speaks_for(actor: Person | None, organisation_id: int) -> bool:
    return actor is None or staff(actor, None) or organisation_id in acts_for_ids(actor)


def _link_needs(exchange: Exchange, need_ids: Sequence[int], actor: Person | None) -> None:
    before = {need.id for need in exchange.needs}
    if before == set(need_ids):
        return
    if exchange.state not in BEFORE_AGREEMENT:
        raise Invalid("need_ids", "needs_settled")
    found = list(db.session.scalars(select(Need).where(Need.id.in_(need_ids)).order_by(Need.id)))
    new = [need for need in found if need.id not in before]
    if len(found) < len(set(need_ids)) or not _linkable(new, actor):
        raise Invalid("need_ids", "need_not_open")
    exchange.needs = found
    for need in new:
        if not find_partner(exchange, need.organisation_id, PartnerRole.learner):
            learner = Partner(organisation_id=need.organisation_id, role=PartnerRole.learner)
            exchange.partners.append(learner)


def _linkable(needs: Sequence[Need], actor: Person | None) -> bool:
    if not all(need.state in OPEN_NEED for need in needs):
        return False
    if actor is None or staff(actor, None):
        return True
    whose = {need.organisation_id for need in needs}
    ours = may_bundle_for(actor).where(Organisation.id.in_(whose))
    return whose == set(db.session.scalars(ours))
