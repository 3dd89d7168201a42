"""What people write down at a forum, and before it: expectations, needs, offers, challenges,
recommendations."""

from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.catalogue.models import Need, Offer
from exchange.clock import now
from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, UTCDateTime, choice
from exchange.forums.models import Forum, ForumSession, Guest
from exchange.modules.models import ModuleTopic
from exchange.personal import Datum, Erased, Purpose, personal
from exchange.recommendations.models import Recommendation
from workflows.forum_item import ItemState


class ItemKind(StrEnum):
    """What an item is, in the eyes of whoever wrote it."""

    expectation = auto()
    need = auto()
    offer = auto()
    challenge = auto()
    recommendation = auto()


class Met(StrEnum):
    """What became of an expectation, in the eyes of whoever had it."""

    met = auto()
    partly = auto()
    not_met = auto()


class ForumItem(Record, Model):
    """A few lines, from one telephone or one organisation, and what they became.

    ``key`` is what the sender calls it: sent again after a line that dropped, it is there once.
    """

    __tablename__ = "forum_item"
    __table_args__ = (
        UniqueConstraint("forum_id", "key"),
        Index("ix_forum_item_state", "state", "state_since"),
        CheckConstraint("verdict IS NULL OR kind = 'expectation'", name="verdict_of_expectation"),
    )

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"))
    session_id: Mapped[int | None] = mapped_column(
        ForeignKey("forum_session.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[ItemKind] = mapped_column(choice(ItemKind))
    text: Mapped[str] = mapped_column(
        Text, info=personal(Datum.contribution, Purpose.record, Erased.kept)
    )
    expected_result: Mapped[str] = mapped_column(
        Text, default="", info=personal(Datum.contribution, Purpose.record, Erased.kept)
    )
    language: Mapped[str] = mapped_column(String(5))
    key: Mapped[str] = mapped_column(String(64))
    guest_id: Mapped[int | None] = mapped_column(
        ForeignKey("forum_guest.id", ondelete="SET NULL"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    due_on: Mapped[date | None] = mapped_column(
        Date, index=True, comment="from when on an expectation can be compared with the results"
    )
    verdict: Mapped[Met | None] = mapped_column(choice(Met))
    verdict_note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ItemState] = mapped_column(choice(ItemState), default=ItemState.captured)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    need_id: Mapped[int | None] = mapped_column(
        ForeignKey("need.id", ondelete="SET NULL"), index=True
    )
    offer_id: Mapped[int | None] = mapped_column(
        ForeignKey("offer.id", ondelete="SET NULL"), index=True
    )
    exchange_id: Mapped[int | None] = mapped_column(
        ForeignKey("exchange.id", ondelete="SET NULL"), index=True
    )
    topic_id: Mapped[int | None] = mapped_column(
        ForeignKey("module_topic.id", ondelete="SET NULL"), index=True
    )
    recommendation_id: Mapped[int | None] = mapped_column(
        ForeignKey("recommendation.id", ondelete="SET NULL"), index=True
    )

    forum: Mapped[Forum] = relationship()
    session: Mapped[ForumSession | None] = relationship()
    guest: Mapped[Guest | None] = relationship()
    person: Mapped[Person | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    need: Mapped[Need | None] = relationship()
    offer: Mapped[Offer | None] = relationship()
    # Not "exchange": an item is no part of the exchange that it led to.
    led_to: Mapped[Exchange | None] = relationship()
    topic: Mapped[ModuleTopic | None] = relationship()
    recommendation: Mapped[Recommendation | None] = relationship()

    @property
    def became(self) -> list[tuple[str, Any]]:
        """What it has led to: (noun, row)."""
        rows = {
            "need": self.need,
            "offer": self.offer,
            "exchange": self.led_to,
            "module_topic": self.topic,
            "recommendation": self.recommendation,
        }
        return [(noun, row) for noun, row in rows.items() if row is not None]
