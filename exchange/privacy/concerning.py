"""Which rows concern a person: by number, by address, or through a row that does."""

from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select

from exchange.directory.models import Person
from exchange.extensions import Base
from exchange.personal import Datum, annotation

# Rows that stand for a person who needs no account.
STANDS_FOR = ("participant", "forum_guest")


def rows_of(table: Table, person: Person) -> ColumnElement[bool] | None:
    """The rows of ``table`` that are about ``person``; None when none can be.

    Where rows are somebody's by their address, whoever merely dealt with one is not concerned: it
    would show them the data of others.
    """
    if table.name == "person":
        return table.c.id == person.id
    by_address = [table.c[name] == person.email for name in _addresses(table)]
    if by_address:
        own = [table.c.person_id == person.id] if "person_id" in table.c else []
        return or_(*by_address, *own)
    clauses = [table.c[name] == person.id for name in people_in(table)]
    return or_(*clauses, *_through(table, person)) if clauses or _ways(table) else None


def people_in(table: Table) -> list[str]:
    """The columns of ``table`` that name a person by number."""
    return [c.name for c in table.columns for key in c.foreign_keys if _aims(key) == "person"]


def _addresses(table: Table) -> list[str]:
    found = []
    for column in table.columns:
        said = annotation(column)
        if said is not None and said.datum == Datum.address:
            found.append(column.name)
    return found


def _ways(table: Table) -> list[tuple[str, str]]:
    keys = [(column.name, key) for column in table.columns for key in column.foreign_keys]
    return [(name, _aims(key)) for name, key in keys if _aims(key) in STANDS_FOR]


def _through(table: Table, person: Person) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    for name, aim in _ways(table):
        target = Base.metadata.tables[aim]
        theirs = rows_of(target, person)
        if theirs is not None:
            clauses.append(table.c[name].in_(select(target.c.id).where(theirs)))
    return clauses


def _aims(key: Any) -> str:
    return str(key.column.table.name)
