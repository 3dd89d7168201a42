"""Reading exchanges: lists, whose turn it is, and since when."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, union_all
from sqlalchemy.orm import joinedload, lazyload, selectinload, undefer, with_expression

from exchange.catalogue.models import Need
from exchange.clock import today
from exchange.directory.models import Organisation, OrganisationKind, Person
from exchange.directory.queries import acts_for_ids, may_bundle_for, section_organisations
from exchange.exchanges import flow
from exchange.exchanges.ageing import aged, is_due_soon, is_open, is_stuck
from exchange.exchanges.models import Exchange, Partner, PartnerRole
from exchange.exchanges.turns import waits_for, whose_turn
from exchange.extensions import db
from exchange.listing import folded
from exchange.policy import scoped
from exchange.predicates import staff
from workflows.engine import Party
from workflows.exchange import EXCHANGE, RULES, ExchangePhase, ExchangeState
from workflows.need import NeedState

__all__ = [
    "bundlers",
    "days_left",
    "in_rows",
    "is_mine",
    "is_overdue",
    "linkable_needs",
    "listed",
    "narrowed",
    "of_section",
    "officers",
    "open_needs_of",
    "path",
    "totals",
    "waits_for",
    "waits_for_actor",
    "whose_turn",
]

SORTS: dict[str, Any] = {
    "due": Exchange.due_on,
    "since": Exchange.state_since,
    "reference": Exchange.reference,
    "title": Exchange.title,
    "kind": Exchange.kind,
    "state": Exchange.state,
}
BUNDLERS = (
    OrganisationKind.association,
    OrganisationKind.international_association,
    OrganisationKind.section,
)
FINAL = tuple(state for state in ExchangeState if RULES[state].final)
_STANDS = func.coalesce(Exchange.held_state, Exchange.state)


def listed(
    query: Select[tuple[Exchange]], filters: Mapping[str, Any], actor: Person | None
) -> Select[tuple[Exchange]]:
    """Narrow ``query`` by ``filters`` and load what a list shows: as many statements for one row
    as for a hundred."""
    return narrowed(query, filters, actor).options(*_shown())


def in_rows(
    query: Select[tuple[Exchange]], filters: Mapping[str, Any], actor: Person | None
) -> Select[tuple[Exchange]]:
    """The same for a list of one line each; ``turns.waited_for`` tells whose turn it is."""
    shown = (
        undefer(Exchange.overridden),
        joinedload(Exchange.proposer),
        joinedload(Exchange.owner).lazyload(Person.affiliations),
        selectinload(Exchange.terms),
    )
    return narrowed(query, filters, actor).options(*shown)


def narrowed(query: Select[Any], filters: Mapping[str, Any], actor: Person | None) -> Select[Any]:
    """Narrow ``query`` by ``filters``, to count."""
    clauses = [clause(filters[name]) for name, clause in _CLAUSES.items() if filters.get(name)]
    for name, of_actor in _OF_ACTOR.items():
        if filters.get(name):
            clauses.append(of_actor(actor))
    return query.where(*clauses)


def page_parts(actor: Person | None) -> list[Any]:
    """What the page of one exchange shows beside it and what is few, in the same statement; and
    whether it waits for ``actor`` (``your_turn``)."""
    partners = selectinload(Exchange.partners)
    note: Any = Exchange.note.property.mapper.class_  # by its relationship: lessons lie above us
    people = (
        joinedload(Exchange.note).joinedload(note.author),
        joinedload(Exchange.note).joinedload(note.reviewer),
        joinedload(Exchange.owner),
        joinedload(Exchange.contact),
        joinedload(Exchange.proposer).joinedload(Organisation.contact),
        partners.joinedload(Partner.contact),
        partners.joinedload(Partner.organisation).joinedload(Organisation.contact),
    )
    return [
        undefer(Exchange.overridden),
        with_expression(Exchange.your_turn, waits_for_actor(actor)),
        *(one.lazyload(Person.affiliations) for one in people),
        joinedload(Exchange.visits),
        joinedload(Exchange.phases),
    ]


def _shown() -> list[Any]:
    # Of a person only the name is shown: without ``lazyload`` their affiliations would follow.
    note: Any = Exchange.note.property.mapper.class_  # by its relationship: lessons lie above us
    people = [joinedload(who).lazyload(Person.affiliations) for who in (note.author, note.reviewer)]
    return [
        undefer(Exchange.overridden),
        joinedload(Exchange.proposer),
        joinedload(Exchange.owner).lazyload(Person.affiliations),
        selectinload(Exchange.terms),
        selectinload(Exchange.partners).joinedload(Partner.contact).lazyload(Person.affiliations),
        joinedload(Exchange.contact).lazyload(Person.affiliations),
        selectinload(Exchange.needs).joinedload(Need.organisation),
        joinedload(Exchange.note).options(*people),
        selectinload(Exchange.follow_ups),
    ]


def _words(text: str) -> ColumnElement[bool]:
    pattern = f"%{text}%"
    named = Organisation.folded_name.like(f"%{folded(text)}%")
    return or_(
        Exchange.title.ilike(pattern),
        Exchange.reference.ilike(pattern),
        Exchange.proposer.has(named),
        Exchange.partners.any(Partner.organisation.has(named)),
    )


def _in_phase(phase: str) -> ColumnElement[bool]:
    return _STANDS.in_([state for state in ExchangeState if RULES[state].phase == phase])


def _of_country(code: str) -> ColumnElement[bool]:
    there = Partner.organisation.has(country_code=code.upper())
    return Exchange.proposer.has(country_code=code.upper()) | Exchange.partners.any(there)


def of_section(code: str) -> ColumnElement[bool]:
    """The proposer or a partner belongs to the section."""
    region = section_organisations(code)
    proposed = select(Exchange.id).where(Exchange.proposer_id.in_(region))
    there = select(Partner.exchange_id).where(Partner.organisation_id.in_(region))
    return Exchange.id.in_(union_all(proposed, there))  # made once, not looked up for each row


def _of_organisation(organisation_id: int) -> ColumnElement[bool]:
    return _takes_part({organisation_id})


def _takes_part(ids: set[int]) -> ColumnElement[bool]:
    if not ids:
        return false()
    return or_(
        Exchange.proposer_id.in_(ids),
        Exchange.partners.any(Partner.organisation_id.in_(ids)),
        Exchange.needs.any(Need.organisation_id.in_(ids)),
    )


def is_overdue() -> ColumnElement[bool]:
    """The day by which it should have moved on has passed."""
    return and_(Exchange.due_on < today(), Exchange.state.not_in(FINAL))


_CLAUSES: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "q": _words,
    "state": lambda value: Exchange.state == value,
    "phase": _in_phase,
    "kind": lambda value: Exchange.kind == value,
    "theme": lambda value: Exchange.terms.any(vocabulary="theme", code=value),
    "country": _of_country,
    "section": of_section,
    "organisation": _of_organisation,
    "owner": lambda value: Exchange.owner_id == value,
    "unowned": lambda _value: Exchange.owner_id.is_(None),
    "open": lambda _value: is_open(),
    "overdue": lambda _value: is_overdue(),
    "stuck": lambda _value: is_stuck(),
    "due_soon": lambda _value: is_due_soon(),
    "age": aged,
    "programme_id": flow.answers_call,
    "left": flow.left,
    "passed": flow.passed,
    "at": flow.at_place,
    "reached_stage": flow.reached,
    "begun_from": flow.begun_from,
    "begun_until": flow.begun_until,
    "language": lambda value: Exchange.terms.any(vocabulary="language", code=value),
    "host": lambda value: flow.between(value, PartnerRole.host),
    "learner": lambda value: flow.between(value, PartnerRole.learner),
}


def is_mine(actor: Person | None) -> ColumnElement[bool]:
    """``actor`` or an organisation of theirs takes part."""
    if actor is None:
        return false()
    ours = _takes_part(acts_for_ids(actor) | actor.organisation_ids())
    return or_(ours, Exchange.owner_id == actor.id, Exchange.contact_id == actor.id)


def waits_for_actor(actor: Person | None) -> ColumnElement[bool]:
    """The exchanges whose turn it is ``actor``'s, by the table of states."""
    if actor is None:
        return false()
    return or_(*(_states_of(*parties) & clause for parties, clause in _turns(actor).items()))


