"""Who has given and who has received, over the years: solidarity is shown, nobody is ranked.

Lists are in the order of names, and nothing here adds up to a score. Whoever learned and has not
shown anything yet is a host to come.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from exchange.catalogue.models import Offer, offer_terms
from exchange.directory import queries as directory
from exchange.directory.models import Organisation, Person
from exchange.exchanges import flow
from exchange.exchanges.models import Exchange, Partner, PartnerRole, exchange_terms
from exchange.extensions import db
from exchange.matching.models import Match
from exchange.policy import scoped
from exchange.schemas import Choice, Filter, Text, Whole
from exchange.visits.models import Visit
from exchange.vocabularies.models import Term
from workflows.exchange import ExchangePhase, ExchangeState
from workflows.offer import OfferState

GIVES = (PartnerRole.host, PartnerRole.mentor)
RECEIVES = (PartnerRole.learner,)
SORTS = {"name": Organisation.folded_name}
# Nobody asks more than a few others, nor is asked more than a few things at once.
HOSTS_SHOWN, ASKED_AT_ONCE = 5, 3


class Side(StrEnum):
    """On which side of exchanges an organisation has been so far."""

    gave = auto()
    received = auto()
    both = auto()
    host_to_come = auto()


class LedgerFilter(Filter):
    """How the ledger is narrowed; it has one order, that of names."""

    given_side = Choice(Side)
    section = Text(longest=20)
    country = Text(longest=2)
    body = Whole(least=1)


@dataclass(frozen=True)
class Entry:
    """One part that an organisation had in an exchange that came to its visit."""

    exchange_id: int
    reference: str
    title: str
    language: str
    role: PartnerRole
    year: int


@dataclass
class Account:
    """What one organisation gave and received, the latest first, and how many of its offers led to
    a visit."""

    given: list[Entry] = field(default_factory=list)
    received: list[Entry] = field(default_factory=list)
    offers_used: int = 0

    @property
    def given_by_year(self) -> dict[int, int]:
        """How often in each year, the latest first."""
        return _by_year(self.given)

    @property
    def received_by_year(self) -> dict[int, int]:
        """How often in each year, the latest first."""
        return _by_year(self.received)


def _by_year(entries: Iterable[Entry]) -> dict[int, int]:
    return dict(sorted(Counter(one.year for one in entries).items(), reverse=True))


def came_to_its_visit() -> ColumnElement[bool]:
    """Its visit is over, whatever became of the lessons."""
    states = (ExchangeState.visited, *flow.later_than(ExchangePhase.visit))
    stands = func.coalesce(Exchange.held_state, Exchange.state).in_(states)
    return or_(stands, Exchange.visits.any(Visit.attendance_recorded_on.is_not(None)))


def _in_role(roles: Iterable[PartnerRole]) -> ColumnElement[bool]:
    part = select(Partner.organisation_id).join(Exchange).where(Partner.role.in_(tuple(roles)))
    return Organisation.id.in_(part.where(came_to_its_visit()))


_SIDES = {
    Side.gave: lambda: _in_role(GIVES),
    Side.received: lambda: _in_role(RECEIVES),
    Side.both: lambda: _in_role(GIVES) & _in_role(RECEIVES),
    Side.host_to_come: lambda: _in_role(RECEIVES) & ~_in_role(GIVES),
}


def listed(filters: Mapping[str, Any], actor: Person | None) -> Select[Any]:
    """The organisations that gave or received, narrowed by ``filters``."""
    side = filters.get("given_side")
    took_part = _SIDES[Side(side)]() if side else _in_role((*GIVES, *RECEIVES))
    return directory.listed(scoped(Organisation, actor).where(took_part), filters, actor)


def accounts(ids: Iterable[int], actor: Person | None) -> dict[int, Account]:
    """What each of these organisations gave and received; two statements, however many."""
    wanted = list(ids)
    found = {one: Account() for one in wanted}
    first = select(func.min(Visit.starts_on)).where(Visit.exchange_id == Exchange.id)
    known = scoped(Exchange, actor).where(came_to_its_visit()).with_only_columns(Exchange.id)
    query = (
        select(Partner.organisation_id, Partner.role, Exchange, first.scalar_subquery())
        .join(Exchange, Exchange.id == Partner.exchange_id)
        .where(Partner.organisation_id.in_(wanted), Partner.role.in_((*GIVES, *RECEIVES)))
        .where(Exchange.id.in_(known))
        .order_by(Exchange.id)
    )
    for organisation_id, role, exchange, day in db.session.execute(query).unique():
        account = found[organisation_id]
        side = account.received if role in RECEIVES else account.given
        side.append(_entry(exchange, role, day))
    for account in found.values():
        account.given.sort(key=lambda one: (-one.year, one.reference))
        account.received.sort(key=lambda one: (-one.year, one.reference))
    for organisation_id, number in db.session.execute(_offers_used(wanted)):
        found[organisation_id].offers_used = number
    return found


def _entry(exchange: Exchange, role: PartnerRole, day: Any) -> Entry:
    when = day or exchange.starts_on or exchange.state_since
    return Entry(
        exchange.id, exchange.reference, exchange.title, exchange.language, role, when.year
    )


def _offers_used(ids: list[int]) -> Select[int, int]:
    return (
        select(Offer.organisation_id, func.count(func.distinct(Offer.id)))
        .join(Match, Match.offer_id == Offer.id)
        .join(Exchange, Exchange.id == Match.exchange_id)
        .where(Offer.organisation_id.in_(ids), came_to_its_visit())
        .group_by(Offer.organisation_id)
    )


@dataclass(frozen=True)
class HostToCome:
    """An organisation that learned something and has shown nothing yet."""

    organisation: Organisation
    exchange: Exchange


def past_learners(
    themes: Iterable[str], actor: Person | None, *, besides: int | None = None
) -> list[HostToCome]:
    """Who learned about one of ``themes`` and has not given yet, by name; one statement.

    :param besides: the organisation that asks.
    """
    about = Exchange.terms.any((Term.vocabulary == "theme") & Term.code.in_(list(themes)))
    query = _hosts_to_come(actor).where(about, Organisation.id != (besides or 0))
    return _once(query, HOSTS_SHOWN)


def asked_to_show(ids: Any, actor: Person | None) -> list[HostToCome]:
    """What these organisations learned and could show now: they have given nothing, and offer
    nothing on a theme of it; one statement.

    :param ids: ids, or a selection of them.
    """
    same = (
        select(Offer.id)
        .join(offer_terms, offer_terms.c.offer_id == Offer.id)
        .join(exchange_terms, exchange_terms.c.term_id == offer_terms.c.term_id)
        .join(Term, Term.id == offer_terms.c.term_id)
        .where(
            Offer.organisation_id == Organisation.id,
            exchange_terms.c.exchange_id == Exchange.id,
            Term.vocabulary == "theme",
            Offer.state != OfferState.withdrawn,
        )
        .correlate(Organisation, Exchange)
        .exists()
    )
    query = _hosts_to_come(actor).where(Organisation.id.in_(ids), ~same)
    return _once(query, ASKED_AT_ONCE)


def _hosts_to_come(actor: Person | None) -> Select[Organisation, Exchange]:
    known = scoped(Exchange, actor).where(came_to_its_visit()).with_only_columns(Exchange.id)
    return (
        select(Organisation, Exchange)
        .join(Partner, Partner.organisation_id == Organisation.id)
        .join(Exchange, Exchange.id == Partner.exchange_id)
        .where(Partner.role.in_(RECEIVES), Exchange.id.in_(known), ~_in_role(GIVES))
        .order_by(Organisation.folded_name, Organisation.id, Exchange.id.desc())
    )


def _once(query: Select[Organisation, Exchange], most: int) -> list[HostToCome]:
    """Each organisation once, with the last of what it learned."""
    found: dict[int, HostToCome] = {}
    # A city seldom learned more than a few things of one theme.
    for organisation, exchange in db.session.execute(query.limit(most * 5)).unique():
        found.setdefault(organisation.id, HostToCome(organisation, exchange))
    return list(found.values())[:most]
