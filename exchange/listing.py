"""Pages of a list: how every face cuts, sorts and counts."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, cast, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from exchange.errors import Invalid
from exchange.extensions import db

DEFAULT_SIZE, MAX_SIZE = 25, 100
# ``info`` of a column: without a value a row ranks after all others, and first when turned round.
NONE_IS_LATEST = {"none": "latest"}
Sorts = Mapping[str, InstrumentedAttribute[Any]]


def folded(text: str) -> str:
    """Lower case without accents: what searches compare ("São" finds "sao")."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().strip()


@dataclass(frozen=True)
class Page:
    """One page of rows, and where it lies in the whole list."""

    items: list[Any]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))


def page_of(query: Select[Any], filters: Mapping[str, Any], sorts: Sorts) -> Page:
    """Cut one page out of ``query``; one statement and what its loader options add.

    ``filters`` may hold ``page`` (from 1), ``size`` (up to 100) and ``sort``: a name of ``sorts``,
    with ``-`` in front for the reverse. Rows of equal rank keep the order of their ids.

    :raises Invalid: ``sort`` is no name of ``sorts``.
    """
    number, size = filters.get("page") or 1, min(filters.get("size") or DEFAULT_SIZE, MAX_SIZE)
    counted = select(func.count()).select_from(query.order_by(None).subquery()).scalar_subquery()
    cut = sorted_by(query, filters.get("sort"), sorts).limit(size).offset((number - 1) * size)
    rows = db.session.execute(cut.add_columns(counted)).unique().all()
    if rows or number == 1:
        return Page([row[0] for row in rows], number, size, rows[0][-1] if rows else 0)
    return Page([], number, size, db.session.scalar(select(counted)) or 0)  # beyond the last one


def sorted_by(query: Select[Any], sort: str | None, sorts: Sorts) -> Select[Any]:
    """Order ``query`` by ``sort``, or by the first of ``sorts``."""
    name = (sort or next(iter(sorts))).removeprefix("-")
    if name not in sorts:
        raise Invalid("sort", "unknown_sort", known=", ".join(sorts))
    column = sorts[name]
    model = column.class_
    turned = (sort or "").startswith("-")
    order = column.desc() if turned else column.asc()
    stored = column.property.columns[0]
    if getattr(stored, "nullable", False):  # SQLite and PostgreSQL disagree by themselves
        first = turned and stored.info.items() >= NONE_IS_LATEST.items()
        order = order.nulls_first() if first else order.nulls_last()
    return query.order_by(order, model.id)


Counts = dict[str, dict[str, int]]
Narrow = Callable[[Mapping[str, Any]], Select[Any]]


def facets(
    narrow: Narrow, filters: Mapping[str, Any], columns: Mapping[str, Any], flags: Iterable[str]
) -> Counts:
    """For each filter: its options with the number of rows, while all other filters hold.

    ``narrow`` is the list under some filters. ``columns`` holds, by the name of a filter, the
    column of its options; ``flags`` are the filters that are only there or not.
    """

    def rows(name: str, column: Any, **more: Any) -> Select[Any]:
        rest = {key: value for key, value in filters.items() if key != name}
        return narrow({**rest, **more}).with_only_columns(column, maintain_column_froms=True)

    keys = {name: rows(name, column.label("key")) for name, column in columns.items()}
    yes = literal("yes").label("key")
    return counts_of({**keys, **{name: rows(name, yes, **{name: True}) for name in flags}})


def counts_of(keys: Mapping[str, Select[Any]]) -> Counts:
    """How many rows there are behind each option of each filter; one statement for all.

    ``keys`` holds, by the name of the filter, a selection of the option of each row; where rows are
    counted already, also of how many they are.
    """
    parts = []
    for name, selected in keys.items():
        rows = selected.order_by(None).subquery()
        key, *numbers = rows.c
        number = func.sum(numbers[0]) if numbers else func.count()
        counted = select(literal(name), cast(key, String), number)
        parts.append(counted.where(key.is_not(None)).group_by(key))
    found: Counts = {name: {} for name in keys}
    for name, option, number in db.session.execute(union_all(*parts)):
        found[name][option] = int(number)
    return found
