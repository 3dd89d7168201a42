"""All that is held of a person, for that person to take away. One statement a table."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, Table, select

from exchange.audit.values import plain
from exchange.directory.models import Person
from exchange.extensions import Base, db
from exchange.personal import Datum, annotation
from exchange.privacy.concerning import rows_of
from exchange.privacy.seen_by import seen_by

# More traces than that say nothing more.
MOST_TRACES = 10_000


def data_of(person: Person, *, now: datetime) -> dict[str, Any]:
    """Every row that concerns ``person``, by table; secrets and pictures are left out."""
    return whole(person, rows_in(Base.metadata.sorted_tables, person), now=now)


def rows_in(tables: Iterable[Table], person: Person) -> dict[str, list[dict[str, Any]]]:
    """The rows of some tables that concern ``person``, by table."""
    return {table.name: rows for table in tables if (rows := _rows(table, person))}


def whole(person: Person, rows: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """All rows, and who saw them."""
    return {
        "made_at": now.isoformat(),
        "tables": dict(sorted(rows.items())),
        "seen_by_others": _looks(person),
    }


def _rows(table: Table, person: Person) -> list[dict[str, Any]]:
    theirs = rows_of(table, person)
    if theirs is None:
        return []
    columns = [column for column in table.columns if _is_shown(column)]
    query = select(*columns).where(theirs).order_by(*table.primary_key.columns)
    return [
        {name: _whole(value) for name, value in row.items()}
        for row in db.session.execute(query).mappings()
    ]


def _is_shown(column: Any) -> bool:
    said = annotation(column)
    secret = said is not None and said.datum == Datum.secret
    return not secret and not isinstance(column.type, LargeBinary)


def _whole(value: Any) -> Any:
    """Texts in full: the trail shortens them, their owner gets them as they are."""
    return value if isinstance(value, str | dict | list) else plain(value)


def _looks(person: Person) -> list[dict[str, Any]]:
    """The oldest first, without the numbers of other people's records."""
    found = reversed(seen_by(person, limit=MOST_TRACES))
    return [{name: plain(value) for name, value in asdict(one).items()} for one in found]
