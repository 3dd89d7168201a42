"""Remarks on an exchange: what people write beside its moves. The caller commits."""

from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, Text, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from exchange import events
from exchange.directory.models import Person
from exchange.errors import Invalid
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, choice, db
from exchange.personal import Datum, Erased, Purpose, personal


class Audience(StrEnum):
    """Who reads a remark: everybody of the exchange, or the secretariat alone."""

    insiders = auto()
    staff = auto()


class Remark(Record, Model):
    """A few words on an exchange. It stays as it was written."""

    __tablename__ = "remark"
    __table_args__ = (Index("ix_remark_exchange_id_id", "exchange_id", "id"),)

    exchange_id: Mapped[int] = mapped_column(ForeignKey("exchange.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(
        Text, info=personal(Datum.contribution, Purpose.record, Erased.kept)
    )
    language: Mapped[str] = mapped_column(String(5), default="en")
    audience: Mapped[Audience] = mapped_column(choice(Audience), default=Audience.insiders)

    exchange: Mapped[Exchange] = relationship()
    author: Mapped[Person | None] = relationship()


SORTS = {"newest": Remark.id}


def listed(exchange: Exchange, *, for_staff: bool) -> Select[Any]:
    """The remarks on an exchange with their authors; those for staff to staff alone."""
    query = select(Remark).where(Remark.exchange_id == exchange.id)
    query = query if for_staff else query.where(Remark.audience == Audience.insiders)
    return query.options(joinedload(Remark.author))


def remark(
    exchange: Exchange, text: str, *, actor: Person, audience: Audience = Audience.insiders
) -> Remark:
    """Write a remark in the language of its author.

    :raises Invalid: ``staff_remark``, only the secretariat writes to itself.
    """
    if audience == Audience.staff and not actor.staff_role:
        raise Invalid("audience", "staff_remark")
    row = Remark(
        exchange=exchange, author=actor, text=text, language=actor.language, audience=audience
    )
    db.session.add(row)
    db.session.flush()
    events.publish("exchange.remarked", id=exchange.id)
    return row
