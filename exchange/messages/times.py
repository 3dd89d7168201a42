"""Hours of the reader's day as instants: over summer time, gaps and unknown zones."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone(name: str) -> ZoneInfo:
    """The time zone called ``name`` (IANA); UTC when there is no such zone."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def instant(day: date, at: time, time_zone: str) -> datetime:
    """When the clocks of ``time_zone`` show ``at`` on ``day``, in UTC.

    An hour that the clocks skip is the same count of minutes after the change; of an hour that
    comes twice it is the first.
    """
    return datetime.combine(day, at, zone(time_zone)).astimezone(UTC)


def local_day(moment: datetime, time_zone: str) -> date:
    """The day that the calendars of ``time_zone`` show at ``moment``."""
    return moment.astimezone(zone(time_zone)).date()


def next_time(at: time, time_zone: str, *, after: datetime) -> datetime:
    """The next instant after ``after`` at which the clocks of ``time_zone`` show ``at``."""
    day = local_day(after, time_zone)
    found = instant(day, at, time_zone)
    return found if found > after else instant(day + timedelta(days=1), at, time_zone)
