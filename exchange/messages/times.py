"""Hours of the reader's day as instants: over summer time, gaps and unknown zones."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from exchange.messages.house import Quiet

SATURDAY = 5


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


def after_quiet(moment: datetime, quiet: Quiet, time_zone: str) -> datetime:
    """``moment``, or the end of the quiet hours and days that it falls into."""
    for _day in range(4):  # a night, a Saturday, a Sunday, and then it is over
        later = _end_of_quiet(moment, quiet, time_zone)
        if later is None:
            break
        moment = later
    return moment


def _end_of_quiet(moment: datetime, quiet: Quiet, time_zone: str) -> datetime | None:
    local = moment.astimezone(zone(time_zone))
    tomorrow = local.date() + timedelta(days=1)
    if quiet.weekends and local.weekday() >= SATURDAY:
        return instant(tomorrow, quiet.ends_at, time_zone)
    begins, ends, hour = quiet.begins_at, quiet.ends_at, local.time()
    if begins < ends and begins <= hour < ends:
        return instant(local.date(), ends, time_zone)
    if begins > ends and hour >= begins:
        return instant(tomorrow, ends, time_zone)
    if begins > ends and hour < ends:
        return instant(local.date(), ends, time_zone)
    return None


def next_time(at: time, time_zone: str, *, after: datetime) -> datetime:
    """The next instant after ``after`` at which the clocks of ``time_zone`` show ``at``."""
    day = local_day(after, time_zone)
    found = instant(day, at, time_zone)
    return found if found > after else instant(day + timedelta(days=1), at, time_zone)
