"""The method library: formats and methods as cards in versions, and the pilots that try them."""

from datetime import date, datetime
from enum import StrEnum, auto
from typing import NamedTuple

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Organisation
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, UTCDateTime, choice
from exchange.vocabularies.models import Term
from workflows.method import MethodState
from workflows.method_pilot import PilotState


class Decision(StrEnum):
    """What becomes of what was tried."""

    keep = auto()
    adapt = auto()
    drop = auto()


class Template(NamedTuple):
    """A template or a page to read: its language (ISO 639-1), its address, what it is called."""

    language: str
    url: str
    title: str


class Method(Record, Model):
    """One version of a method. ``titles``, ``texts`` and each of ``steps`` map a language to
    words; ``links`` holds a line for each template: language, address, title."""

    __tablename__ = "method"
    __table_args__ = (
        CheckConstraint("min_days <= max_days", name="days"),
        CheckConstraint("min_people <= max_people", name="people"),
        Index("ix_method_state_state_since", "state", "state_since"),
    )

    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    steps: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    links: Mapped[str] = mapped_column(Text, default="")
    format_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"), index=True)
    min_days: Mapped[int | None]
    max_days: Mapped[int | None]
    months: Mapped[int | None] = mapped_column(comment="of what lasts longer than an event")
    min_people: Mapped[int | None]
    max_people: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(300), default="", comment="of the numbers")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    number: Mapped[int] = mapped_column(default=1, comment="of the version")
    follows_id: Mapped[int | None] = mapped_column(
        ForeignKey("method.id", ondelete="SET NULL"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True, comment="who proposed it"
    )
    state: Mapped[MethodState] = mapped_column(choice(MethodState), default=MethodState.proposed)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    term: Mapped[Term | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    follows: Mapped["Method | None"] = relationship(
        remote_side="Method.id", back_populates="followed_by"
    )
    followed_by: Mapped[list["Method"]] = relationship(
        back_populates="follows", order_by="Method.id"
    )
    pilots: Mapped[list["Pilot"]] = relationship(
        back_populates="method", cascade="all, delete-orphan", order_by="Pilot.starts_on, Pilot.id"
    )
    __mapper_args__ = {"version_id_col": version_id}

    @property
    def format(self) -> str:
        """The code of the format it describes; empty for a method of another kind."""
        return self.term.code if self.term else ""

    @property
    def templates(self) -> list[Template]:
        """The templates and pages to read, in the order they were written."""
        rows = (line.split(maxsplit=2) for line in self.links.splitlines())
        return [Template(row[0], row[1], row[2] if row[2:] else row[1]) for row in rows if row[1:]]


class Pilot(Record, Model):
    """Somebody tries a method: what they expect, when, what came of it, and what they decide."""

    __tablename__ = "method_pilot"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="window"),
        Index("ix_method_pilot_state_ends_on", "state", "ends_on"),
    )

    method_id: Mapped[int] = mapped_column(ForeignKey("method.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    exchange_id: Mapped[int | None] = mapped_column(
        ForeignKey("exchange.id", ondelete="SET NULL"), index=True, comment="in which it is tried"
    )
    title: Mapped[str] = mapped_column(String(200))
    hypothesis: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5), comment="in which they wrote it")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    result: Mapped[str] = mapped_column(Text, default="")
    decision: Mapped[Decision | None] = mapped_column(choice(Decision))
    state: Mapped[PilotState] = mapped_column(choice(PilotState), default=PilotState.planned)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    method: Mapped[Method] = relationship(back_populates="pilots")
    organisation: Mapped[Organisation] = relationship()
    exchange: Mapped[Exchange | None] = relationship()
    __mapper_args__ = {"version_id_col": version_id}
