"""What the processes of the worker write down of themselves, for people and for alarms."""

from datetime import datetime

from sqlalchemy import Float, String
from sqlalchemy.orm import Mapped, mapped_column

from exchange.extensions import Model, UTCDateTime


class Process(Model):
    """A process of the worker that said it is alive; its row goes when it ends in order."""

    __tablename__ = "process"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(160), unique=True, comment="machine and number")
    host: Mapped[str] = mapped_column(String(120))
    pid: Mapped[int]
    release: Mapped[str] = mapped_column(String(40), comment="of the program that it runs")
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    at_work: Mapped[int] = mapped_column(default=0, comment="tasks that it was doing then")


class TaskTally(Model):
    """What became of one kind of task, in all processes together, and when the clock rings next."""

    __tablename__ = "task_tally"

    id: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(String(120), unique=True)
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[float] = mapped_column(Float, default=0.0, comment="of work, all together")
    waited: Mapped[float] = mapped_column(
        Float, default=0.0, comment="seconds that the last one lay in the queue"
    )
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str] = mapped_column(
        String(200), default="", comment="the kind of the last failure; empty once it worked again"
    )
    trace_id: Mapped[str] = mapped_column(
        String(64), default="", comment="what the log calls the last failure"
    )
    rung_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime, comment="when one came that the clock had asked for"
    )
    every: Mapped[int] = mapped_column(default=0, comment="seconds between two rings; 0: no clock")
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
