"""Lessons: the note, the road map, transferability, dissemination, follow-up, what changed."""

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
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, UTCDateTime, choice
from exchange.personal import Datum, Erased, Purpose, personal
from exchange.vocabularies.models import Term
from workflows.follow_up import FollowUpState
from workflows.note import NoteState
from workflows.road_map_action import RoadMapState


class NotePart(StrEnum):
    """The twelve parts of a peer-learning note, in their order (after the published notes)."""

    heading = auto()
    credits = auto()
    foreword = auto()
    introduction = auto()
    context = auto()
    practices = auto()
    field_visits = auto()
    method = auto()
    reflections = auto()
    recommendations = auto()
    road_map = auto()
    tags = auto()


REQUIRED_PARTS = (
    NotePart.introduction,
    NotePart.context,
    NotePart.practices,
    NotePart.reflections,
    NotePart.recommendations,
)


class Horizon(StrEnum):
    """When an action of the road map is to bear fruit."""

    immediate = auto()
    intermediate = auto()
    long_term = auto()


class CostOrder(StrEnum):
    """The order of what a practice costs to adopt, in euros."""

    under_10k = auto()
    under_100k = auto()
    under_1m = auto()
    over_1m = auto()
    unknown = auto()


class UsedIt(StrEnum):
    """Whether a partner used what it learned: the first question of a follow-up."""

    yes = auto()
    partly = auto()
    no = auto()


class ChangeKind(StrEnum):
    """What changed."""

    policy = auto()
    service = auto()
    practice = auto()
    skills = auto()
    relationship = auto()


class Note(Record, Model):
    """The peer-learning note of an exchange. ``parts`` map a part to its text (Markdown)."""

    __tablename__ = "note"

    exchange_id: Mapped[int] = mapped_column(
        ForeignKey("exchange.id", ondelete="CASCADE"), unique=True
    )
    number: Mapped[int | None] = mapped_column(unique=True, comment="given when published")
    slug: Mapped[str | None] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5))
    summary: Mapped[str] = mapped_column(Text, default="", comment="what others read first")
    parts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    translations: Mapped[dict[str, dict[str, str]]] = mapped_column(
        JSON, default=dict, comment="title and summary in other languages, by language"
    )
    state: Mapped[NoteState] = mapped_column(choice(NoteState), default=NoteState.drafting)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    published_on: Mapped[date | None] = mapped_column(Date, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    exchange: Mapped[Exchange] = relationship(back_populates="note")
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    reviewer: Mapped[Person | None] = relationship(foreign_keys=[reviewer_id])
    disseminations: Mapped[list["Dissemination"]] = relationship(
        back_populates="note", cascade="all, delete-orphan", order_by="Dissemination.happened_on"
    )
    __mapper_args__ = {"version_id_col": version_id}

    def said(self, name: str, language: str) -> tuple[str, str]:
        """(text, its language): ``title`` or ``summary`` for a reader of ``language``, else as it
        was written."""
        text = self.translations.get(language, {}).get(name, "")
        return (text, language) if text else (getattr(self, name), self.language)

    @property
    def missing_parts(self) -> list[NotePart]:
        """The parts a reader cannot do without that are still empty."""
        return [part for part in REQUIRED_PARTS if not (self.parts.get(part) or "").strip()]


class RoadMapAction(Record, Model):
    """An action of the road map, with the organisation that owns it and a date."""

    __tablename__ = "road_map_action"

    exchange_id: Mapped[int] = mapped_column(
        ForeignKey("exchange.id", ondelete="CASCADE"), index=True
    )
    horizon: Mapped[Horizon] = mapped_column(choice(Horizon))
    text: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    due_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[RoadMapState] = mapped_column(choice(RoadMapState), default=RoadMapState.planned)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    exchange: Mapped[Exchange] = relationship(back_populates="road_map_actions")
    owner: Mapped[Organisation | None] = relationship()
    contact: Mapped[Person | None] = relationship()


class Transferability(Record, Model):
    """What another city must know before it re-uses the practice: understand, adapt, re-use."""

    __tablename__ = "transferability"

    exchange_id: Mapped[int] = mapped_column(
        ForeignKey("exchange.id", ondelete="CASCADE"), unique=True
    )
    understand: Mapped[str] = mapped_column(Text, default="", comment="why it works there")
    adapt: Mapped[str] = mapped_column(Text, default="", comment="what must differ elsewhere")
    reuse: Mapped[str] = mapped_column(Text, default="", comment="what can be taken as it is")
    conditions: Mapped[str] = mapped_column(Text, default="")
    legal_competence: Mapped[str] = mapped_column(Text, default="")
    cost_order: Mapped[CostOrder] = mapped_column(choice(CostOrder), default=CostOrder.unknown)
    what_failed: Mapped[str] = mapped_column(Text, default="")

    exchange: Mapped[Exchange] = relationship(back_populates="transferability")


class Dissemination(Record, Model):
    """A channel by which the note travelled, and how many it reached."""

    __tablename__ = "dissemination"
    __table_args__ = (CheckConstraint("reach >= 0", name="reach"),)

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), index=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("term.id"))
    happened_on: Mapped[date] = mapped_column(Date)
    reach: Mapped[int | None] = mapped_column(comment="people reached, as far as known")
    url: Mapped[str] = mapped_column(String(500), default="")
    remark: Mapped[str] = mapped_column(Text, default="")

    note: Mapped[Note] = relationship(back_populates="disseminations")
    channel: Mapped[Term] = relationship(lazy="joined")


