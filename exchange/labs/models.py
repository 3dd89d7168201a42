"""Local laboratories, their cycles and who takes part."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Organisation
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, UTCDateTime, choice, link
from exchange.mechanisms.models import Mechanism
from exchange.methods.models import Pilot
from exchange.vocabularies.models import Term
from workflows.lab import LabState
from workflows.lab_cycle import OPEN, CycleState

lab_terms = link("lab_term", lab_id="lab", term_id="term")
lab_mechanisms = link("lab_mechanism", lab_id="lab", mechanism_id="mechanism")


class Remains(NamedTuple):
    """What remains of a laboratory, in the words of its city."""

    kept: str
    adapted: str
    dropped: str


class Lab(Record, Model):
    """A city tries answers to a challenge of its own. ``terms`` hold themes and goals.

    It may be the pilot of a method, and it may be joined to an exchange.
    """

    __tablename__ = "lab"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="window"),
        Index("ix_lab_state_ends_on", "state", "ends_on"),
    )

    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, comment="the challenge of the city")
    language: Mapped[str] = mapped_column(String(5), comment="in which they wrote it")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date, comment="by when they decide")
    exchange_id: Mapped[int | None] = mapped_column(
        ForeignKey("exchange.id", ondelete="SET NULL"), index=True
    )
    pilot_id: Mapped[int | None] = mapped_column(
        ForeignKey("method_pilot.id", ondelete="SET NULL"), index=True
    )
    kept: Mapped[str] = mapped_column(Text, default="", comment="what the city goes on with")
    adapted: Mapped[str] = mapped_column(Text, default="", comment="what it does differently")
    dropped: Mapped[str] = mapped_column(Text, default="", comment="what it gives up, and why")
    state: Mapped[LabState] = mapped_column(choice(LabState), default=LabState.prepared)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship()
    # Not "exchange": who takes part in the exchange does not answer for the laboratory.
    joined_to: Mapped[Exchange | None] = relationship()
    pilot: Mapped[Pilot | None] = relationship()
    terms: Mapped[list[Term]] = relationship(secondary=lab_terms, order_by=Term.position)
    mechanisms: Mapped[list[Mechanism]] = relationship(
        secondary=lab_mechanisms, order_by=Mechanism.code
    )
    partners: Mapped[list["LabPartner"]] = relationship(
        back_populates="lab", cascade="all, delete-orphan", order_by="LabPartner.id"
    )
    cycles: Mapped[list["LabCycle"]] = relationship(
        back_populates="lab", cascade="all, delete-orphan", order_by="LabCycle.number"
    )
    __mapper_args__ = {"version_id_col": version_id}

    def tagged(self, vocabulary: str) -> list[Term]:
        """The terms of one vocabulary: theme or sdg_goal."""
        return [term for term in self.terms if term.vocabulary == vocabulary]

    @property
    def remains(self) -> Remains:
        """What was kept, adapted and dropped."""
        return Remains(self.kept, self.adapted, self.dropped)


class LabPartner(Record, Model):
    """An organisation that takes part in a laboratory, and what it brings."""

    __tablename__ = "lab_partner"
    __table_args__ = (UniqueConstraint("lab_id", "organisation_id"),)

    lab_id: Mapped[int] = mapped_column(ForeignKey("lab.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    brings: Mapped[str] = mapped_column(String(300), default="")

    lab: Mapped[Lab] = relationship(back_populates="partners")
    organisation: Mapped[Organisation] = relationship()


class LabCycle(Record, Model):
    """One round: what is asked, what is built, how it is tested, what came of it."""

    __tablename__ = "lab_cycle"
    __table_args__ = (
        UniqueConstraint("lab_id", "number"),
        Index("ix_lab_cycle_state_due_on", "state", "due_on"),
    )

    lab_id: Mapped[int] = mapped_column(ForeignKey("lab.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(comment="1 for the first of its laboratory")
    question: Mapped[str] = mapped_column(Text)
    prototype: Mapped[str] = mapped_column(Text, default="")
    test: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date] = mapped_column(Date, comment="by when it has its result")
    state: Mapped[CycleState] = mapped_column(choice(CycleState), default=CycleState.asking)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    version_id: Mapped[int] = mapped_column(default=1)

    lab: Mapped[Lab] = relationship(back_populates="cycles")
    __mapper_args__ = {"version_id_col": version_id}

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its result."""
        return self.state in OPEN

    @property
    def organisation(self) -> Organisation:
        """Whose laboratory it is."""
        return self.lab.organisation

    @property
    def language(self) -> str:
        """In which language it is written: that of its laboratory."""
        return self.lab.language
