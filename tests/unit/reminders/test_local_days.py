"""A reminder is due on the local day of its reader, whatever the clocks do there."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.messages.times import instant, local_day, next_time
from exchange.reminders.plan import SENT_AT

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
DAYS = st.dates(date(2024, 1, 1), date(2036, 12, 31))
# Samoa went over the date line and had no 30 December 2011; nobody does so in these years.
MOMENTS = st.datetimes(*(datetime(year, 1, 1) for year in (2024, 2037)))  # noqa: DTZ001 - in UTC
MOST_AHEAD = timedelta(hours=15)


@given(day=DAYS, zone=st.sampled_from(ZONES))
def test_it_is_sent_on_its_day_by_the_calendar_of_the_reader(day, zone):
    due_at = instant(day, SENT_AT, zone)
    assert local_day(due_at, zone) == day
    assert due_at.astimezone(ZoneInfo(zone)).time() >= SENT_AT


@given(day=DAYS, zone=st.sampled_from(ZONES))
def test_the_next_day_is_later_by_a_day_of_23_to_25_hours(day, zone):
    length = instant(day + timedelta(days=1), SENT_AT, zone) - instant(day, SENT_AT, zone)
    assert timedelta(hours=23) <= length <= timedelta(hours=25)


@given(day=DAYS, zone=st.sampled_from(ZONES), hour=st.times())
def test_no_hour_of_a_day_is_further_from_it_than_the_zones_are_apart(day, zone, hour):
    moment = instant(day, hour, zone)
    midday = datetime.combine(day, time(12), UTC)
    assert abs(moment - midday) <= timedelta(hours=12) + MOST_AHEAD


@given(moment=MOMENTS, zone=st.sampled_from(ZONES))
def test_the_next_morning_is_always_later_and_never_more_than_25_hours_away(moment, zone):
    after = moment.replace(tzinfo=UTC)
    found = next_time(time(7), zone, after=after)
    assert after < found <= after + timedelta(hours=26)


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        # A visit on the last evening of February in a leap year, and in one that is none.
        (date(2028, 2, 29), "America/Bogota", datetime(2028, 2, 29, 13, tzinfo=UTC)),
        (date(2028, 2, 29), "Pacific/Auckland", datetime(2028, 2, 28, 19, tzinfo=UTC)),
        (date(2027, 3, 1), "Europe/Lisbon", datetime(2027, 3, 1, 8, tzinfo=UTC)),
        # A year after 29 February there is none: 365 days later is the 28th.
        (date(2028, 2, 29) + timedelta(days=365), "UTC", datetime(2029, 2, 28, 8, tzinfo=UTC)),
        # Summer time begins and ends; the morning stays the morning.
        (date(2027, 3, 27), "Europe/Paris", datetime(2027, 3, 27, 7, tzinfo=UTC)),
        (date(2027, 3, 28), "Europe/Paris", datetime(2027, 3, 28, 6, tzinfo=UTC)),
        (date(2027, 10, 31), "Europe/Paris", datetime(2027, 10, 31, 7, tzinfo=UTC)),
        # Lord Howe moves by half an hour; Nepal stands at a quarter; Kiribati is a day ahead.
        (date(2027, 10, 3), "Australia/Lord_Howe", datetime(2027, 10, 2, 21, tzinfo=UTC)),
        (date(2027, 1, 5), "Asia/Kathmandu", datetime(2027, 1, 5, 2, 15, tzinfo=UTC)),
        (date(2027, 1, 5), "Pacific/Kiritimati", datetime(2027, 1, 4, 18, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_eight_in_the_morning_where_the_reader_is(day, zone, expected):
    assert instant(day, SENT_AT, zone) == expected
