"""What happens to visits: planned, filled with a programme and people, held, evaluated.

The caller commits. Moves of the exchange that a visit makes possible go through
``exchanges.actions.try_advance``: a visit has facts, not states. Planning and people fill files of
their own and are offered here under the usual name.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from exchange import events
from exchange.clock import now, today
from exchange.directory.models import Person
from exchange.errors import Invalid
from exchange.exchanges import actions as exchanges
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.visits.calendar import calendar
from exchange.visits.delegation import (
    advance_participant,
    answer_by_link,
    edit_participant,
    erase_participant,
    make_participant_link,
    nominate,
    save_preparation,
)
from exchange.visits.evaluation import submit_evaluation
from exchange.visits.models import Visit
from exchange.visits.programme import (
    add_item,
    add_session,
    edit_session,
    edit_visit,
    plan_visit,
    remove_item,
    remove_session,
    tick,
    untick,
)
from workflows.exchange import ExchangeState
from workflows.participant import ParticipantState

__all__ = [
    "add_item",
    "add_session",
    "advance_participant",
    "answer_by_link",
    "begin_due",
    "calendar",
    "edit_participant",
    "edit_session",
    "edit_visit",
    "erase_participant",
    "make_participant_link",
    "nominate",
    "open_evaluation",
    "plan_visit",
    "record_attendance",
    "remove_item",
    "remove_session",
    "save_preparation",
    "submit_evaluation",
    "tick",
    "untick",
]

# Time zones reach up to UTC+14: nowhere is a day older than this ahead of UTC.
FURTHEST_AHEAD = timedelta(hours=14)


def record_attendance(visit: Visit, attended_ids: Iterable[int], *, actor: Person | None) -> Visit:
    """Write down who came. On the last day or later this completes the visit of the exchange.

    Of whoever had declined nothing is noted, unless they came after all.

    :raises Invalid: ``visit_not_begun``; ``unknown_participant``, an id that is not of this visit.
    """
    _check_begun(visit, "attended_ids")
    came = set(attended_ids)
    if came - {participant.id for participant in visit.participants}:
        raise Invalid("attended_ids", "unknown_participant")
    for participant in visit.participants:
        expected = participant.state != ParticipantState.declined
        participant.attended = True if participant.id in came else (False if expected else None)
    visit.attendance_recorded_on = today(visit.time_zone)
    db.session.flush()
    events.publish("visit.attendance_recorded", id=visit.id)
    _follow(visit, _is_last_day(visit), actor)
    return visit


def open_evaluation(visit: Visit, *, actor: Person | None) -> Visit:
    """Ask participants, hosts and experts for their evaluation; a second time changes nothing.

    :raises Invalid: ``visit_not_begun``.
    """
    _check_begun(visit, "evaluation_opened_on")
    if visit.evaluation_opened_on is None:
        visit.evaluation_opened_on = today(visit.time_zone)
        db.session.flush()
        events.publish("visit.evaluation_opened", id=visit.id)
    _follow(visit, _is_last_day(visit), actor)
    return visit


def _check_begun(visit: Visit, field: str) -> None:
    if visit.starts_on is None or today(visit.time_zone) < visit.starts_on:
        raise Invalid(field, "visit_not_begun")


def _is_last_day(visit: Visit) -> bool:
    last = visit.ends_on or visit.starts_on
    return last is not None and today(visit.time_zone) >= last


def _follow(visit: Visit, over: bool, actor: Person | None) -> int:
    """Move the exchange as far as the facts of its current visit carry it; how many moves."""
    if visit.exchange.current_visit is not visit:
        return 0
    triggers = ("start_visit", "complete_visit", "open_evaluation") if over else ("start_visit",)
    moved = [exchanges.try_advance(visit.exchange, name, actor=actor) for name in triggers]
    return sum(step is not None for step in moved)


def begin_due(at: datetime | None = None) -> int:
    """Move what the calendar moves: visits begin on their first day, and those that ended with
    attendance recorded are completed, each by the clock of its place. Returns how many moves.

    :param at: the present instant unless said (aware).
    """
    at = at or now()
    latest = (at + FURTHEST_AHEAD).date()
    query = (
        select(Visit)
        .join(Exchange)
        .where(
            Exchange.state.in_((ExchangeState.confirmed, ExchangeState.under_way)),
            Visit.starts_on <= latest,
        )
        .order_by(Visit.id)
    )
    return sum(_begin(visit, at) for visit in db.session.scalars(query))


def _begin(visit: Visit, at: datetime) -> int:
    day = at.astimezone(ZoneInfo(visit.time_zone)).date()
    if visit.starts_on is None or day < visit.starts_on:
        return 0
    return _follow(visit, day > (visit.ends_on or visit.starts_on), None)
