"""Whose turn it is: the party of the state, and the names behind it."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import String, cast, literal, select, union_all

from exchange.catalogue.models import Need
from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import Exchange, Partner, PartnerRole, exchange_needs
from exchange.extensions import db
from workflows.engine import Party
from workflows.exchange import EXCHANGE, ExchangeState

MONTHS = {
    ExchangeState.following_up_3: 3,
    ExchangeState.following_up_6: 6,
    ExchangeState.following_up_12: 12,
}
NOT_ANSWERED = ("planned", "asked")
NEED, AUTHOR, REVIEWER = "need", "author", "reviewer"
# The names of a part that somebody has in one exchange: a role, a need, a follow-up after months.
Names = Callable[[str], list[str]]


def whose_turn(exchange: Exchange) -> Party:
    """The party that the table waits for."""
    return EXCHANGE.rule(exchange.state).waits_for


def waits_for(exchange: Exchange) -> list[str]:
    """Names of the organisations or persons whose turn it is.

    Empty when nobody is named for that part yet: then the words for the party must do.
    """
    return _names(exchange, partial(_loaded, exchange))


def waited_for(exchanges: Sequence[Exchange]) -> dict[int, list[str]]:
    """The same for the rows of a list, by their ids, without loading what hangs on them. One
    statement."""
    found: dict[tuple[int, str], list[str]] = {}
    ids = [exchange.id for exchange in exchanges]
    for exchange_id, part, name, _nth in db.session.execute(_parts(ids)) if ids else ():
        found.setdefault((exchange_id, part), []).append(name)

    def told(exchange_id: int, part: str) -> list[str]:
        return found.get((exchange_id, part), [])

    return {one.id: _names(one, partial(told, one.id)) for one in exchanges}


def _names(exchange: Exchange, names: Names) -> list[str]:
    party = whose_turn(exchange)
    if party == Party.proposer:
        return [exchange.proposer.name]
    if party in (Party.owner, Party.officer):
        return [exchange.owner.name] if exchange.owner else []
    if months := MONTHS.get(ExchangeState(exchange.state)):
        return _once(names(str(months)))
    if party == Party.both_cities:
        learners = names(PartnerRole.learner) or names(NEED)
        return _once([*names(PartnerRole.host), *learners])
    return [] if party == Party.nobody else _once(names(str(party)))


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _loaded(exchange: Exchange, part: str) -> list[str]:
    """The names of a part, from the row and what hangs on it."""
    if part == NEED:
        return [need.organisation.name for need in exchange.needs]
    if part in (AUTHOR, REVIEWER):
        person: Person | None = getattr(exchange.note, part, None)
        return [person.name] if person else []
    if part.isdigit():
        asked = [one for one in exchange.follow_ups if str(one.months) == part]
        return [one.organisation.name for one in asked if one.state in NOT_ANSWERED]
    return [partner.organisation.name for partner in exchange.with_role(PartnerRole(part))]


def _parts(ids: list[int]) -> Any:
    """Exchange, part, name, and what the names of a part are ordered by."""
    # By their relationships: lessons lie above us.
    note: Any = Exchange.note.property.mapper.class_
    follow_up: Any = Exchange.follow_ups.property.mapper.class_
    partners = (
        select(
            Partner.exchange_id,
            cast(Partner.role, String),
            Organisation.name,
            Partner.id.label("nth"),
        )
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .where(Partner.role.in_((PartnerRole.host, PartnerRole.learner)))
        .where(Partner.exchange_id.in_(ids))
    )
    needs = (
        select(exchange_needs.c.exchange_id, literal(NEED), Organisation.name, Need.id.label("nth"))
        .join(Need, Need.id == exchange_needs.c.need_id)
        .join(Organisation, Organisation.id == Need.organisation_id)
        .where(exchange_needs.c.exchange_id.in_(ids))
    )
    asked = (
        select(follow_up.exchange_id, cast(follow_up.months, String), Organisation.name)
        .add_columns(follow_up.id.label("nth"))
        .join(Organisation, Organisation.id == follow_up.organisation_id)
        .where(follow_up.state.in_(NOT_ANSWERED), follow_up.exchange_id.in_(ids))
    )
    people = [
        select(note.exchange_id, literal(part), Person.name, note.id.label("nth"))
        .join(Person, Person.id == whose)
        .where(note.exchange_id.in_(ids))
        for part, whose in ((AUTHOR, note.author_id), (REVIEWER, note.reviewer_id))
    ]
    return union_all(partners, needs, asked, *people).order_by("nth")