class FollowUp(Record, Model):
    """Five questions to one partner, some months after the visit."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("exchange_id", "organisation_id", "months"),
        CheckConstraint("months IN (3, 6, 12)", name="months"),
        Index("ix_follow_up_state_due_on", "state", "due_on"),
    )

    exchange_id: Mapped[int] = mapped_column(ForeignKey("exchange.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    months: Mapped[int]
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[FollowUpState] = mapped_column(
        choice(FollowUpState), default=FollowUpState.planned
    )
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    answers: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), info=personal(Datum.contribution, Purpose.record, Erased.kept)
    )
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by: Mapped[str] = mapped_column(
        String(200), default="", info=personal(Datum.person_name, Purpose.record)
    )

    exchange: Mapped[Exchange] = relationship(back_populates="follow_ups")
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    links: Mapped[list["FollowUpLink"]] = relationship(
        back_populates="follow_up", cascade="all, delete-orphan"
    )


class FollowUpLink(Record, Model):
    """A link by which a partner answers without signing in: once, and until it expires.

    Several may live at once: a reminder brings a new one, and the one in the older mail must go
    on working. Only the SHA-256 of its secret is kept.
    """

    __tablename__ = "follow_up_link"

    follow_up_id: Mapped[int] = mapped_column(
        ForeignKey("follow_up.id", ondelete="CASCADE"), index=True
    )
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_on: Mapped[date] = mapped_column(Date, comment="the last day on which it works")

    follow_up: Mapped[FollowUp] = relationship(back_populates="links")


class RecordedChange(Record, Model):
    """Which policy, service or practice changed at one of the partners, and how we know."""

    __tablename__ = "recorded_change"

    exchange_id: Mapped[int] = mapped_column(
        ForeignKey("exchange.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    follow_up_id: Mapped[int | None] = mapped_column(
        ForeignKey("follow_up.id", ondelete="SET NULL")
    )
    kind: Mapped[ChangeKind] = mapped_column(choice(ChangeKind))
    text: Mapped[str] = mapped_column(Text)
    evidence_url: Mapped[str] = mapped_column(String(500), default="")
    recorded_on: Mapped[date] = mapped_column(Date)

    exchange: Mapped[Exchange] = relationship(back_populates="recorded_changes")
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
