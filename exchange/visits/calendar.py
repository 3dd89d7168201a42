"""A visit as an iCalendar file (RFC 5545), for anybody's own calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from exchange.visits.models import Visit, VisitSession

PRODUCT = "-//Peer Exchange//Visits//EN"
DOMAIN = "peer-exchange"


def instant(visit: Visit, day: date, at: time) -> datetime:
    """The local time of the visit as an aware instant.

    An hour that the clock skips in spring counts as the hour after; one that comes twice in autumn
    is the first.
    """
    zone = ZoneInfo(visit.time_zone)
    local = datetime.combine(day, at, tzinfo=zone)
    return local.astimezone(UTC).astimezone(zone)


def begins(session: VisitSession) -> datetime:
    """When a session begins, in the time zone of its visit."""
    return instant(session.visit, session.day, session.starts_at)


def ends(session: VisitSession) -> datetime:
    """When a session ends, in the time zone of its visit."""
    return instant(session.visit, session.day, session.ends_at)


def calendar(visit: Visit) -> bytes:
    """The visit as one all-day event and its sessions as events with times, in its time zone.

    The identifiers stay the same for ever: fetching the file again updates, it never doubles.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _title(visit))
    made.add("x-wr-timezone", visit.time_zone)
    for event in _events(visit):
        made.add_component(event)
    made.add_missing_timezones()
    return made.to_ical()


def _title(visit: Visit) -> str:
    return visit.title or visit.exchange.title


def _events(visit: Visit) -> list[Event]:
    whole = [_whole(visit)] if visit.starts_on else []
    return whole + [_session(visit, session) for session in visit.sessions]


def _whole(visit: Visit) -> Event:
    event = _event(f"visit-{visit.id}", visit, changed=visit.updated_at)
    event.add("summary", _title(visit))
    event.add("dtstart", visit.starts_on)
    last = visit.ends_on or visit.starts_on
    event.add("dtend", last + timedelta(days=1))  # type: ignore[operator]  # the day after, RFC 5545
    event.add("transp", "TRANSPARENT")  # the sessions take time, the days as such do not
    if visit.description:
        event.add("description", visit.description)
    return event


def _session(visit: Visit, session: VisitSession) -> Event:
    changed = max(visit.updated_at, session.updated_at)
    event = _event(f"visit-session-{session.id}", visit, changed=changed, place=session.place)
    event.add("summary", session.title)
    event.add("dtstart", begins(session))
    event.add("dtend", ends(session))
    return event


def _event(name: str, visit: Visit, *, changed: datetime, place: str = "") -> Event:
    event = Event()
    event.add("uid", f"{name}@{DOMAIN}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", visit.version_id - 1)
    where = ", ".join(part for part in (place, visit.place) if part)
    if where:
        event.add("location", where)
    if visit.online_url:
        event.add("url", visit.online_url)
    return event
