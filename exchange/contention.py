"""Two who write at once, and a database that cannot: what it says of it, as a word of ours."""

from typing import Any

from sqlalchemy.exc import DBAPIError, PendingRollbackError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# SQLSTATE of PostgreSQL: serialization failure, deadlock. One of the two was rolled back.
OVERTAKEN = frozenset({"40001", "40P01"})
# What a row refers to is gone by now, or never was: a list that somebody had open said otherwise.
GONE, SQLITE_GONE = frozenset({"23503"}), "SQLITE_CONSTRAINT_FOREIGNKEY"
# The lock did not come in time (PostgreSQL); SQLite says it in words and by these names.
LOCK_NOT_AVAILABLE = frozenset({"55P03"})
SQLITE_LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED")
# No connection is free, on either side.
TOO_MANY = frozenset({"53300"})
# The connection broke, or the server stops, starts or was told to end us.
AWAY = ("08", "57P")
# What SQLAlchemy calls a connection that broke in a transaction which somebody went on with.
BROKEN = "8s2b"
FULL = frozenset({"53100"})
SQLITE_FULL = ("SQLITE_FULL", "SQLITE_IOERR")
# After so many seconds: a writer is usually done, a server is back, somebody has made room.
RETRY_AFTER = {"busy": 2, "away": 10, "full": 60}


def contention(error: SQLAlchemyError) -> str | None:
    """``overtaken``: another was faster, look again; ``busy``: the database is occupied; ``away``:
    it does not answer; ``full``: it has no room left to write.

    None for every other trouble of a database: that is a fault of ours.
    """
    if isinstance(error, PoolTimeout):
        return "busy"
    if isinstance(error, PendingRollbackError) and error.code == BROKEN:
        return "away"
    if not isinstance(error, DBAPIError):
        return None
    driver: Any = error.orig
    return _of_server(error, driver) or _of_file(driver)


def _of_server(error: DBAPIError, driver: Any) -> str | None:
    state = getattr(driver, "sqlstate", None) or ""
    if state in OVERTAKEN | GONE:
        return "overtaken"
    if state in LOCK_NOT_AVAILABLE | TOO_MANY:
        return "busy"
    if state in FULL:
        return "full"
    # A server that cannot be reached sends no SQLSTATE; nor does a connection that broke.
    unreachable = not state and type(driver).__module__.startswith("psycopg")
    lost = error.connection_invalidated or (unreachable and _is_operational(driver))
    return "away" if lost or state.startswith(AWAY) else None


def _is_operational(driver: Any) -> bool:
    return any(kind.__name__ == "OperationalError" for kind in type(driver).__mro__)


def _of_file(driver: Any) -> str | None:
    name = getattr(driver, "sqlite_errorname", "")
    if name == SQLITE_GONE:
        return "overtaken"
    if name.startswith(SQLITE_LOCKED) or "database is locked" in str(driver):
        return "busy"
    if name.startswith(SQLITE_FULL):
        return "full"
    return "away" if name.startswith("SQLITE_CANTOPEN") else None
