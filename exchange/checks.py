"""What `exchange check` looks at: is the installation whole, and does its clock run?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.exc import DBAPIError, OperationalError

from exchange import scanning
from exchange.config import CHECKOUT, Settings
from exchange.extensions import db
from exchange.messages.models import Message
from exchange.models import WORKFLOW_MODELS
from exchange.operations import health, queries
from exchange.reminders.models import Reminder
from exchange.vocabularies.models import Term
from exchange.vocabularies.reference import FILES, codes_of
from workflows.message import MessageState
from workflows.registry import WORKFLOWS
from workflows.reminder import ReminderState

# A sweep finds due work within seconds; work that waits this long says that none ran.
SWEEPS_MISSED = 20


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    good: bool
    text: str


def findings(*, now: datetime, sweep_seconds: int, clamd: str = "") -> Iterator[Finding]:
    """Look at the database, its states and its overdue work; stops where it cannot go on."""
    try:
        at = revisions()
    except OperationalError as problem:
        yield Finding(False, f"the database does not answer: {problem.orig}")
        return
    yield _migrations(at)
    if clamd:
        yield _scanner(clamd)
    if at:
        yield _vocabularies()
        yield from unknown_states()
        yield from overdue(now - timedelta(seconds=SWEEPS_MISSED * sweep_seconds))


def around(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    """What the program needs around it: the queue, room on the disk, and somebody at work."""
    for look in (health.queue(settings), health.disk(settings.var)):
        yield Finding(not look.problem, f"{look.name}: {look.problem or 'well'}")
    told = urlsplit(settings.sentry_dsn).hostname
    words = f"reported to {told}" if told else "written into the log alone (EXCHANGE_SENTRY_DSN)"
    yield Finding(True, f"faults: {words}")
    told = urlsplit(settings.otlp_endpoint).hostname
    yield Finding(True, f"traces: {f'sent to {told}' if told else 'none (EXCHANGE_OTLP_ENDPOINT)'}")
    try:
        alive, rows = queries.processes(now), queries.tallies()
    except DBAPIError:  # the migrations are missing, and that is said already
        return
    words = "no process is alive: start it (page Operations, docs/operations.md)"
    yield Finding(bool(alive), f"worker: {f'{len(alive)} processes alive' if alive else words}")
    late = [row.task for row in rows if queries.late(row, now)]
    words = f"late: {', '.join(late)}: is the scheduler alive?"
    yield Finding(not late, f"timetable: {words if late else 'kept'}")


def _scanner(clamd: str) -> Finding:
    if scanning.is_there(clamd):
        return Finding(True, "virus scanner: it answers")
    words = "does not answer: no upload is taken until it does; look at clamd and EXCHANGE_CLAMD"
    return Finding(False, f"virus scanner: {clamd} {words}")


def _vocabularies() -> Finding:
    known = {(name, code) for name, code in db.session.execute(select(Term.vocabulary, Term.code))}
    missing = sum((name, code) not in known for name in FILES for code in codes_of(name))
    words = f"{missing} entries are missing: run exchange db upgrade"
    return Finding(not missing, f"vocabularies: {words if missing else 'whole'}")


def unknown_states() -> Iterator[Finding]:
    """Rows in a state that their workflow does not know."""
    for name, model in WORKFLOW_MODELS.items():
        known = {str(state) for state in WORKFLOWS[name].states}
        state = type_coerce(model.__table__.c.state, String)
        counts = db.session.execute(select(state, func.count()).group_by(state)).all()
        strange = {found: rows for found, rows in counts if found not in known}
        if strange:
            listed = ", ".join(f"{rows} in {found!r}" for found, rows in sorted(strange.items()))
            yield Finding(False, f"{name}: rows in unknown states: {listed}")
        else:
            yield Finding(True, f"{name}: {sum(rows for _, rows in counts)} rows, all states known")


def overdue(before: datetime) -> Iterator[Finding]:
    """Messages and reminders that were due before an instant and still wait."""
    waiting = Message.state.in_([MessageState.queued, MessageState.sending])
    messages = select(func.count()).where(waiting, Message.next_try_at < before)
    planned = Reminder.state == ReminderState.planned
    reminders = select(func.count()).where(planned, Reminder.due_at < before)
    for what, query in (("messages", messages), ("reminders", reminders)):
        count = db.session.scalar(query) or 0
        words = (
            f"{count} wait since before {before:%Y-%m-%d %H:%M} UTC" if count else "none overdue"
        )
        yield Finding(not count, f"{what}: {words}")


def revisions() -> set[str]:
    """The migrations the database is at; none when none ever ran."""
    return set(MigrationContext.configure(db.session.connection()).get_current_heads())


def _migrations(at: set[str]) -> Finding:
    wanted = set(ScriptDirectory(str(CHECKOUT / "migrations")).get_heads())
    if at == wanted:
        return Finding(True, f"database: at migration {', '.join(sorted(at)) or 'none'}")
    found = ", ".join(sorted(at)) or "none"
    return Finding(False, f"database: at migration {found}: run exchange db upgrade")
