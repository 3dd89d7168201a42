"""One verb moves any row that has a workflow, and returns the step it wrote."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange import events
from exchange.clock import now
from exchange.errors import Conflict, Invalid
from exchange.extensions import Model, UTCDateTime, db
from exchange.personal import Datum, Erased, Purpose, personal
from workflows.engine import Workflow

if TYPE_CHECKING:
    from exchange.directory.models import Person


class Step(Model):
    """One move of one row: who, when, from where to where, and why."""

    __tablename__ = "step"
    __table_args__ = (
        Index("ix_step_subject", "subject_type", "subject_id", "id"),
        # The way of many rows at once: when each came to a state; what moved lately, and whereto.
        Index("ix_step_reached", "subject_type", "subject_id", "to_state", "happened_at"),
        Index(
            "ix_step_flow", *("subject_type", "happened_at", "from_state", "to_state", "subject_id")
        ),
        Index("ix_step_actor_id", "actor_id", "subject_type"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_type: Mapped[str] = mapped_column(String(40), comment="name of the workflow")
    subject_id: Mapped[int]
    trigger: Mapped[str] = mapped_column(String(40))
    from_state: Mapped[str] = mapped_column(String(40))
    to_state: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(
        Text, default="", info=personal(Datum.contribution, Purpose.record, Erased.kept)
    )
    overrode: Mapped[bool] = mapped_column(
        default=False, comment="an administrator went round the table; marked for ever"
    )
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), comment="empty: the system itself"
    )
    actor: Mapped["Person | None"] = relationship(lazy="joined", innerjoin=False)


def lock(row: Any) -> None:
    """Wait for the row, then read it again: nobody moves it between our look and our move."""
    db.session.flush()
    # Only its own table: PostgreSQL refuses to lock what was joined to it and may be absent.
    db.session.refresh(row, with_for_update={"of": type(row)})


def advance(  # noqa: PLR0913 - who moves, why, and what they saw are arguments, never globals
    workflow: Workflow,
    row: Any,
    trigger: str,
    *,
    actor: "Person | None",
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move ``row`` one step and write the step down. The caller commits.

    :param expected_state: the state the client saw; another one means that the world has moved on.
    :raises Conflict: ``moved_on``, the row is no longer in ``expected_state``.
    :raises Invalid: the move asks for a reason and ``note`` is empty.
    :raises TransitionRefused: the table does not allow it now.
    """
    lock(row)
    if expected_state and row.state != expected_state:
        raise Conflict("moved_on", state=str(row.state), expected=str(expected_state))
    if workflow.needs_reason(trigger, row.state) and not note.strip():
        raise Invalid("note", "reason_required")
    before, after = workflow.fire(trigger, row)
    return record(workflow, row, trigger, (before, after), actor=actor, note=note)


def record(  # noqa: PLR0913 - the same
    workflow: Workflow,
    row: Any,
    trigger: str,
    moved: tuple[StrEnum, StrEnum],
    *,
    actor: "Person | None",
    note: str = "",
    overrode: bool = False,
) -> Step:
    """Write the step of a move that was made, and tell it: for ``advance`` and for overrides."""
    before, after = moved
    if hasattr(row, "state_since"):
        row.state_since = now()
    step = Step(
        subject_type=workflow.name,
        subject_id=row.id,
        trigger=trigger,
        from_state=str(before),
        to_state=str(after),
        note=note.strip(),
        overrode=overrode,
        actor=actor,
    )
    db.session.add(step)
    db.session.flush()
    events.publish(
        f"{workflow.name}.{trigger}", id=row.id, from_state=str(before), to_state=str(after)
    )
    return step


def steps_of(workflow_name: str, subject_id: int) -> list[Step]:
    """The history of one row, newest first."""
    query = (
        select(Step)
        .where(Step.subject_type == workflow_name, Step.subject_id == subject_id)
        .order_by(Step.id.desc())
    )
    return list(db.session.scalars(query))
