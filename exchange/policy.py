"""Who may do what. The table is in ``permissions/``; here it is asked. Default: no.

A permission is ``noun.verb``; the verbs include every trigger of every workflow. ``scoped`` gives
what an actor may know of; whatever lies outside is "not found", also for a foreign draft.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.sql.base import ExecutableOption
from sqlalchemy.sql.elements import True_

from exchange.errors import NotAllowed, NotFound
from exchange.extensions import Base, db
from exchange.permissions import PERMISSIONS
from exchange.predicates import Actor
from exchange.scopes import SCOPES
from workflows.engine import Workflow

Row = TypeVar("Row", bound=Base)


def allowed(actor: Actor, permission: str, subject: Any = None) -> bool:
    """Whether ``actor`` may. A permission that is not in the table is nobody's."""
    rule = PERMISSIONS.get(permission)
    return rule is not None and any(holds(actor, subject) for holds in rule.any_of)


def require(actor: Actor, permission: str, subject: Any = None) -> None:
    """:raises NotAllowed: ``actor`` may not."""
    if not allowed(actor, permission, subject):
        raise NotAllowed("not_allowed", permission=permission)


def scoped(model: type[Row], actor: Actor) -> Select[Any]:
    """The rows of ``model`` that ``actor`` may know of: every read begins here."""
    return select(model).where(SCOPES[model](actor))


def is_everything(query: Select[Any]) -> bool:
    """Whether a selection leaves nothing out: then no row need be looked up in it."""
    clause = query.whereclause
    return clause is None or isinstance(getattr(clause, "element", clause), True_)


def find(
    model: type[Row], row_id: int, actor: Actor, *, load: Sequence[ExecutableOption] = ()
) -> Row:
    """:raises NotFound: there is no such row, or none that ``actor`` may know of."""
    query = scoped(model, actor).where(model.__table__.c.id == row_id).options(*load)
    row: Row | None = db.session.scalars(query).unique().first()
    if row is None:
        raise NotFound("not_found", noun=model.__tablename__, id=row_id)
    return row


def open_triggers(workflow: Workflow, row: Any, actor: Actor) -> list[str]:
    """The moves that the table allows now and that ``actor`` may make: the buttons of a page."""
    return [
        trigger
        for trigger in workflow.available(row)
        if allowed(actor, f"{workflow.name}.{trigger}", row)
    ]


def require_one_of(row_id: int, rows: Iterable[Any]) -> None:
    """:raises NotAllowed: ``row_id`` is none of ``rows``, for which the actor may speak."""
    if row_id not in {row.id for row in rows}:
        raise NotAllowed("not_yours")
