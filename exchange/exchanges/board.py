"""The board: exchanges in columns by stage, officer or region, what is due first on top.

One statement counts the columns and picks the cards; what the cards show is loaded with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import Select, String, case, cast, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from exchange.catalogue.models import Need
from exchange.directory.models import Organisation, Person
from exchange.exchanges.ageing import is_open
from exchange.exchanges.facets import phase
from exchange.exchanges.models import Exchange, Partner
from exchange.exchanges.queries import is_overdue, narrowed
from exchange.extensions import db
from exchange.vocabularies.models import Term

CARDS = 20


class Grouping(StrEnum):
    """What a column of the board stands for."""

    phase = auto()
    owner = auto()
    region = auto()


@dataclass
class Column:
    """How many exchanges a column holds, how many of them are overdue, and its first cards."""

    key: str
    total: int = 0
    overdue: int = 0
    cards: list[Exchange] = field(default_factory=list)


def columns(
    query: Select[tuple[Exchange]],
    filters: Mapping[str, Any],
    actor: Person | None,
    grouping: Grouping = Grouping.phase,
) -> dict[str, Column]:
    """The columns that hold something, by their key: a stage, the id of an officer ("" for nobody)
    or the code of a section. An exchange between two regions is in the column of each."""
    found: dict[str, Column] = {}
    placed = _placed(query, filters, actor, grouping)
    cards = _cards({row.id for row in placed})
    for row in placed:
        column = found.setdefault(row.key, Column(row.key, row.total, row.late))
        column.cards.append(cards[row.id])
    return found


def _placed(
    query: Select[Any], filters: Mapping[str, Any], actor: Person | None, grouping: Grouping
) -> list[Any]:
    """Column, totals and id of each card that is shown, in the order of the cards."""
    rows = narrowed(query.where(is_open()), filters, actor)
    due = func.coalesce(Exchange.due_on, date.max)
    late = case((is_overdue(), 1), else_=0)
    rows = rows.with_only_columns(Exchange.id, due.label("due"), late.label("late"))
    keyed = _KEYS[grouping](rows).subquery()
    column = {"partition_by": keyed.c.key}
    nth = func.row_number().over(order_by=(keyed.c.due, keyed.c.id), **column)
    ranked = select(
        keyed.c.key,
        keyed.c.id,
        keyed.c.due,
        nth.label("nth"),
        func.count().over(**column).label("total"),
        func.sum(keyed.c.late).over(**column).label("late"),
    ).subquery()
    shown = select(ranked).where(ranked.c.nth <= CARDS)
    return list(db.session.execute(shown.order_by(ranked.c.due, ranked.c.id)))


def _by_phase(rows: Select[Any]) -> Select[Any]:
    return rows.add_columns(phase().label("key"))


def _by_owner(rows: Select[Any]) -> Select[Any]:
    return rows.add_columns(func.coalesce(cast(Exchange.owner_id, String), "").label("key"))


def _by_region(rows: Select[Any]) -> Select[Any]:
    there = aliased(Organisation)
    partners = select(Partner.organisation_id).where(Partner.exchange_id == Exchange.id)
    takes_part = or_(there.id == Exchange.proposer_id, there.id.in_(partners))
    joined = (
        rows.select_from(Exchange)
        .join(there, takes_part)
        .join(there.terms)
        .where(Term.vocabulary == "section")
    )
    return joined.add_columns(Term.code.label("key")).distinct()


_KEYS: dict[Grouping, Any] = {
    Grouping.phase: _by_phase,
    Grouping.owner: _by_owner,
    Grouping.region: _by_region,
}


def _cards(ids: set[int]) -> dict[int, Exchange]:
    """The exchanges with what a card shows: the names of whose turn it is, and of the officer."""
    note: Any = Exchange.note.property.mapper.class_  # by its relationship: lessons lie above us
    people = [joinedload(who).lazyload(Person.affiliations) for who in (note.author, note.reviewer)]
    shown = (
        joinedload(Exchange.proposer),
        joinedload(Exchange.owner).lazyload(Person.affiliations),
        joinedload(Exchange.note).options(*people),
        selectinload(Exchange.partners),
        selectinload(Exchange.needs).joinedload(Need.organisation),
        selectinload(Exchange.follow_ups),
    )
    query = select(Exchange).where(Exchange.id.in_(ids)).options(*shown)
    return {row.id: row for row in db.session.scalars(query)} if ids else {}
