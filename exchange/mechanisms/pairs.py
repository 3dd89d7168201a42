"""Two mechanisms agree: one asks, the other says yes, and an exchange is proposed. The caller
commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import steps
from exchange.directory.models import Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Invalid, NotAllowed
from exchange.exchanges import actions as exchanges
from exchange.exchanges import parts
from exchange.exchanges.models import Exchange, ExchangeKind, PartnerRole
from exchange.extensions import db
from exchange.mechanisms.meeting import meetings, need_facts, offer_facts
from exchange.mechanisms.models import Gives, MechanismListing, MechanismPair
from exchange.predicates import staff
from exchange.steps import Step
from workflows.mechanism_pair import MECHANISM_PAIR, MechanismPairState


def suggest(data: Mapping[str, Any], *, actor: Person | None) -> MechanismPair:
    """Bring a need and an offer together; again is the same pair.

    :raises Invalid: ``bad_value``, one of the two is no need or no offer; ``too_little``, the
        matcher finds that they do not fit.
    :raises NotAllowed: the actor speaks for neither.
    """
    need, offer = (db.session.get(MechanismListing, data[f"{n}_id"]) for n in ("need", "offer"))
    if need is None or need.side != Gives.needs:
        raise Invalid("need_id", "bad_value")
    if offer is None or offer.side != Gives.offers:
        raise Invalid("offer_id", "bad_value")
    if not staff(actor, None) and not _sides(need, offer, actor):
        raise NotAllowed("not_allowed")
    query = select(MechanismPair).filter_by(need_id=need.id, offer_id=offer.id)
    return db.session.scalars(query).first() or _paired(need, offer)


def _paired(need: MechanismListing, offer: MechanismListing) -> MechanismPair:
    found = meetings(need_facts([need]), offer_facts([offer]))
    if not found:
        raise Invalid("offer_id", "too_little")
    pair = MechanismPair(need=need, offer=offer, score=found[0].score)
    pair.reasons = list(found[0].reasons)
    db.session.add(pair)
    db.session.flush()
    return pair


def _sides(need: MechanismListing, offer: MechanismListing, actor: Person | None) -> set[Gives]:
    mine = acts_for_ids(actor)
    return {one.side for one in (need, offer) if one.organisation_id in mine}


def advance_pair(
    pair: MechanismPair,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a pair one step. Whoever asks has said yes; it is the other side that agrees.

    :raises NotAllowed: ``other_side_agrees``, the actor speaks for the side that asked alone.
    """
    mine = _sides(pair.need, pair.offer, actor)
    if trigger == "agree" and mine == {pair.asked_by} and not staff(actor, None):
        raise NotAllowed("other_side_agrees")
    step = steps.advance(
        MECHANISM_PAIR, pair, trigger, actor=actor, note=note, expected_state=expected_state
    )
    if trigger == "ask":
        pair.asked_by = Gives.offers if mine == {Gives.offers} else Gives.needs
    return step


def propose_exchange(pair: MechanismPair, *, actor: Person | None) -> Exchange:
    """Make an exchange proposal of an agreed pair, once; both mechanisms are linked to it.

    :raises NotAllowed: ``not_agreed``.
    """
    steps.lock(pair)
    if pair.exchange is not None:
        return pair.exchange
    if pair.state != MechanismPairState.agreed:
        raise NotAllowed("not_agreed")
    exchange = exchanges.create(_proposal(pair, actor), actor=actor)
    home, host = pair.need.organisation_id, pair.offer.organisation_id
    if home != exchange.proposer_id:
        parts.add_partner(exchange, home, PartnerRole.learner, actor=actor)
    elif host != home:
        parts.add_partner(exchange, host, PartnerRole.host, actor=actor)
    for listing in (pair.need, pair.offer):
        if exchange not in listing.mechanism.exchanges:
            listing.mechanism.exchanges.append(exchange)
    pair.exchange = exchange
    db.session.flush()
    return exchange


def _proposal(pair: MechanismPair, actor: Person | None) -> dict[str, Any]:
    """The draft: whoever needs proposes, unless only the other side may."""
    only_offers = _sides(pair.need, pair.offer, actor) == {Gives.offers}
    mine = pair.offer if only_offers and not staff(actor, None) else pair.need
    return {
        "proposer_id": mine.organisation_id,
        "proposer_role": PartnerRole.host if mine is pair.offer else PartnerRole.learner,
        "title": pair.need.title,
        "kind": ExchangeKind.peer_learning_event,
        "language": pair.need.language,
        "purpose": "\n\n".join(text for text in (pair.need.text, pair.offer.text) if text),
        "themes": [term.code for term in pair.need.tagged("theme")],
        "languages": [term.code for term in pair.need.mechanism.tagged("language")],
    }
