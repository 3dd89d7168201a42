"""A match: one need and one offer, a score with its reasons, and two answers."""

from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.catalogue.models import Need, Offer
from exchange.clock import now
from exchange.directory.models import Person
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, UTCDateTime, choice
from exchange.personal import Datum, Erased, Purpose, personal
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
        CheckConstraint(
            "holds_host OR state NOT IN ('proposed', 'half_agreed', 'agreed', 'concluded')",
            name="host_held",
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
    met: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list, comment="code and evidence of each condition that somebody set"
    )
    rules_version: Mapped[str] = mapped_column(String(20), default="")
    configuration_hash: Mapped[str] = mapped_column(
        String(16), default="", comment="of the settings its score was computed with"
    )
    position: Mapped[int] = mapped_column(
        default=0, comment="place in the list of its need when it was last ranked; 0: not ranked"
    )
    waiting: Mapped[int | None] = mapped_column(
        comment="place in the line behind those who are asked; none: it does not wait"
    )
    holds_place: Mapped[bool] = mapped_column(
        default=False, comment="one place of the offer is counted as taken by this match"
    )
    holds_host: Mapped[bool] = mapped_column(
        default=False, comment="one of the hosts that the need wants is counted as held by it"
    )
    need_answer: Mapped[Answer] = mapped_column(choice(Answer, "need_answer"), default="pending")
    offer_answer: Mapped[Answer] = mapped_column(choice(Answer, "offer_answer"), default="pending")
    answer_by: Mapped[date | None] = mapped_column(Date)
    decline_code: Mapped[str] = mapped_column(String(40), default="")
    decline_note: Mapped[str] = mapped_column(Text, default="")
    by_officer: Mapped[bool] = mapped_column(default=False, comment="proposed by a person")
    reopen_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopen_note: Mapped[str] = mapped_column(Text, default="")
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
    text: Mapped[str] = mapped_column(
        Text, info=personal(Datum.contribution, Purpose.record, Erased.kept)
    )
    answer: Mapped[str] = mapped_column(
        Text, default="", info=personal(Datum.contribution, Purpose.record, Erased.kept)
    )
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    match: Mapped[Match] = relationship(back_populates="questions")
    person: Mapped[Person | None] = relationship()


class Wished(StrEnum):
    """What an officer wants of a pair in the next runs."""

    pin = auto()
    veto = auto()


class Wish(Record, Model):
    """An officer's word on a pair: the next runs take it when at all possible, or never."""

    __tablename__ = "matching_wish"
    __table_args__ = (UniqueConstraint("need_id", "offer_id"),)

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    kind: Mapped[Wished] = mapped_column(choice(Wished))
    note: Mapped[str] = mapped_column(
        Text, default="", info=personal(Datum.contribution, Purpose.record, Erased.kept)
    )
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    need: Mapped[Need] = relationship()
    offer: Mapped[Offer] = relationship()
    person: Mapped[Person | None] = relationship()


class Settings(Record, Model):
    """One version of the matcher's settings. Versions are added and never changed."""

    __tablename__ = "matching_settings"

    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    hash: Mapped[str] = mapped_column(String(16), index=True)
    note: Mapped[str] = mapped_column(Text, default="", comment="why it was changed")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    person: Mapped[Person | None] = relationship()


class ShownIn(StrEnum):
    """Where a list of candidates was shown or used."""

    suggestions = auto()
    look = auto()
    run = auto()


class Shown(Model):
    """One line of a list of candidates as it was shown: who stood where, with which score.

    What became of the pair is read from its match; so acceptance by position can be counted.
    """

    __tablename__ = "matching_shown"

    id: Mapped[int] = mapped_column(primary_key=True)
    shown_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)
    place: Mapped[ShownIn] = mapped_column(choice(ShownIn))
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"))
    position: Mapped[int]
    score: Mapped[int]
    configuration_hash: Mapped[str] = mapped_column(String(16), default="")
