"""What happens to the needs that an exchange answers when the exchange moves."""

from sqlalchemy import func, select

from exchange.catalogue.actions import advance_need
from exchange.catalogue.models import Need
from exchange.directory.models import Person
from exchange.exchanges.models import Exchange, exchange_needs
from exchange.extensions import db
from workflows.exchange import BEFORE_VISIT, RULES, ExchangeState
from workflows.need import NeedState

CLOSED = (ExchangeState.closed_with_change, ExchangeState.closed_without_change)
OPEN_NEED = (NeedState.published, NeedState.matched)
# From the day the partners agreed, the needs of an exchange are taken.
_NOT_YET = (*BEFORE_VISIT[: BEFORE_VISIT.index(ExchangeState.partners_agreed)],)
TAKING = tuple(state for state in ExchangeState if not RULES[state].final and state not in _NOT_YET)


def lock(exchange: Exchange) -> None:
    """Lock the needs of an exchange that is about to take them along: needs come before their
    exchange, as in every move of a match."""
    query = (
        select(Need.id)
        .join(exchange_needs, exchange_needs.c.need_id == Need.id)
        .where(exchange_needs.c.exchange_id == exchange.id)
        .order_by(Need.id)
    )
    db.session.execute(query.with_for_update(of=Need)).all()


def settle(exchange: Exchange, *, actor: Person | None) -> None:
    """Bring the needs to where the exchange stands: taken, fulfilled, or free again."""
    stands = exchange.held_state or exchange.state
    for need in sorted(exchange.needs, key=lambda row: row.id):
        if stands in CLOSED:
            _move(need, (NeedState.in_exchange,), "fulfil", actor)
        elif stands in TAKING:
            _move(need, OPEN_NEED, "enter_exchange", actor)
        elif not _taken_by_another(need, exchange):
            _move(need, (NeedState.in_exchange,), "leave_exchange", actor)


def _move(need: Need, sources: tuple[NeedState, ...], trigger: str, actor: Person | None) -> None:
    if need.state in sources:
        advance_need(need, trigger, actor=actor)


def _taken_by_another(need: Need, exchange: Exchange) -> bool:
    query = (
        select(Exchange.id)
        .join(exchange_needs, exchange_needs.c.exchange_id == Exchange.id)
        .where(
            exchange_needs.c.need_id == need.id,
            Exchange.id != exchange.id,
            func.coalesce(Exchange.held_state, Exchange.state).in_(TAKING),
        )
    )
    return db.session.scalars(query.limit(1)).first() is not None
