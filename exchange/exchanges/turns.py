"""Whose turn it is: the party of the state, and the names behind it."""

from collections.abc import Callable, Iterable

from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import Exchange, PartnerRole
from workflows.engine import Party
from workflows.exchange import EXCHANGE, ExchangeState

MONTHS = {
    ExchangeState.following_up_3: 3,
    ExchangeState.following_up_6: 6,
    ExchangeState.following_up_12: 12,
}


def whose_turn(exchange: Exchange) -> Party:
    """The party that the table waits for."""
    return EXCHANGE.rule(exchange.state).waits_for


def waits_for(exchange: Exchange) -> list[str]:
    """Names of the organisations or persons whose turn it is.

    Empty when nobody is named for that part yet: then the words for the party must do.
    """
    return _NAMES[whose_turn(exchange)](exchange)


def _named(things: Iterable[Organisation | Person | None]) -> list[str]:
    return list(dict.fromkeys(thing.name for thing in things if thing is not None))


def _with(exchange: Exchange, *roles: PartnerRole) -> list[str]:
    return _named(partner.organisation for partner in exchange.with_role(*roles))


def _both(exchange: Exchange) -> list[str]:
    if months := MONTHS.get(ExchangeState(exchange.state)):
        asked = [one for one in exchange.follow_ups if one.months == months]
        return _named(one.organisation for one in asked if one.state in ("planned", "asked"))
    learners = _with(exchange, PartnerRole.learner)
    learners = learners or _named(need.organisation for need in exchange.needs)
    return list(dict.fromkeys(_with(exchange, PartnerRole.host) + learners))


def _author(exchange: Exchange) -> list[str]:
    return _named([exchange.note.author]) if exchange.note else []


def _reviewer(exchange: Exchange) -> list[str]:
    return _named([exchange.note.reviewer]) if exchange.note else []


_NAMES: dict[Party, Callable[[Exchange], list[str]]] = {
    Party.proposer: lambda exchange: _named([exchange.proposer]),
    Party.owner: lambda exchange: _named([exchange.owner]),
    Party.officer: lambda exchange: _named([exchange.owner]),
    Party.host: lambda exchange: _with(exchange, PartnerRole.host),
    Party.learner: lambda exchange: _with(exchange, PartnerRole.learner),
    Party.both_cities: _both,
    Party.author: _author,
    Party.reviewer: _reviewer,
    Party.nobody: lambda _exchange: [],
}
