"""Mechanisms of learning, what each needs and gives, pairs of them, and events of others."""

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

from exchange.catalogue.models import Need
from exchange.clock import now
from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, UTCDateTime, choice, link
from exchange.practices.models import Observatory, Practice
from exchange.vocabularies.models import Term
from workflows.mechanism_listing import LIVE, MechanismListingState
from workflows.mechanism_pair import MechanismPairState


class MechanismKind(StrEnum):
    """What kind of environment of learning it is."""

    observatory = auto()
    hub = auto()
    committee = auto()
    section = auto()
    module = auto()
    community = auto()


class Gives(StrEnum):
    """Which side of the dialogue is speaking."""

    needs = auto()
    offers = auto()


class Mechanism(Record, Model):
    """An observatory, a hub, a committee … ``terms`` hold working languages and themes.

    An observatory that is in the register of observatories is linked, not written twice.
    """

    __tablename__ = "mechanism"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[MechanismKind] = mapped_column(choice(MechanismKind))
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    observatory_id: Mapped[int | None] = mapped_column(
        ForeignKey("observatory.id", ondelete="SET NULL"), unique=True
    )
    website: Mapped[str] = mapped_column(String(500), default="")
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship()
    contact: Mapped[Person | None] = relationship()
    observatory: Mapped[Observatory | None] = relationship()
    terms: Mapped[list[Term]] = relationship(secondary="mechanism_term", order_by=Term.position)
    listings: Mapped[list["MechanismListing"]] = relationship(
        back_populates="mechanism", cascade="all, delete-orphan", order_by="MechanismListing.id"
    )
    exchanges: Mapped[list[Exchange]] = relationship(
        secondary="mechanism_exchange", order_by=Exchange.reference
    )
    practices: Mapped[list[Practice]] = relationship(
        secondary="mechanism_practice", order_by=Practice.id
    )
    needs: Mapped[list[Need]] = relationship(secondary="mechanism_need", order_by=Need.id)
    __mapper_args__ = {"version_id_col": version_id}

    def tagged(self, vocabulary: str) -> list[Term]:
        """The terms of one vocabulary: theme or language."""
        return [term for term in self.terms if term.vocabulary == vocabulary]


class MechanismListing(Record, Model):
    """What a mechanism needs of others, or gives them. ``terms`` hold themes and formats."""

    __tablename__ = "mechanism_listing"
    __table_args__ = (Index("ix_mechanism_listing_state_expires_on", "state", "expires_on"),)

    mechanism_id: Mapped[int] = mapped_column(
        ForeignKey("mechanism.id", ondelete="CASCADE"), index=True
    )
    side: Mapped[Gives] = mapped_column(choice(Gives))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(5))
    expires_on: Mapped[date] = mapped_column(Date, comment="until when it holds unless renewed")
    state: Mapped[MechanismListingState] = mapped_column(
        choice(MechanismListingState), default=MechanismListingState.open
    )
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    mechanism: Mapped[Mechanism] = relationship(back_populates="listings")
    terms: Mapped[list[Term]] = relationship(
        secondary="mechanism_listing_term", order_by=Term.position
    )
    __mapper_args__ = {"version_id_col": version_id}

    def tagged(self, vocabulary: str) -> list[Term]:
        """The terms of one vocabulary: theme or format."""
        return [term for term in self.terms if term.vocabulary == vocabulary]

    @property
    def live(self) -> bool:
        """Whether it holds still."""
        return self.state in LIVE

    @property
    def organisation(self) -> Organisation:
        """Where its mechanism is at home: its people answer for it."""
        return self.mechanism.organisation

    @property
    def organisation_id(self) -> int:
        """The id of that home."""
        return self.mechanism.organisation_id


class MechanismPair(Record, Model):
    """A need and an offer of two mechanisms that somebody brought together.

    ``score`` and ``reasons`` are what the matcher said when it was suggested. ``asked_by``: the
    side that asked, and so has said yes.
    """

    __tablename__ = "mechanism_pair"
    __table_args__ = (UniqueConstraint("need_id", "offer_id"),)

    need_id: Mapped[int] = mapped_column(ForeignKey("mechanism_listing.id", ondelete="CASCADE"))
    offer_id: Mapped[int] = mapped_column(
        ForeignKey("mechanism_listing.id", ondelete="CASCADE"), index=True
    )
    score: Mapped[int] = mapped_column(comment="basis points")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    asked_by: Mapped[Gives | None] = mapped_column(choice(Gives, "asked_by"))
    exchange_id: Mapped[int | None] = mapped_column(
        ForeignKey("exchange.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[MechanismPairState] = mapped_column(
        choice(MechanismPairState), default=MechanismPairState.suggested
    )
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    version_id: Mapped[int] = mapped_column(default=1)

    need: Mapped[MechanismListing] = relationship(foreign_keys=[need_id])
    offer: Mapped[MechanismListing] = relationship(foreign_keys=[offer_id])
    exchange: Mapped[Exchange | None] = relationship()
    __mapper_args__ = {"version_id_col": version_id}

    @property
    def title(self) -> str:
        """What is looked for, as it was written."""
        return self.need.title


class OutsideEvent(Record, Model):
    """An event of another association: whoever plans a visit sees that it is on."""

    __tablename__ = "outside_event"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="window"),)

    organiser: Mapped[str] = mapped_column(String(200), comment="the association that holds it")
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5))
    partner_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    place: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date] = mapped_column(Date, index=True)
    ends_on: Mapped[date] = mapped_column(Date)
    url: Mapped[str] = mapped_column(String(500), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    partner: Mapped[Organisation | None] = relationship()
    terms: Mapped[list[Term]] = relationship(secondary="outside_event_term", order_by=Term.position)
    __mapper_args__ = {"version_id_col": version_id}

    def tagged(self, vocabulary: str) -> list[Term]:
        """The terms of one vocabulary: theme."""
        return [term for term in self.terms if term.vocabulary == vocabulary]


mechanism_terms = link("mechanism_term", mechanism_id="mechanism", term_id="term")
listing_terms = link(
    "mechanism_listing_term", mechanism_listing_id="mechanism_listing", term_id="term"
)
event_terms = link("outside_event_term", outside_event_id="outside_event", term_id="term")
mechanism_exchanges = link("mechanism_exchange", mechanism_id="mechanism", exchange_id="exchange")
mechanism_practices = link("mechanism_practice", mechanism_id="mechanism", practice_id="practice")
mechanism_needs = link("mechanism_need", mechanism_id="mechanism", need_id="need")
