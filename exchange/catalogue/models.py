"""Needs and offers: what a local government wants to learn, and what it can show."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Organisation, Person
from exchange.extensions import Model, Record, UTCDateTime, choice, term_link
from exchange.programmes.models import Programme
from exchange.vocabularies.models import Term
from workflows.need import NeedState
from workflows.offer import OfferState

need_terms, offer_terms = term_link("need"), term_link("offer")


class Listing(Record):
    """What needs and offers have in common.

    ``terms`` hold themes, SDG targets, agendas, formats and working languages. ``organisation`` is
    whose need or offer it is; ``published_by`` is set when its association publishes for it.
    """

    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(5), comment="the language of title and text")
    available_from: Mapped[date | None] = mapped_column(Date)
    available_until: Mapped[date | None] = mapped_column(Date)
    guests: Mapped[int | None] = mapped_column(comment="people sent, or hosted, at once")
    interpretation: Mapped[bool] = mapped_column(
        default=False, comment="can work through an interpreter"
    )
    budget_note: Mapped[str] = mapped_column(Text, default="")
    visa_note: Mapped[str] = mapped_column(Text, default="")
    visa_letter: Mapped[bool] = mapped_column(
        default=False, comment="a need: must have one from the host; an offer: writes one"
    )
    funding: Mapped[bool] = mapped_column(
        default=False, comment="a need: its costs must be borne; an offer: bears them"
    )
    innovative: Mapped[bool] = mapped_column(
        default=False, comment="a way that is new to the city, or that it is first to try"
    )
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_on: Mapped[date | None] = mapped_column(Date, index=True)
    external_id: Mapped[str | None] = mapped_column(String(80), unique=True)
    examined_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime, comment="when the matcher last looked; before updated_at: it must look again"
    )
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    if TYPE_CHECKING:  # each noun has its own table of states and its own tags
        state: Mapped[Any]
        terms: Mapped[list[Term]]

    @declared_attr
    def organisation_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("organisation.id"), index=True)

    @declared_attr
    def published_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("organisation.id"), index=True)

    @declared_attr
    def contact_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    @declared_attr
    def organisation(cls) -> Mapped[Organisation]:
        return relationship(foreign_keys=[cls.organisation_id])  # type: ignore[list-item] # a mixin: the column, not its value

    @declared_attr
    def published_by(cls) -> Mapped[Organisation | None]:
        return relationship(foreign_keys=[cls.published_by_id])  # type: ignore[list-item] # the same

    @declared_attr
    def contact(cls) -> Mapped[Person | None]:
        return relationship(foreign_keys=[cls.contact_id])  # type: ignore[list-item] # the same

    def tagged(self, vocabulary: str) -> list[Term]:
        """The terms of one vocabulary: theme, sdg_target, agenda, format or language."""
        return [term for term in self.terms if term.vocabulary == vocabulary]


class Need(Listing, Model):
    """What a local government wants to learn, and with whom it could."""

    __tablename__ = "need"
    __table_args__ = (
        Index("ix_need_state_expires_on", "state", "expires_on"),
        CheckConstraint("available_from <= available_until", name="window"),
        CheckConstraint("hosts_wanted > 0", name="hosts_wanted"),
        CheckConstraint("hosts_held >= 0 AND hosts_held <= hosts_wanted", name="hosts_held"),
        CheckConstraint("guests > 0", name="guests"),
    )

    state: Mapped[NeedState] = mapped_column(choice(NeedState), default=NeedState.draft)
    hosts_wanted: Mapped[int] = mapped_column(default=1, comment="with how many to learn")
    hosts_held: Mapped[int] = mapped_column(default=0, comment="asked or found by matches")
    passed_over: Mapped[int] = mapped_column(
        default=0, comment="published runs in a row that found it no host"
    )
    programme_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme.id", ondelete="SET NULL"), index=True
    )
    programme: Mapped[Programme | None] = relationship()
    terms: Mapped[list[Term]] = relationship(secondary=need_terms, order_by=Term.position)
    __mapper_args__ = {"version_id_col": Listing.version_id}


class Offer(Listing, Model):
    """What a local government can show. ``places`` is how many exchanges it can host at once.

    While it is paused it has no place for anybody new; the nightly look takes the pause away.
    """

    __tablename__ = "offer"
    __table_args__ = (
        Index("ix_offer_state_expires_on", "state", "expires_on"),
        CheckConstraint("available_from <= available_until", name="window"),
        CheckConstraint("places > 0", name="places"),
        CheckConstraint("places_taken >= 0 AND places_taken <= places", name="places_taken"),
        CheckConstraint("stars BETWEEN votes AND 5 * votes", name="stars"),
        CheckConstraint("guests > 0", name="guests"),
        CheckConstraint("hosts_a_year > 0", name="hosts_a_year"),
    )

    state: Mapped[OfferState] = mapped_column(choice(OfferState), default=OfferState.draft)
    places: Mapped[int] = mapped_column(default=1)
    places_taken: Mapped[int] = mapped_column(default=0, comment="held or given by matches")
    paused_until: Mapped[date | None] = mapped_column(
        Date, comment="nobody new is taken before this day"
    )
    hosts_a_year: Mapped[int | None] = mapped_column(comment="visits it can host in a year")
    season_note: Mapped[str] = mapped_column(Text, default="")
    votes: Mapped[int] = mapped_column(default=0, comment="evaluations of what it hosted")
    stars: Mapped[int] = mapped_column(default=0, comment="the sum of their marks, 1 to 5 each")
    terms: Mapped[list[Term]] = relationship(secondary=offer_terms, order_by=Term.position)
    __mapper_args__ = {"version_id_col": Listing.version_id}


class Favourite(Record, Model):
    """A need or an offer of another that an organisation wants to find again."""

    __tablename__ = "favourite"
    __table_args__ = (
        CheckConstraint("(need_id IS NULL) <> (offer_id IS NULL)", name="one"),
        UniqueConstraint("organisation_id", "need_id"),
        UniqueConstraint("organisation_id", "offer_id"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    need_id: Mapped[int | None] = mapped_column(
        ForeignKey("need.id", ondelete="CASCADE"), index=True
    )
    offer_id: Mapped[int | None] = mapped_column(
        ForeignKey("offer.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
