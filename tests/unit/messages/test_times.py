"""Hours of the reader's day: over summer time, gaps, hours that come twice, leap days."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from exchange.messages.house import Quiet
from exchange.messages.times import after_quiet, instant, local_day, next_time


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        (date(2026, 1, 5), time(8), "Europe/Madrid", datetime(2026, 1, 5, 7, tzinfo=UTC)),
        (date(2026, 7, 5), time(8), "Europe/Madrid", datetime(2026, 7, 5, 6, tzinfo=UTC)),
        # The clocks jump from two to three: half past two is half past three.
        (date(2026, 3, 29), time(2, 30), "Europe/Madrid", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        # Two comes twice: the first one counts.
        (date(2026, 10, 25), time(2), "Europe/Madrid", datetime(2026, 10, 25, 0, tzinfo=UTC)),
        (date(2028, 2, 29), time(8), "Asia/Kolkata", datetime(2028, 2, 29, 2, 30, tzinfo=UTC)),
        (date(2026, 1, 5), time(8), "", datetime(2026, 1, 5, 8, tzinfo=UTC)),
        (date(2026, 1, 5), time(8), "../etc/passwd", datetime(2026, 1, 5, 8, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_an_hour_of_a_day_as_an_instant(day, at, zone, expected):
    assert instant(day, at, zone) == expected


def test_the_day_depends_on_where_one_reads():
    late = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    assert local_day(late, "Asia/Tokyo") == date(2026, 3, 1)
    assert local_day(late, "America/Lima") == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("hour", "expected_day"), [(5, date(2026, 3, 2)), (7, date(2026, 3, 3)), (9, date(2026, 3, 3))]
)
def test_the_next_seven_o_clock_is_today_only_before_seven(hour, expected_day):
    after = datetime(2026, 3, 2, hour, tzinfo=UTC)
    assert next_time(time(7), "UTC", after=after) == datetime.combine(expected_day, time(7), UTC)


@pytest.mark.parametrize(
    ("story", "local", "ends"),
    [
        ("by day at once", (2, 12), (2, 12)),
        ("in the evening tomorrow", (2, 21), (3, 8)),
        ("at dawn this morning", (3, 5), (3, 8)),
        ("on Friday night on Monday", (6, 20), (9, 8)),
        ("on Sunday on Monday", (8, 12), (9, 8)),
    ],
)
def test_what_can_wait_waits_for_the_end_of_the_quiet_hours(story, local, ends):
    maputo = ZoneInfo("Africa/Maputo")
    quiet = Quiet(time(20), time(8), weekends=True)
    begin, end = (datetime(2026, 3, *one, tzinfo=maputo) for one in (local, ends))
    assert after_quiet(begin, quiet, "Africa/Maputo") == end, story


def test_the_same_hour_twice_is_never_quiet():
    moment = datetime(2026, 3, 7, 3, 0, tzinfo=UTC)
    assert after_quiet(moment, Quiet(), "UTC") == moment
