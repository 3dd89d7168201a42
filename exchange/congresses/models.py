"""Editions of the Congress, and the contributions that are tagged to them."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record
from exchange.forums.models import Forum
from exchange.recommendations.models import Recommendation
from exchange.strategies.models import Strategy

# What can be brought to a Congress: its column, and the columns in the order in which they stand.
BROUGHT = ("forum_id", "exchange_id", "recommendation_id", "strategy_id")
_ONE_ALONE = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in BROUGHT) + " = 1"


class Congress(Record, Model):
    """One edition of the Congress, or of the summit that it is part of."""

    __tablename__ = "congress"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="period"),)

    code: Mapped[str] = mapped_column(String(40), unique=True)
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    place: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date] = mapped_column(Date, index=True)
    ends_on: Mapped[date] = mapped_column(Date)
    demo: Mapped[bool] = mapped_column(default=False, index=True)

    contributions: Mapped[list["Contribution"]] = relationship(
        back_populates="congress", cascade="all, delete-orphan", order_by="Contribution.id"
    )


class Contribution(Record, Model):
    """One thing that goes to a Congress: an edition of the forum, an exchange, a recommendation or
    a learning strategy; and in a line what it is to bring about there."""

    __tablename__ = "congress_contribution"
    __table_args__ = (
        CheckConstraint(_ONE_ALONE, name="one"),
        *(UniqueConstraint("congress_id", name) for name in BROUGHT),
    )

    congress_id: Mapped[int] = mapped_column(ForeignKey("congress.id", ondelete="CASCADE"))
    aim: Mapped[str] = mapped_column(String(300), default="")
    language: Mapped[str] = mapped_column(String(5), comment="of the aim")
    forum_id: Mapped[int | None] = mapped_column(
        ForeignKey("forum.id", ondelete="CASCADE"), index=True
    )
    exchange_id: Mapped[int | None] = mapped_column(
        ForeignKey("exchange.id", ondelete="CASCADE"), index=True
    )
    recommendation_id: Mapped[int | None] = mapped_column(
        ForeignKey("recommendation.id", ondelete="CASCADE"), index=True
    )
    strategy_id: Mapped[int | None] = mapped_column(
        ForeignKey("strategy.id", ondelete="CASCADE"), index=True
    )

    congress: Mapped[Congress] = relationship(back_populates="contributions")
    forum: Mapped[Forum | None] = relationship()
    exchange: Mapped[Exchange | None] = relationship()
    recommendation: Mapped[Recommendation | None] = relationship()
    strategy: Mapped[Strategy | None] = relationship()
