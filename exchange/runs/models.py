"""A run, its blocks of work and the pairs it proposes."""

from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.catalogue.models import Need, Offer
from exchange.clock import now
from exchange.directory.models import Person
from exchange.extensions import Model, Record, UTCDateTime, choice
from exchange.programmes.models import MatchingMode, Programme
from workflows.matching_run import RunState

AT_WORK = "state IN ('queued', 'comparing', 'solving')"


class Occasion(StrEnum):
    """Why a run was begun.

    A run after changes looks again at what a run of the same day left: those who stay without a
    host are counted as passed over by the other kinds only.
    """

    officer = auto()
    command = auto()
    night = auto()
    changes = auto()


class Outcome(StrEnum):
    """What became of a pair of a run when the run was published.

    ``suggested``: the programme only suggests, and the pair is a suggestion now.
    """

    drafted = auto()
    asked = auto()
    suggested = auto()
    dropped = auto()


class Run(Record, Model):
    """One look at all open needs of a programme at once.

    A programme's runs are published one after the other: ``number`` is the place of a published one
    in that order, ``base_number`` the number of the last one when this was begun.
    """

    __tablename__ = "matching_run"
    __table_args__ = (
        UniqueConstraint("programme_code", "number"),
        Index("ix_matching_run_programme_code_state", "programme_code", "state"),
        # One run of a programme at a time, whoever begins it, in whatever process.
        Index(
            "uq_matching_run_at_work",
            "programme_code",
            unique=True,
            sqlite_where=text(AT_WORK),
            postgresql_where=text(AT_WORK),
        ),
        CheckConstraint("blocks_done <= blocks_total", name="blocks"),
        CheckConstraint("number IS NULL OR state = 'published'", name="numbered"),
    )

    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    programme_code: Mapped[str] = mapped_column(
        String(40), comment="network for needs that name none"
    )
    mode: Mapped[MatchingMode] = mapped_column(choice(MatchingMode), comment="when it was begun")
    occasion: Mapped[Occasion] = mapped_column(choice(Occasion), default=Occasion.officer)
    state: Mapped[RunState] = mapped_column(choice(RunState), default=RunState.queued)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    configuration: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    configuration_hash: Mapped[str] = mapped_column(String(16), default="")
    base_number: Mapped[int] = mapped_column(default=0)
    number: Mapped[int | None]
    blocks_total: Mapped[int] = mapped_column(default=0)
    blocks_done: Mapped[int] = mapped_column(default=0)
    needs_count: Mapped[int] = mapped_column(default=0)
    offers_count: Mapped[int] = mapped_column(default=0)
    heartbeat_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime, comment="when its workers last said that they live"
    )
    attempts: Mapped[int] = mapped_column(
        default=0, comment="how often another worker had to take it over"
    )
    report: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, comment="totals, bound, gap, what was removed, who stays without"
    )
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme | None] = relationship()
    person: Mapped[Person | None] = relationship()
    blocks: Mapped[list["Block"]] = relationship(
        back_populates="run", cascade="all, delete-orphan", order_by="Block.number"
    )
    pairs: Mapped[list["RunPair"]] = relationship(
        back_populates="run", cascade="all, delete-orphan", order_by="RunPair.score.desc()"
    )
    __mapper_args__ = {"version_id_col": version_id}

    @property
    def published_number(self) -> int:
        """The number of the last published run of this programme, as the database has it now."""
        from exchange.runs.queries import last_number  # late: the queries need this class

        return last_number(self.programme_code)


class Block(Model):
    """A share of the needs of a run, compared with all offers by one worker.

    ``found`` are its candidates: 32-bit numbers, compressed; none while it is to be done.
    """

    __tablename__ = "matching_block"
    __table_args__ = (UniqueConstraint("run_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("matching_run.id", ondelete="CASCADE"))
    number: Mapped[int]
    need_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    found: Mapped[bytes | None] = mapped_column(LargeBinary)

    run: Mapped[Run] = relationship(back_populates="blocks")


class RunPair(Model):
    """A pair that a run proposes. ``rank`` is the place of the offer among those of the need."""

    __tablename__ = "matching_run_pair"
    __table_args__ = (
        UniqueConstraint("run_id", "need_id", "offer_id"),
        Index("ix_matching_run_pair_outcome_run_id", "outcome", "run_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("matching_run.id", ondelete="CASCADE"))
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    score: Mapped[int]
    rank: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    trade_off: Mapped[dict[str, Any] | None] = mapped_column(
        JSON, comment="a better offer whose places went to others, and what they gain"
    )
    pinned: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome), default=Outcome.drafted)
    why_dropped: Mapped[str] = mapped_column(String(40), default="")

    run: Mapped[Run] = relationship(back_populates="pairs")
    need: Mapped[Need] = relationship()
    offer: Mapped[Offer] = relationship()
