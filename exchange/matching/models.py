"""A match: one need and one offer, a score with its reasons, and two answers."""

from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.catalogue.models import Need, Offer
from exchange.clock import now
from exchange.directory.models import Person
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, UTCDateTime, choice
from workflows.match import MatchState

LIVE = "state IN ('suggested', 'proposed', 'half_agreed', 'agreed')"


class Answer(StrEnum):
    """What one side said."""

    pending = auto()
    accepted = auto()
    declined = auto()


class Side(StrEnum):
    """Whose answer or question it is."""

    need = auto()
    offer = auto()


class Match(Record, Model):
    """A need and an offer that fit. At most one live match for a pair."""

    __tablename__ = "match"
    __table_args__ = (
        Index(
            "uq_match_live_pair",
            "need_id",
            "offer_id",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
        Index("ix_match_state_answer_by", "state", "answer_by"),
        CheckConstraint("score BETWEEN 0 AND 10000", name="score"),
        CheckConstraint(
            "holds_place OR state NOT IN ('proposed', 'half_agreed', 'agreed')", name="place_held"
        ),
    )

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    exchange_id: Mapped[int | None] = mapped_column(
        ForeignKey("exchange.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[MatchState] = mapped_column(choice(MatchState), default=MatchState.suggested)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    score: Mapped[int] = mapped_column(default=0, comment="basis points, 10000 is the best")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list, comment="code, points and evidence of each rule"
    )
    rules_version: Mapped[str] = mapped_column(String(20), default="")
    holds_place: Mapped[bool] = mapped_column(
        default=False, comment="one place of the offer is counted as taken by this match"
    )
    need_answer: Mapped[Answer] = mapped_column(choice(Answer, "need_answer"), default="pending")
    offer_answer: Mapped[Answer] = mapped_column(choice(Answer, "offer_answer"), default="pending")
    answer_by: Mapped[date | None] = mapped_column(Date)
    decline_code: Mapped[str] = mapped_column(String(40), default="")
    decline_note: Mapped[str] = mapped_column(Text, default="")
    by_officer: Mapped[bool] = mapped_column(default=False, comment="proposed by a person")
    version_id: Mapped[int] = mapped_column(default=1)

    need: Mapped[Need] = relationship(backref="matches")
    offer: Mapped[Offer] = relationship(backref="matches")
    exchange: Mapped[Exchange | None] = relationship(back_populates="matches")
    questions: Mapped[list["MatchQuestion"]] = relationship(
        back_populates="match", cascade="all, delete-orphan", order_by="MatchQuestion.id"
    )
    __mapper_args__ = {"version_id_col": version_id}


class MatchQuestion(Record, Model):
    """A question of one side to the other before it answers."""

    __tablename__ = "match_question"

    match_id: Mapped[int] = mapped_column(ForeignKey("match.id", ondelete="CASCADE"), index=True)
    side: Mapped[Side] = mapped_column(choice(Side), comment="who asks")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    match: Mapped[Match] = relationship(back_populates="questions")
    person: Mapped[Person | None] = relationship()