def _states_of(*parties: Party) -> ColumnElement[bool]:
    states = [state for state in ExchangeState if RULES[state].waits_for in parties]
    return Exchange.state.in_(states)


def _turns(actor: Person) -> dict[tuple[Party, ...], ColumnElement[bool]]:
    """What makes it somebody's turn. Every row of a long list is asked each clause: no more of
    them than this person can fulfil."""
    follows = Exchange.owner_id == actor.id
    if staff(actor, None):
        follows = follows | Exchange.owner_id.is_(None)
    turns: dict[tuple[Party, ...], ColumnElement[bool]] = {
        (Party.owner, Party.officer): follows,
        (Party.author,): Exchange.note.has(author_id=actor.id),
        (Party.reviewer,): Exchange.note.has(reviewer_id=actor.id),
    }
    mine = acts_for_ids(actor)
    return {**turns, **_turns_of(mine)} if mine else turns


def _turns_of(mine: set[int]) -> dict[tuple[Party, ...], ColumnElement[bool]]:
    hosts, learners = _as(mine, PartnerRole.host), _as(mine, PartnerRole.learner)
    needs = Exchange.needs.any(Need.organisation_id.in_(mine))
    return {
        (Party.proposer,): Exchange.proposer_id.in_(mine),
        (Party.host,): hosts,
        (Party.learner,): learners,
        (Party.both_cities,): or_(hosts, learners, needs),
    }


