"""The log of challenges: what an association or a section names, and how it is answered."""

from datetime import date, datetime
from enum import StrEnum, auto

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now, today
from exchange.directory.models import Organisation
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, UTCDateTime, choice, term_link
from exchange.labs.models import Lab
from exchange.modules.models import ModuleTopic
from exchange.vocabularies.models import Term
from workflows.challenge import ChallengeState


class AnswerKind(StrEnum):
    """What answers a challenge; ``none`` is an answer too, with its reason."""

    exchange = auto()
    module_topic = auto()
    lab = auto()
    none = auto()


challenge_terms = term_link("challenge")


class Challenge(Record, Model):
    """A few lines about what makes work difficult, whose they are, and what answers them."""

    __tablename__ = "challenge"
    __table_args__ = (Index("ix_challenge_state_due_on", "state", "due_on"),)

    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    said_on: Mapped[date] = mapped_column(Date, default=today)
    due_on: Mapped[date | None] = mapped_column(Date, comment="until when it is to be answered")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    # A note of a forum: the noun above this one, so its row is not spoken to here.
    forum_item_id: Mapped[int | None] = mapped_column(
        ForeignKey("forum_item.id", ondelete="SET NULL"), index=True
    )
    answer: Mapped[AnswerKind | None] = mapped_column(choice(AnswerKind))
    exchange_id: Mapped[int | None] = mapped_column(
        ForeignKey("exchange.id", ondelete="SET NULL"), index=True
    )
    topic_id: Mapped[int | None] = mapped_column(
        ForeignKey("module_topic.id", ondelete="SET NULL"), index=True
    )
    lab_id: Mapped[int | None] = mapped_column(
        ForeignKey("lab.id", ondelete="SET NULL"), index=True
    )
    # Of a laboratory that is held elsewhere.
    lab_url: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(Text, default="", comment="why so, or why there is none")
    state: Mapped[ChallengeState] = mapped_column(
        choice(ChallengeState), default=ChallengeState.open
    )
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship()
    # Not "exchange": a challenge is no part of the exchange that answers it.
    answered_by: Mapped[Exchange | None] = relationship()
    topic: Mapped[ModuleTopic | None] = relationship()
    terms: Mapped[list[Term]] = relationship(secondary=challenge_terms, order_by=Term.position)
    lab: Mapped[Lab | None] = relationship()
    __mapper_args__ = {"version_id_col": version_id}

    def tagged(self, vocabulary: str) -> list[Term]:
        """The terms of one vocabulary: agenda."""
        return [term for term in self.terms if term.vocabulary == vocabulary]

    @property
    def has_its_answer(self) -> bool:
        """What the kind of the answer asks for is there."""
        facts = {
            AnswerKind.exchange: self.exchange_id,
            AnswerKind.module_topic: self.topic_id,
            AnswerKind.lab: self.lab_id or self.lab_url,
            AnswerKind.none: self.reason,
        }
        return self.answer is not None and bool(facts[self.answer])
