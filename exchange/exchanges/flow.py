"""Which exchanges left a stage lately, and which of them went on. Clauses only.

Putting on hold and resuming leave no stage, nor does going back to plan the next visit. What is
declined or cancelled has left and did not go on.
"""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from exchange.clock import now
from exchange.directory.models import Organisation
from exchange.exchanges.models import Exchange, Partner
from exchange.steps import Step
from workflows.exchange import EXCHANGE, RULES, ExchangePhase, ExchangeState

LATELY = timedelta(days=90)
_ORDER = list(ExchangePhase)
DROPPED = (ExchangeState.declined, ExchangeState.cancelled)


def states_of(phase: ExchangePhase) -> list[ExchangeState]:
    """The states of a stage; on hold is in none of its own."""
    return [s for s in ExchangeState if RULES[s].phase == phase and s != ExchangeState.on_hold]


def later_than(phase: ExchangePhase) -> list[ExchangeState]:
    """The states of the stages after ``phase``; not those that end an exchange early."""
    after = _ORDER[_ORDER.index(phase) + 1 :]
    return [state for one in after for state in states_of(one) if state not in DROPPED]


def steps_on(phase: ExchangePhase) -> ColumnElement[bool]:
    """Steps of exchanges from a stage to a later one."""
    return Step.from_state.in_(states_of(phase)) & Step.to_state.in_(later_than(phase))


def steps_out(phase: ExchangePhase) -> ColumnElement[bool]:
    """Steps of exchanges from a stage to a later one, or to an early end."""
    ends = [*later_than(phase), *DROPPED]
    return Step.from_state.in_(states_of(phase)) & Step.to_state.in_(ends)


def lately() -> ColumnElement[bool]:
    """Steps of exchanges within the last 90 days."""
    return (Step.subject_type == EXCHANGE.name) & (Step.happened_at >= now() - LATELY)


def passed(phase: ExchangePhase) -> ColumnElement[bool]:
    """It went on from a stage within the last 90 days."""
    return Exchange.id.in_(select(Step.subject_id).where(lately(), steps_on(phase)))


def left(phase: ExchangePhase) -> ColumnElement[bool]:
    """It left a stage within the last 90 days, for a later one or for good."""
    return Exchange.id.in_(select(Step.subject_id).where(lately(), steps_out(phase)))


def reached(phase: ExchangePhase) -> ColumnElement[bool]:
    """It stands in a stage or a later one, or has been there."""
    states = [*states_of(phase), *later_than(phase)]
    if phase == ExchangePhase.proposal:
        return Exchange.id.is_not(None)
    been = (Step.subject_type == EXCHANGE.name) & Step.to_state.in_(states)
    stands = func.coalesce(Exchange.held_state, Exchange.state).in_(states)
    return or_(stands, Exchange.id.in_(select(Step.subject_id).where(been)))


def begun_from(day: date) -> ColumnElement[bool]:
    """It was begun on that day or later."""
    return Exchange.created_at >= datetime.combine(day, time(), UTC)


def begun_until(day: date) -> ColumnElement[bool]:
    """It was begun on that day or before."""
    return Exchange.created_at < datetime.combine(day, time(), UTC) + timedelta(days=1)


def at_place(at: str) -> ColumnElement[bool]:
    """A partner is at a place: the id of a city, or the code of a country for the organisations
    there that name no city."""
    if at.isdecimal():
        return Exchange.partners.any(Partner.organisation.has(place_id=int(at)))
    there = (Organisation.country_code == at.upper()) & Organisation.place_id.is_(None)
    return Exchange.partners.any(Partner.organisation.has(there))


def between(value: int, role: str) -> ColumnElement[bool]:
    """An organisation has this part in it."""
    return Exchange.partners.any(organisation_id=value, role=role)


def answers_call(programme_id: int) -> ColumnElement[bool]:
    """It answers a need of the programme."""
    return Exchange.needs.any(programme_id=programme_id)
