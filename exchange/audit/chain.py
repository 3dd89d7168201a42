"""Chaining what was committed, in one order. The caller commits."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select, text

from exchange.audit import sealing
from exchange.audit.models import AuditEntry, AuditLink
from exchange.extensions import db

# No transaction lasts so long: whatever was written before is seen by now.
LONGEST_TRANSACTION = timedelta(hours=1)
AT_ONCE = 500
GENESIS = "0" * 64
# One number for the one lock of the chain (PostgreSQL); any number, but always the same.
LOCK = 7_041_956
ENTRIES, LINKS = AuditEntry.__table__, AuditLink.__table__


def extend(*, now: datetime, whole: bool = False) -> int:
    """Chain the entries that wait, the oldest first; returns how many (0: another does it).

    :param whole: look at all entries, not only at those of late: once a night.
    """
    if not _alone():
        return 0
    floor = 0 if whole else _floor(now)
    waiting = select(ENTRIES).where(
        ENTRIES.c.id > floor, ~select(LINKS).where(LINKS.c.entry_id == ENTRIES.c.id).exists()
    )
    rows = db.session.execute(waiting.order_by(ENTRIES.c.id).limit(AT_ONCE)).mappings().all()
    position, before = last_link()
    links = []
    for row in rows:
        position += 1
        before = sealing.link(before, position, row["id"], row)
        links.append(
            {"position": position, "entry_id": row["id"], "hash": before, "chained_at": now}
        )
    if links:
        db.session.connection().execute(insert(LINKS), links)  # type: ignore[arg-type] # the mapper says FromClause
    return len(links)


def last_link() -> tuple[int, str]:
    """Position and hash of the end of the chain: an anchor, to be kept where nobody can change it
    who can change the database."""
    query = select(LINKS.c.position, LINKS.c.hash).order_by(LINKS.c.position.desc()).limit(1)
    found = db.session.execute(query).first()
    return (found.position, found.hash) if found else (0, GENESIS)


def _alone() -> bool:
    """Whether nobody else chains now. On SQLite a transaction that writes is alone anyway."""
    if db.engine.dialect.name != "postgresql":
        return True
    lock = select(text("pg_try_advisory_xact_lock(:number)").bindparams(number=LOCK))
    return bool(db.session.scalar(lock))


def _floor(now: datetime) -> int:
    """The number of an entry before which everything is chained."""
    long_ago = LINKS.c.chained_at < now - LONGEST_TRANSACTION
    query = select(LINKS.c.entry_id).where(long_ago).order_by(LINKS.c.position.desc()).limit(1)
    # Numbers are given at the first write and chained at the commit: some room for what overlaps.
    return max((db.session.scalar(query) or 0) - AT_ONCE, 0)
