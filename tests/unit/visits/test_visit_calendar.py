"""The calendar file: the right instants in spring, in autumn, on 29 February and past midnight."""

from datetime import UTC, date, datetime, time

import pytest
from icalendar import Calendar

from exchange.exchanges.models import Exchange
from exchange.visits.calendar import begins, calendar, ends
from exchange.visits.models import SessionKind, Visit, VisitSession

CHANGED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def _visit(zone="Europe/Madrid", day=date(2026, 3, 28), last=None, **facts):
    visit = Visit(
        id=7,
        title="Buses, and how they run; part 1",
        time_zone=zone,
        starts_on=day,
        place="Town Hall",
        ends_on=last or day,
        updated_at=CHANGED,
        version_id=3,
        online_url="",
        description="",
        **facts,
    )
    visit.exchange = Exchange(title="Exchange", reference="PX-2026-0001")
    return visit


def _session(visit, day, starts, finishes=time(23, 59), **facts):
    return VisitSession(
        id=len(visit.sessions) + 1,
        visit=visit,
        day=day,
        starts_at=starts,
        ends_at=finishes,
        title="A session",
        kind=SessionKind.context,
        updated_at=CHANGED,
        **{"place": "", **facts},
    )


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        # the day before Spain changes its clocks, and the day itself
        ("Europe/Madrid", date(2026, 3, 28), time(9), "2026-03-28T08:00"),
        ("Europe/Madrid", date(2026, 3, 29), time(9), "2026-03-29T07:00"),
        # 02:30 does not exist that night: it is the hour after
        ("Europe/Madrid", date(2026, 3, 29), time(2, 30), "2026-03-29T01:30"),
        # 02:30 comes twice in October: the first one
        ("Europe/Madrid", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
        # 29 February, and an evening that is tomorrow in UTC
        ("America/Bogota", date(2028, 2, 29), time(20), "2028-03-01T01:00"),
        # a morning that is yesterday in UTC
        ("Pacific/Auckland", date(2028, 3, 1), time(8), "2028-02-29T19:00"),
        ("Asia/Kathmandu", date(2026, 6, 1), time(9), "2026-06-01T03:15"),
    ],
)
def test_a_local_time_is_the_right_instant(zone, day, at, utc):
    visit = _visit(zone, day)
    session = _session(visit, day, at)
    assert begins(session).astimezone(UTC).strftime("%Y-%m-%dT%H:%M") == utc
    event = Calendar.from_ical(calendar(visit)).walk("VEVENT")[1]
    assert event.decoded("dtstart").astimezone(UTC).strftime("%Y-%m-%dT%H:%M") == utc
    assert event.decoded("dtend") == ends(session)


def test_the_file_is_one_event_for_the_days_and_one_for_each_session():
    visit = _visit(day=date(2028, 2, 28), last=date(2028, 3, 1))
    _session(visit, date(2028, 2, 28), time(9), time(10))
    _session(visit, date(2028, 2, 29), time(9), time(10), place="Room 2")
    read = Calendar.from_ical(calendar(visit))
    whole, first, second = read.walk("VEVENT")
    assert str(whole["summary"]) == "Buses, and how they run; part 1"
    assert whole.decoded("dtstart") == date(2028, 2, 28)
    assert whole.decoded("dtend") == date(2028, 3, 2)
    assert [str(e["uid"]) for e in (whole, first, second)] == [
        "visit-7@peer-exchange",
        "visit-session-1@peer-exchange",
        "visit-session-2@peer-exchange",
    ]
    assert str(second["location"]) == "Room 2, Town Hall"
    assert whole.decoded("dtstamp") == CHANGED
    assert whole["sequence"] == 2


def test_the_time_zone_travels_in_the_file():
    visit = _visit()
    _session(visit, date(2026, 3, 28), time(9))
    text = calendar(visit).decode()
    assert "BEGIN:VTIMEZONE" in text
    assert "TZID:Europe/Madrid" in text
    assert "DTSTART;TZID=Europe/Madrid:20260328T090000" in text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_the_same_visit_gives_the_same_file():
    assert calendar(_visit()) == calendar(_visit())


def test_a_visit_without_dates_is_an_empty_calendar():
    visit = _visit()
    visit.starts_on = visit.ends_on = None
    assert Calendar.from_ical(calendar(visit)).walk("VEVENT") == []


def test_the_online_meeting_and_the_description_are_in_the_file():
    visit = _visit()
    visit.online_url, visit.description, visit.title = (
        "https://meet.example.org/x",
        "Bring a hat",
        "",
    )
    event = Calendar.from_ical(calendar(visit)).walk("VEVENT")[0]
    assert event["url"] == "https://meet.example.org/x"
    assert str(event["description"]) == "Bring a hat"
    assert str(event["summary"]) == "Exchange"
