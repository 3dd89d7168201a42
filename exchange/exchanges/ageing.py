"""How long an exchange has stood where it stands, and when that is too long. Clauses only.

The limits are those of the dashboard's blocks; each clause is also a filter of the list, so that
a number and the list behind it are counted by the same words.
"""

from datetime import timedelta
from enum import StrEnum, auto

from sqlalchemy import ColumnElement, and_

from exchange.clock import now, today
from exchange.exchanges.models import Exchange
from workflows.engine import Clock
from workflows.exchange import RULES, ExchangeState

FINAL = tuple(state for state in ExchangeState if RULES[state].final)
# They wait for a day of the visit, not for somebody's move.
BY_CALENDAR = tuple(s for s in ExchangeState if RULES[s].clock != Clock.entry)
# Without a move for this long, somebody should ask why (after the staff of a peer network).
STUCK_AFTER = timedelta(days=21)
SOON = timedelta(days=7)


class Age(StrEnum):
    """Whole days in the present state."""

    to_14 = auto()
    to_30 = auto()
    to_60 = auto()
    over_60 = auto()


# The first and the last whole day of each bucket; the last one is open.
DAYS: dict[Age, tuple[int, int | None]] = {
    Age.to_14: (0, 14),
    Age.to_30: (15, 30),
    Age.to_60: (31, 60),
    Age.over_60: (61, None),
}


def aged(age: Age) -> ColumnElement[bool]:
    """It has stood in its state for as many whole days as ``age`` says."""
    first, last = DAYS[age]
    at = now()
    clause = Exchange.state_since <= at - timedelta(days=first)
    if first == 0:
        clause = Exchange.id.is_not(None)
    if last is not None:
        clause = and_(clause, Exchange.state_since > at - timedelta(days=last + 1))
    return clause


def is_open() -> ColumnElement[bool]:
    """It is not closed, declined or cancelled."""
    return Exchange.state.not_in(FINAL)


def is_stuck() -> ColumnElement[bool]:
    """No move for 21 days, unless it waits for a day of its visit that is still to come."""
    waits = and_(Exchange.state.in_(BY_CALENDAR), Exchange.due_on >= today())
    return and_(is_open(), Exchange.state_since <= now() - STUCK_AFTER, ~waits)


def is_due_soon() -> ColumnElement[bool]:
    """It should move on today or within the next seven days."""
    return and_(is_open(), Exchange.due_on.between(today(), today() + SOON))
