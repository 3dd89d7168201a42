"""References of exchanges: PX-2026-0042, counted within a year, never given twice."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from exchange.exchanges.models import ReferenceCounter
from exchange.extensions import db

_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def next_reference(year: int) -> str:
    """Take the next reference of ``year``.

    One statement counts up and locks the counter until the transaction ends: two proposals at the
    same moment wait for each other, and a rollback gives its number back.
    """
    insert = _INSERTS[db.engine.dialect.name]
    counted = (
        insert(ReferenceCounter)
        .values(year=year, last=1)
        .on_conflict_do_update(
            index_elements=[ReferenceCounter.year], set_={"last": ReferenceCounter.last + 1}
        )
        .returning(ReferenceCounter.last)
    )
    return f"PX-{year}-{db.session.execute(counted).scalar_one():04d}"
