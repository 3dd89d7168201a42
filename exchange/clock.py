"""What time it is, in one place: tests travel in time by patching the clock, not the code."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today(time_zone: str = "UTC") -> date:
    """The present day in ``time_zone`` (an IANA name; nothing is UTC)."""
    return datetime.now(ZoneInfo(time_zone or "UTC")).date()
