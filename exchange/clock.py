"""What time it is, in one place: tests travel in time by patching the clock, not the code."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

# Hours of the local night, from and to: nobody waits for the database then.
NIGHT_FROM, NIGHT_TO = 2, 5


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today(time_zone: str = "UTC") -> date:
    """The present day in ``time_zone`` (an IANA name; nothing is UTC)."""
    return datetime.now(ZoneInfo(time_zone or "UTC")).date()


def night_of(at: datetime, time_zone: str) -> datetime | None:
    """When the local night began that ``at`` lies in; None at any other hour.

    :param time_zone: whose night it is (an IANA name).
    """
    local = at.astimezone(ZoneInfo(time_zone))
    if not NIGHT_FROM <= local.hour < NIGHT_TO:
        return None
    return local.replace(hour=NIGHT_FROM, minute=0, second=0, microsecond=0)
