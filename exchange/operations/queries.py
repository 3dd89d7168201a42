"""What waits, what is late and what failed: reading only, a few statements for all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.messages.models import Message
from exchange.operations.models import Process, TaskTally
from exchange.operations.tallies import GONE_AFTER
from exchange.practices.models import Observatory
from exchange.reminders.models import Reminder
from exchange.runs.models import Run
from exchange.spreadsheets.models import Import, ImportStage
from exchange.webhooks import queries as webhooks
from exchange.webhooks.models import Webhook, WebhookDelivery
from workflows.matching_run import RunState
from workflows.message import MessageState
from workflows.reminder import ReminderState
from workflows.webhook_delivery import WebhookDeliveryState

# So many of each kind of failure stand on the page; its list has all.
SHOWN = 10
# A sweep that came this many times too late is late.
TIMES_LATE = 4
UNSENT = (MessageState.queued, MessageState.sending)
AT_WORK = (ImportStage.waiting, ImportStage.checking, ImportStage.loading)


@dataclass(frozen=True)
class Waiting:
    """Rows that wait for the worker: how many are due, and since when the oldest of them is."""

    what: str
    count: int
    since: datetime | None

    def age(self, at: datetime) -> float:
        """Seconds that the oldest has waited."""
        return max(0.0, (at - self.since).total_seconds()) if self.since else 0.0


def waiting(at: datetime) -> list[Waiting]:
    """What is due by its rows: the truth that no broker can lose."""
    runs = (RunState.queued,)
    looks: Sequence[tuple[str, Any, Any]] = (
        ("messages", Message.next_try_at, (Message.state.in_(UNSENT), Message.next_try_at <= at)),
        ("reminders", Reminder.due_at, _due_reminders(at)),
        ("imports", Import.created_at, (Import.stage.in_(AT_WORK),)),
        ("matching_runs", Run.created_at, (Run.state.in_(runs),)),
        ("webhooks", WebhookDelivery.next_try_at, (webhooks.due(at),)),
    )
    return [_waiting(what, since, where) for what, since, where in looks]


def _due_reminders(at: datetime) -> tuple[Any, ...]:
    return Reminder.state == ReminderState.planned, Reminder.due_at <= at


def _waiting(what: str, since: Any, where: tuple[Any, ...]) -> Waiting:
    count, oldest = db.session.execute(select(func.count(), func.min(since)).where(*where)).one()
    return Waiting(what, count, oldest)


def processes(at: datetime) -> list[Process]:
    """The processes of the worker that are alive, those seen last first."""
    query = select(Process).where(Process.seen_at > at - GONE_AFTER)
    return list(db.session.scalars(query.order_by(Process.host, Process.pid)))


def tallies() -> list[TaskTally]:
    """Every kind of task, by its name."""
    return list(db.session.scalars(select(TaskTally).order_by(TaskTally.task)))


def late(row: TaskTally, at: datetime) -> bool:
    """Whether the clock should have rung for it long ago."""
    if not row.every or row.rung_at is None:
        return False
    return at - row.rung_at > timedelta(seconds=max(TIMES_LATE * row.every, row.every + 60))


def clock_rang_at(rows: Sequence[TaskTally]) -> datetime | None:
    """When the scheduler was last heard of."""
    return max((row.rung_at for row in rows if row.rung_at), default=None)


@dataclass(frozen=True)
class Failures:
    """What failed and can be tried again: the newest of each kind, and how many there are."""

    messages: list[Message]
    runs: list[Run]
    imports: list[Import]
    observatories: list[Observatory]
    webhooks: list[Webhook]
    deliveries: list[WebhookDelivery]
    counts: dict[str, int]


def failures() -> Failures:
    """Failed mails, runs, imports, harvests and deliveries, and webhooks that were switched off."""
    webhook = joinedload(WebhookDelivery.webhook)
    given_up = WebhookDelivery.state == WebhookDeliveryState.failed
    lost = (
        (Message, (Message.state == MessageState.failed,), ()),
        (Run, (Run.state == RunState.failed,), (joinedload(Run.programme),)),
        (Import, (Import.stage == ImportStage.refused,), ()),
        (Observatory, (Observatory.problem.is_not(None),), ()),
        (Webhook, (Webhook.disabled_at.is_not(None),), ()),
        (WebhookDelivery, (given_up,), (webhook,)),
    )
    found: dict[str, list[Any]] = {}
    counts: dict[str, int] = {}
    for model, where, load in lost:
        table: Any = model
        query = select(model).where(*where).order_by(table.id.desc()).limit(SHOWN)
        rows = list(db.session.scalars(query.options(*load)).unique())
        found[table.__tablename__] = rows
        more = len(rows) == SHOWN
        counted = select(func.count()).select_from(table).where(*where)
        counts[table.__tablename__] = (db.session.scalar(counted) or 0) if more else len(rows)
    return Failures(
        messages=found["message"],
        runs=found["matching_run"],
        imports=found["import"],
        observatories=found["observatory"],
        webhooks=found["webhook"],
        deliveries=found["webhook_delivery"],
        counts=counts,
    )


def put_off() -> tuple[list[WebhookDelivery], int]:
    """Deliveries that were refused and wait for their next try, the soonest first, and how many
    there are; those of a webhook that is switched off wait for that."""
    refused = (
        WebhookDelivery.state == WebhookDeliveryState.waiting,
        WebhookDelivery.attempts > 0,
        WebhookDelivery.webhook.has(Webhook.disabled_at.is_(None)),
    )
    query = select(WebhookDelivery).where(*refused).options(joinedload(WebhookDelivery.webhook))
    order = (WebhookDelivery.next_try_at, WebhookDelivery.id)
    rows = list(db.session.scalars(query.order_by(*order).limit(SHOWN)))
    counted = select(func.count()).select_from(WebhookDelivery).where(*refused)
    return rows, (db.session.scalar(counted) or 0)


def exchanges_by_state() -> dict[str, int]:
    """How many exchanges stand in each state."""
    rows = db.session.execute(select(Exchange.state, func.count()).group_by(Exchange.state))
    return {str(state): count for state, count in rows}


def messages_by_state() -> dict[str, int]:
    """How many mails stand in each state."""
    rows = db.session.execute(select(Message.state, func.count()).group_by(Message.state))
    return {str(state): count for state, count in rows}
