"""When a state should be left: the targets of the table, counted from the right day."""

from datetime import date, timedelta

from exchange.clock import today
from exchange.exchanges.models import Exchange
from workflows.engine import Clock
from workflows.exchange import EXCHANGE


def due_on(exchange: Exchange) -> date | None:
    """The day by which the exchange should have moved on; None when it rests for good.

    Counted from the visit where the table says so; without dates of a visit, from today.
    """
    rule = EXCHANGE.rule(exchange.state)
    if rule.days is None:
        return None
    return (_anchor(exchange, rule.clock) or today()) + timedelta(days=rule.days)


def reset_due(exchange: Exchange) -> None:
    """Count again after the dates of the visit have changed; other states keep their day."""
    rule = EXCHANGE.rule(exchange.state)
    if rule.days is not None and rule.clock != Clock.entry:
        exchange.due_on = due_on(exchange)


def _anchor(exchange: Exchange, clock: Clock) -> date | None:
    visit = exchange.current_visit
    if clock == Clock.entry or visit is None:
        return None
    return visit.starts_on if clock == Clock.visit_start else visit.ends_on
