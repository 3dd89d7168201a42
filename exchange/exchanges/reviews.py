"""What staff think of a proposal, criterion by criterion: one row for each reviewer.

Two may write at once: each writes their own, and both see both. The caller commits.
"""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.directory.models import Person
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, choice, db
from exchange.personal import Datum, Erased, Purpose, personal


class Verdict(StrEnum):
    """How far a proposal meets a criterion."""

    yes = auto()
    partly = auto()
    no = auto()


# What a proposal is looked at for, in the order of the page; each is a column of ``Review``.
CRITERIA = ("need_is_clear", "change_is_likely", "partners_fit", "means_suffice", "others_gain")


class Review(Record, Model):
    """One reviewer's look at one proposal."""

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("exchange_id", "person_id"),)

    exchange_id: Mapped[int] = mapped_column(ForeignKey("exchange.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    need_is_clear: Mapped[Verdict | None] = mapped_column(choice(Verdict, "need_is_clear"))
    change_is_likely: Mapped[Verdict | None] = mapped_column(choice(Verdict, "change_is_likely"))
    partners_fit: Mapped[Verdict | None] = mapped_column(choice(Verdict, "partners_fit"))
    means_suffice: Mapped[Verdict | None] = mapped_column(choice(Verdict, "means_suffice"))
    others_gain: Mapped[Verdict | None] = mapped_column(choice(Verdict, "others_gain"))
    note: Mapped[str] = mapped_column(
        Text, default="", info=personal(Datum.contribution, Purpose.record, Erased.kept)
    )
    version_id: Mapped[int] = mapped_column(default=1)

    exchange: Mapped[Exchange] = relationship()
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    __mapper_args__ = {"version_id_col": version_id}


def reviews_of(exchange: Exchange) -> list[Review]:
    """The reviews of a proposal, the oldest first; one statement."""
    query = select(Review).where(Review.exchange_id == exchange.id).order_by(Review.id)
    return list(db.session.scalars(query))


def review_by(exchange: Exchange, person: Person) -> Review | None:
    """What one reviewer wrote of a proposal."""
    query = select(Review).where(Review.exchange_id == exchange.id, Review.person_id == person.id)
    return db.session.scalars(query).first()


def write(exchange: Exchange, data: Mapping[str, Any], *, actor: Person) -> Review:
    """Write one's own review of a proposal, or write it again."""
    row = review_by(exchange, actor)
    if row is None:
        row = Review(exchange_id=exchange.id, person_id=actor.id)
        db.session.add(row)
    for name in (*CRITERIA, "note"):
        setattr(row, name, data.get(name) or ("" if name == "note" else None))
    db.session.flush()
    return row
