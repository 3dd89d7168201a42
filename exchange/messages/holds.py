"""Staff hold the mails of one exchange, or of one step of it. The caller commits.

A hold is a row; each mail that is written asks for it. Held mails wait in the outbox until somebody
approves or drops them, also when the hold has ended since.
"""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from exchange import steps
from exchange.clock import now
from exchange.directory.models import Person
from exchange.errors import Conflict
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.messages import actions
from exchange.messages.models import MailHold, Message
from exchange.messages.queries import applies
from workflows.message import MessageState


def hold(exchange: Exchange, *, actor: Person) -> MailHold:
    """Hold all mails of an exchange from now on, those that wait to be sent too.

    :raises Conflict: ``held_already``.
    """
    steps.lock(exchange)
    if any(not row.state for row in holds_of(exchange)):
        raise Conflict("held_already")
    return _begin(exchange, "", actor)


def hold_step(exchange: Exchange, *, actor: Person) -> MailHold:
    """Hold the mails that the step just made leads to: those written while it stays where it is."""
    return _begin(exchange, str(exchange.state), actor)


def _begin(exchange: Exchange, state: str, actor: Person) -> MailHold:
    row = MailHold(exchange=exchange, state=state, author=actor)
    db.session.add(row)
    db.session.flush()
    if not state:
        _hold_what_waits(exchange, actor)
    return row


def _hold_what_waits(exchange: Exchange, actor: Person) -> None:
    query = select(Message).where(
        Message.exchange_id == exchange.id, Message.state == MessageState.queued
    )
    for message in db.session.scalars(query.order_by(Message.id)):
        actions.advance(message, "hold", actor=actor, expected_state=MessageState.queued)


def end(row: MailHold, *, actor: Person) -> None:
    """Let the mails that are written from now on go by themselves again.

    :raises Conflict: ``settled_already``, a colleague was faster.
    """
    steps.lock(row)
    if row.ended_at is not None:
        raise Conflict("settled_already")
    row.ended_at, row.ended_by = now(), actor


def holds_of(exchange: Exchange) -> list[MailHold]:
    """The holds that apply to an exchange now, the oldest first."""
    query = select(MailHold).join(Exchange).where(MailHold.exchange_id == exchange.id, applies())
    loaded = query.options(joinedload(MailHold.author)).order_by(MailHold.id)
    return list(db.session.scalars(loaded))
