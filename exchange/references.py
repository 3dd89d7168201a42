"""What points at a row, and what may be pointed at.

Before a row is deleted, somebody asks whether it is used; before one is named, whether whoever
names it may know of it.
"""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Select, func, select

from exchange.errors import Invalid
from exchange.extensions import Base, db

# The rows of a model that somebody may know of; ``select`` gives them all.
Known = Callable[[Any], Select[Any]]


def known_row(known: Known, model: Any, row_id: Any) -> Any:
    """The row of ``model`` with this number. None when there is none, or none that is known: what
    must not be found must not be told apart from what is not there."""
    return db.session.scalars(known(model).where(model.id == row_id)).unique().first()


def named_row(known: Known, model: Any, row_id: Any, field: str) -> Any:
    """The row of ``model`` that a field names; None when it is empty.

    :raises Invalid: ``bad_value``, there is none, or none that is known.
    """
    if not row_id:
        return None
    if (row := known_row(known, model, row_id)) is None:
        raise Invalid(field, "bad_value")
    return row


def references(row: Any, *, ignoring: Collection[str] = ()) -> dict[str, int]:
    """How many rows of each table point at ``row``, in one statement; tables without any are left
    out.

    :param ignoring: columns, as ``table.column``, whose rows disappear together with ``row``.
    """
    target = row.__table__.c.id
    counts = {}
    for table in Base.metadata.sorted_tables:
        columns = [
            key.parent
            for key in table.foreign_keys
            if key.column is target and f"{table.name}.{key.parent.name}" not in ignoring
        ]
        for column in columns:
            count = select(func.count()).select_from(table).where(column == row.id)
            counts[f"{table.name}.{column.name}"] = count.scalar_subquery()
    return tally([(name.partition(".")[0], count) for name, count in counts.items()])


def tally(counts: list[tuple[str, Any]]) -> dict[str, int]:
    """Run the counts of several tables in one statement and add them up by table."""
    if not counts:
        return {}
    found = db.session.execute(select(*(count for _table, count in counts))).one()
    total: dict[str, int] = {}
    for (table, _count), number in zip(counts, found, strict=True):
        if number:
            total[table] = total.get(table, 0) + number
    return total