def _as(ids: set[int], role: PartnerRole) -> ColumnElement[bool]:
    return Exchange.partners.any(Partner.organisation_id.in_(ids) & (Partner.role == role))


_OF_ACTOR: dict[str, Callable[[Person | None], ColumnElement[bool]]] = {
    "mine": is_mine,
    "waiting": waits_for_actor,
}


def days_left(exchange: Exchange, on: date | None = None) -> int | None:
    """Days until the exchange should have moved on; negative when that day has passed."""
    if exchange.due_on is None or EXCHANGE.is_final(exchange.state):
        return None
    return (exchange.due_on - (on or today())).days


def path() -> dict[ExchangePhase, list[ExchangeState]]:
    """The stages in their order, each with its states; what lies beside the way is left out."""
    way: dict[ExchangePhase, list[ExchangeState]] = {}
    for state in ExchangeState:
        phase = ExchangePhase(RULES[state].phase)
        if phase != ExchangePhase.closed and state != ExchangeState.on_hold:
            way.setdefault(phase, []).append(state)
    return way


def officers() -> list[Person]:
    """Those who may follow an exchange: staff and the officers of sections."""
    query = select(Person).where(Person.staff_role.is_not(None), Person.disabled_at.is_(None))
    query = query.options(lazyload(Person.affiliations))  # only their names are read
    return list(db.session.scalars(query.order_by(Person.name)))


def open_needs_of(actor: Person | None) -> Select[Any]:
    """The open needs that ``actor`` may put into a proposal, to be narrowed."""
    query = scoped(Need, actor).where(Need.state.in_((NeedState.published, NeedState.matched)))
    if not staff(actor, None):
        query = query.where(Need.organisation_id.in_(may_bundle_for(actor)))
    return query.options(joinedload(Need.organisation))


def linkable_needs(actor: Person | None) -> list[Need]:
    """The open needs that ``actor`` may put into a proposal."""
    return list(db.session.scalars(open_needs_of(actor).order_by(Need.title, Need.id)))


def bundlers(actor: Person | None) -> list[Organisation]:
    """The associations and sections for which ``actor`` may bundle needs."""
    query = select(Organisation).where(Organisation.kind.in_(BUNDLERS))
    if not staff(actor, None):
        query = query.where(Organisation.id.in_(acts_for_ids(actor)))
    return list(db.session.scalars(query.order_by(Organisation.folded_name)))


def totals(exchange: Exchange) -> dict[str, Decimal]:
    """The sum of the budget for each currency; sums of different money are never added up."""
    sums: dict[str, Decimal] = {}
    for line in exchange.budget_lines:
        sums[line.currency] = sums.get(line.currency, Decimal(0)) + line.amount
    return dict(sorted(sums.items()))
