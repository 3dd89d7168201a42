"""Two who write at once: what a database says of it, as a word of ours."""

from typing import Any

from sqlalchemy.exc import DBAPIError

# SQLSTATE of PostgreSQL: serialization failure, deadlock. One of the two was rolled back.
OVERTAKEN = frozenset({"40001", "40P01"})
# The lock did not come in time (PostgreSQL); SQLite says it in words and by these names.
LOCK_NOT_AVAILABLE = frozenset({"55P03"})
SQLITE_LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED")
# After so many seconds a writer that held the database is usually done.
RETRY_AFTER = 2


def contention(error: DBAPIError) -> str | None:
    """``overtaken``: another was faster, try again; ``busy``: the database is occupied.

    None for every other trouble of a database: that is a fault of ours.
    """
    driver: Any = error.orig
    state = getattr(driver, "sqlstate", None)
    if state in OVERTAKEN:
        return "overtaken"
    name = getattr(driver, "sqlite_errorname", "")
    locked = name.startswith(SQLITE_LOCKED) or "database is locked" in str(driver)
    return "busy" if state in LOCK_NOT_AVAILABLE or locked else None
