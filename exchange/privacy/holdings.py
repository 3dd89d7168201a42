"""What personal data is held and why, read from the notes at the columns."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, Table

from exchange.extensions import Base
from exchange.personal import Datum, Personal, Purpose, annotation


@dataclass(frozen=True)
class Holding:
    """One purpose: what kinds of data it needs, and where they are."""

    purpose: Purpose
    data: tuple[Datum, ...]
    tables: tuple[str, ...]
    columns: tuple[str, ...]


def annotated() -> Iterator[tuple[Table, Column[object], Personal]]:
    """Every column that tells something of a person, by table."""
    for table in sorted(Base.metadata.tables.values(), key=lambda table: table.name):
        for column in table.columns:
            said = annotation(column)
            if said is not None:
                yield table, column, said


def holdings() -> list[Holding]:
    """All of it by purpose, in the order of ``Purpose``."""
    known = list(annotated())
    found = []
    for purpose in Purpose:
        of_it = [(table, column, said) for table, column, said in known if said.purpose == purpose]
        data = {said.datum for _table, _column, said in of_it}
        found.append(
            Holding(
                purpose,
                tuple(datum for datum in Datum if datum in data),
                tuple(dict.fromkeys(table.name for table, _column, _said in of_it)),
                tuple(f"{table.name}.{column.name}" for table, column, _said in of_it),
            )
        )
    return found
