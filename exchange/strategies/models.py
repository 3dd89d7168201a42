"""Learning strategies: axes with indicators, what is tagged to them, and consultations."""

from datetime import date, datetime
from enum import StrEnum, auto

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, UTCDateTime, choice, link
from exchange.personal import Datum, Erased, Purpose, personal
from workflows.consultation import ConsultationState

exchange_axes = link("exchange_axis", exchange_id="exchange", axis_id="strategy_axis")


class Measure(StrEnum):
    """What an indicator counts; ``by_hand`` is what somebody writes down."""

    exchanges = auto()
    visited = auto()
    notes = auto()
    recommendations = auto()
    kept = auto()
    by_hand = auto()


class Strategy(Record, Model):
    """A learning strategy over some years. The next one says which it follows."""

    __tablename__ = "strategy"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="period"),)

    code: Mapped[str] = mapped_column(String(40), unique=True)
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    starts_on: Mapped[date] = mapped_column(Date, index=True)
    ends_on: Mapped[date] = mapped_column(Date)
    follows_id: Mapped[int | None] = mapped_column(
        ForeignKey("strategy.id", ondelete="SET NULL"), index=True
    )
    demo: Mapped[bool] = mapped_column(default=False, index=True)

    follows: Mapped["Strategy | None"] = relationship(
        remote_side="Strategy.id", back_populates="followed_by"
    )
    followed_by: Mapped[list["Strategy"]] = relationship(
        back_populates="follows", order_by="Strategy.starts_on"
    )
    axes: Mapped[list["Axis"]] = relationship(
        back_populates="strategy", cascade="all, delete-orphan", order_by="Axis.position, Axis.id"
    )
    consultations: Mapped[list["Consultation"]] = relationship(
        back_populates="strategy", cascade="all, delete-orphan", order_by="Consultation.due_on"
    )


class Axis(Record, Model):
    """One direction of a strategy: exchanges and recommendations are tagged to it."""

    __tablename__ = "strategy_axis"

    strategy_id: Mapped[int] = mapped_column(
        ForeignKey("strategy.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)

    strategy: Mapped[Strategy] = relationship(back_populates="axes")
    indicators: Mapped[list["Indicator"]] = relationship(
        back_populates="axis", cascade="all, delete-orphan", order_by="Indicator.id"
    )
    exchanges: Mapped[list[Exchange]] = relationship(
        secondary=exchange_axes, order_by=Exchange.reference
    )


class Indicator(Record, Model):
    """What shows whether an axis is followed: a number to reach, from where it began."""

    __tablename__ = "strategy_indicator"

    axis_id: Mapped[int] = mapped_column(
        ForeignKey("strategy_axis.id", ondelete="CASCADE"), index=True
    )
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    measure: Mapped[Measure] = mapped_column(choice(Measure))
    baseline: Mapped[int] = mapped_column(default=0)
    target: Mapped[int]
    value: Mapped[int | None] = mapped_column(comment="of what nobody but people can count")

    axis: Mapped[Axis] = relationship(back_populates="indicators")


class Consultation(Record, Model):
    """A round of questions to the network. ``questions`` are short texts by language."""

    __tablename__ = "consultation"

    strategy_id: Mapped[int] = mapped_column(
        ForeignKey("strategy.id", ondelete="CASCADE"), index=True
    )
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    questions: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    due_on: Mapped[date] = mapped_column(Date, comment="the last day to answer")
    synthesis: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    state: Mapped[ConsultationState] = mapped_column(
        choice(ConsultationState), default=ConsultationState.preparing
    )
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    strategy: Mapped[Strategy] = relationship(back_populates="consultations")
    answers: Mapped[list["ConsultationAnswer"]] = relationship(
        back_populates="consultation",
        cascade="all, delete-orphan",
        order_by="ConsultationAnswer.number, ConsultationAnswer.id",
    )


class ConsultationAnswer(Record, Model):
    """What one organisation answers to one question, counted from 0."""

    __tablename__ = "consultation_answer"
    __table_args__ = (UniqueConstraint("consultation_id", "organisation_id", "number"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    number: Mapped[int]
    text: Mapped[str] = mapped_column(
        Text, info=personal(Datum.contribution, Purpose.record, Erased.kept)
    )
    language: Mapped[str] = mapped_column(String(5))

    consultation: Mapped[Consultation] = relationship(back_populates="answers")
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person | None] = relationship()
