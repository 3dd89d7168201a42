"""What follows when both sides have said yes. The caller commits."""

from exchange.catalogue.actions import advance_need, follow_places
from exchange.catalogue.models import Need
from exchange.clock import today
from exchange.directory.models import Organisation, Person
from exchange.exchanges import actions as exchanges
from exchange.exchanges.models import Exchange, ExchangeKind, Partner, PartnerRole
from exchange.matching import moves, queries
from exchange.matching.models import Match
from workflows.exchange import EXCHANGE
from workflows.match import MatchState
from workflows.need import NEED

# Formats of the vocabulary name the kind of exchange they belong to; most visits are study visits.
USUAL_KIND = ExchangeKind.study_visit


def follow(match: Match, *, actor: Person | None) -> Exchange:
    """Bring the partners together in an exchange, and need and offer in line with it."""
    exchange = _exchange_for(match)
    match.exchange = exchange
    host, learner = match.offer.organisation, match.need.organisation
    for organisation, role in ((host, PartnerRole.host), (learner, PartnerRole.learner)):
        _commit(exchange, organisation, role, actor)
    need_follows(match.need, actor=actor)
    follow_places(match.offer, actor=actor)
    complete(exchange, actor=actor)
    return exchange


def complete(exchange: Exchange | None, *, actor: Person | None) -> None:
    """Go on with the partners who agreed once nobody is asked any more: a need for three hosts
    waits for all three answers, and does with one host when two say no."""
    if exchange is None or queries.of_exchange(exchange, *queries.ASKED):
        return
    if queries.of_exchange(exchange, MatchState.agreed):
        exchanges.try_advance(exchange, "agree_partners", actor=actor)


def _exchange_for(match: Match) -> Exchange:
    """The exchange of the match or of its need; else a new draft of the city that needs."""
    own = match.exchange
    if own is not None and not EXCHANGE.is_final(own.state):
        return own
    return queries.exchange_of(match.need, queries.BEFORE_PARTNERS) or _draft(match)


def _draft(match: Match) -> Exchange:
    need = match.need
    kinds = [term.facts.get("exchange_kind") for term in need.tagged("format")]
    data = {
        "title": need.title,
        "purpose": need.text,
        "kind": ExchangeKind(next((kind for kind in kinds if kind), USUAL_KIND)),
        "language": need.language,
        "proposer_id": need.organisation_id,
        "themes": [term.code for term in need.tagged("theme")],
        "need_ids": [need.id],
    }
    # The side that answers last need not speak for the city that proposes: the program writes it.
    exchange = exchanges.create(data, actor=None)
    exchange.contact = need.contact
    exchange.demo = need.demo and match.offer.demo
    return exchange


def _commit(
    exchange: Exchange, organisation: Organisation, role: PartnerRole, actor: Person | None
) -> Partner:
    known = [p for p in exchange.with_role(role) if p.organisation_id == organisation.id]
    partner = (
        known[0] if known else exchanges.add_partner(exchange, organisation.id, role, actor=actor)
    )
    if partner.committed_on is None:
        exchanges.commit_partner(partner, actor=actor, on=today())
    return partner


def need_follows(need: Need, *, actor: Person | None) -> None:
    """A need that has found all its hosts asks nobody else."""
    if len(queries.matches_of(need, *queries.TOGETHER)) < need.hosts_wanted:
        return
    if not NEED.unmet("match", need):
        advance_need(need, "match", actor=actor)
    for other in queries.matches_of(need, *queries.ASKED):
        moves.end(other, "withdraw", actor=None)
    for suggestion in queries.matches_of(need, MatchState.suggested):
        moves.drop(suggestion)
