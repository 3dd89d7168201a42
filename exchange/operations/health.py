"""Is this installation ready to serve? What is wrong is told in words without secrets."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, auto
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import text

from exchange.config import CHECKOUT, Settings
from exchange.extensions import db
from exchange.operations import broker

# Below this a database cannot grow and a mail cannot be kept: somebody must make room.
LEAST_ROOM = 100 * 1024 * 1024


class Health(StrEnum):
    """``degraded``: pages are served, and something waits that somebody must mend."""

    ready = auto()
    degraded = auto()
    not_ready = auto()


@dataclass(frozen=True)
class Look:
    """One thing that was looked at; ``problem`` is empty when it is well."""

    name: str
    problem: str = ""
    worst: Health = Health.not_ready


def looks(settings: Settings, *, behind: Callable[[], str] | None = None) -> list[Look]:
    """Database, migrations, queue and disk, each in its own words."""
    database = _database()
    found = [database]
    if not database.problem:
        found.append(_migrations((behind or revisions_behind)()))
    return [*found, queue(settings), disk(settings.var)]


def queue(settings: Settings) -> Look:
    """Whether the broker answers. One that is away stops no page: what it would bring sooner, the
    sweeps find later."""
    away = "" if broker.answers(settings) else "the broker does not answer: start it, or look at "
    return Look("queue", away and f"{away}EXCHANGE_BROKER_URL", Health.degraded)


def health(found: list[Look]) -> Health:
    """The worst of them."""
    worst = {look.worst for look in found if look.problem}
    order = (Health.not_ready, Health.degraded)
    return next((one for one in order if one in worst), Health.ready)


def _database() -> Look:
    try:
        db.session.execute(text("SELECT 1"))
    except Exception as problem:  # noqa: BLE001 - whatever it is, pages cannot be served
        return Look("database", f"the database does not answer ({type(problem).__name__})")
    return Look("database")


def _migrations(problem: str) -> Look:
    # Ahead: the next version has been here already, and this one serves until it is replaced.
    ahead = problem.startswith("ahead")
    return Look("migrations", problem, Health.degraded if ahead else Health.not_ready)


def revisions_behind() -> str:
    """How the database stands to the migrations of this program; empty when it is at the last."""
    script = ScriptDirectory(str(CHECKOUT / "migrations"))
    wanted = set(script.get_heads())
    try:
        # Where there is no such table, PostgreSQL takes no further statement outside of this one.
        with db.session.begin_nested():
            found = db.session.scalars(text("SELECT version_num FROM alembic_version"))
            at = {str(one) for one in found}
    except Exception:  # noqa: BLE001 - no table: no migration ever ran
        return "no migration has run: exchange db upgrade"
    if at == wanted:
        return ""
    known = {one.revision for one in script.walk_revisions()}
    if at - known:
        return f"ahead: the database is at {', '.join(sorted(at))}, newer than this program"
    return f"the database is at {', '.join(sorted(at)) or 'none'}: exchange db upgrade"


def disk(folder: Path) -> Look:
    """Whether there is room where the program writes."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as problem:
        return Look("disk", f"the folder cannot be looked at ({type(problem).__name__})")
    room = free // (1024 * 1024)
    return Look("disk", f"only {room} MB are free" if free < LEAST_ROOM else "")
