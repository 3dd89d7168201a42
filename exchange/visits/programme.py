"""Planning a visit: its days, its sessions, what is to be settled before it. The caller commits."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from exchange import events, steps
from exchange.clock import today
from exchange.directory.models import Person
from exchange.errors import Invalid
from exchange.exchanges.actions import reset_due
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.visits import queries
from exchange.visits.models import ChecklistItem, Visit, VisitSession
from exchange.vocabularies.queries import terms_of


def plan_visit(exchange: Exchange, data: Mapping[str, Any], *, actor: Person | None) -> Visit:
    """Plan the next visit of an exchange, with the usual checklist.

    :raises Invalid: ``visit_not_now``, the exchange is not in preparation or earlier;
        ``visit_before``, the visit before this one has not been held; ``window``.
    """
    steps.lock(exchange)
    _check_plannable(exchange)
    facts = {name: value for name, value in data.items() if value is not None}
    facts.setdefault("time_zone", queries.time_zone_of(exchange))
    visit = Visit(number=len(exchange.visits) + 1)
    exchange.visits.append(visit)
    _fill(visit, facts)
    for term in terms_of("checklist_item"):
        visit.checklist.append(ChecklistItem(term=term, who=term.facts.get("who", "host")))
    _set_due_days(visit)
    db.session.flush()
    _tell("visit.planned", visit, actor)
    return visit


def _tell(name: str, visit: Visit, actor: Person | None) -> None:
    events.publish(name, id=visit.id, actor_id=actor.id if actor else None)


def _check_plannable(exchange: Exchange) -> None:
    if exchange.state not in queries.PLANNABLE:
        raise Invalid("exchange_id", "visit_not_now")
    last = exchange.current_visit
    if last is not None and last.attendance_recorded_on is None:
        raise Invalid("exchange_id", "visit_before", number=last.number)


def edit_visit(visit: Visit, data: Mapping[str, Any], *, actor: Person | None) -> Visit:
    """Change a visit. Open points of the checklist follow its first day.

    The programme stays on its days while these lie inside the new dates; otherwise it moves with
    the first day.

    :raises Invalid: ``window``, ``dates_needed`` once the visit is confirmed, or
        ``sessions_outside`` when the programme does not fit the new dates.
    """
    was = visit.starts_on
    _fill(visit, data)
    settled = visit.attendance_recorded_on or visit.exchange.state not in queries.PLANNABLE
    if settled and not (visit.starts_on and visit.ends_on):
        raise Invalid("starts_on", "dates_needed")
    _move_sessions(visit, was)
    _set_due_days(visit)
    reset_due(visit.exchange)
    db.session.flush()
    _tell("visit.changed", visit, actor)
    return visit


def _fill(visit: Visit, data: Mapping[str, Any]) -> None:
    for name, value in data.items():
        setattr(visit, name, value)
    if visit.starts_on and visit.ends_on and visit.ends_on < visit.starts_on:
        raise Invalid("ends_on", "window")


def _inside(visit: Visit, day: date) -> bool:
    after_start = visit.starts_on is None or visit.starts_on <= day
    return after_start and (visit.ends_on is None or day <= visit.ends_on)


def _move_sessions(visit: Visit, was: date | None) -> None:
    if all(_inside(visit, session.day) for session in visit.sessions):
        return
    shift = visit.starts_on - was if visit.starts_on and was else timedelta(0)
    for session in visit.sessions:
        session.day += shift
    if not all(_inside(visit, session.day) for session in visit.sessions):
        raise Invalid("ends_on", "sessions_outside")


def _set_due_days(visit: Visit) -> None:
    """Open points are due so many days before the visit as their term says."""
    for item in visit.checklist:
        if item.term is not None and item.done_on is None:
            before = timedelta(days=int(item.term.facts.get("days_before", 0)))
            item.due_on = visit.starts_on - before if visit.starts_on else None


def add_session(visit: Visit, data: Mapping[str, Any], *, actor: Person | None) -> VisitSession:
    """Add a session to the programme.

    :raises Invalid: ``times``, it ends before it begins; ``outside``, its day is not one of the
        visit's.
    """
    session = VisitSession(visit=visit)
    with db.session.no_autoflush:
        db.session.add(session)
        _fill_session(session, data)
    db.session.flush()
    db.session.expire(visit, ["sessions"])
    _tell("visit.changed", visit, actor)
    return session


def edit_session(
    session: VisitSession, data: Mapping[str, Any], *, actor: Person | None
) -> VisitSession:
    """Change a session.

    :raises Invalid: as ``add_session``.
    """
    with db.session.no_autoflush:
        _fill_session(session, data)
    db.session.flush()
    db.session.expire(session.visit, ["sessions"])
    _tell("visit.changed", session.visit, actor)
    return session


def _fill_session(session: VisitSession, data: Mapping[str, Any]) -> None:
    for name, value in data.items():
        setattr(session, name, value)
    if session.ends_at <= session.starts_at:
        raise Invalid("ends_at", "times")
    if not _inside(session.visit, session.day):
        raise Invalid("day", "outside")


def remove_session(session: VisitSession, *, actor: Person | None) -> None:
    """Take a session out of the programme."""
    visit = session.visit
    visit.sessions.remove(session)
    db.session.flush()
    _tell("visit.changed", visit, actor)


def add_item(visit: Visit, data: Mapping[str, Any], *, actor: Person | None) -> ChecklistItem:
    """Add a point of one's own to the checklist."""
    item = ChecklistItem(visit=visit, **data)
    db.session.add(item)
    db.session.flush()
    _tell("visit.checklist_changed", visit, actor)
    return item


def tick(item: ChecklistItem, *, actor: Person | None) -> ChecklistItem:
    """Mark a point of the checklist as done; a second tick changes nothing."""
    if item.done_on is None:
        item.done_on, item.done_by = today(item.visit.time_zone), actor
        _tell("visit.checklist_changed", item.visit, actor)
    return item


def untick(item: ChecklistItem, *, actor: Person | None) -> ChecklistItem:
    """Open a point of the checklist again; its day follows the visit again."""
    item.done_on = item.done_by = None
    _set_due_days(item.visit)
    _tell("visit.checklist_changed", item.visit, actor)
    return item


def remove_item(item: ChecklistItem, *, actor: Person | None) -> None:
    """Take a point off the checklist: it does not concern this visit."""
    visit = item.visit
    visit.checklist.remove(item)
    db.session.flush()
    _tell("visit.checklist_changed", visit, actor)
