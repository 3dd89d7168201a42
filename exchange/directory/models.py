"""Organisations, who is a member of whom, and the people who speak for them."""

from datetime import date, datetime
from enum import StrEnum, auto

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from exchange.extensions import Model, Record, UTCDateTime, choice, term_link
from exchange.listing import folded
from exchange.personal import Datum, Erased, Purpose, personal
from exchange.vocabularies.models import Place, Term


class OrganisationKind(StrEnum):
    """The member categories of the world association, and those who work with it."""

    local_government = auto()
    association = auto()
    international_association = auto()
    section = auto()
    partner = auto()
    funder = auto()


class Level(StrEnum):
    """The level of a local government."""

    city = auto()
    region = auto()
    metropolitan = auto()


class Role(StrEnum):
    """What a person is in an organisation; a coordinator speaks for it."""

    member = auto()
    coordinator = auto()


class StaffRole(StrEnum):
    """What a person is in the world secretariat or in a section."""

    officer = auto()
    administrator = auto()
    section_officer = auto()


organisation_terms = term_link("organisation")


class Organisation(Record, Model):
    """A local government, an association of them, a section, a partner or a funder.

    ``terms`` hold its working languages and its sections (Metropolis and Regions are sections by
    kind, not by place, hence many to many).
    """

    __tablename__ = "organisation"
    __table_args__ = (
        Index("ix_organisation_folded_name", "folded_name"),
        CheckConstraint("population >= 0", name="population"),
        CheckConstraint(
            "kind = 'local_government' OR level IS NULL", name="only_governments_have_a_level"
        ),
    )

    name: Mapped[str] = mapped_column(String(200))
    folded_name: Mapped[str] = mapped_column(String(200), default="")
    short_name: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[OrganisationKind] = mapped_column(choice(OrganisationKind), index=True)
    level: Mapped[Level | None] = mapped_column(choice(Level))
    country_code: Mapped[str | None] = mapped_column(String(2), index=True, comment="ISO 3166-1")
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    population: Mapped[int | None] = mapped_column(Integer, comment="inhabitants")
    website: Mapped[str] = mapped_column(String(300), default="")
    external_id: Mapped[str | None] = mapped_column(
        String(80), unique=True, comment="the key of an import; importing again updates"
    )
    contact_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), comment="point of contact"
    )
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    place: Mapped[Place | None] = relationship()
    contact: Mapped["Person | None"] = relationship(foreign_keys=[contact_id])
    terms: Mapped[list[Term]] = relationship(secondary=organisation_terms, order_by=Term.position)
    memberships: Mapped[list["Membership"]] = relationship(
        foreign_keys="Membership.member_id", back_populates="member", cascade="all, delete-orphan"
    )
    members: Mapped[list["Membership"]] = relationship(
        foreign_keys="Membership.body_id", back_populates="body", cascade="all, delete-orphan"
    )
    affiliations: Mapped[list["Affiliation"]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan"
    )
    __mapper_args__ = {"version_id_col": version_id}

    @validates("name")
    def _fold(self, _key: str, name: str) -> str:
        """Whoever writes the name, the search finds it."""
        self.folded_name = folded(name)[:200]
        return name

    def tagged(self, vocabulary: str) -> list[Term]:
        """The terms of one vocabulary: ``language`` or ``section``."""
        return [term for term in self.terms if term.vocabulary == vocabulary]


class Membership(Record, Model):
    """``member`` belongs to ``body``: a city to its association, an association to its section."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("member_id", "body_id"),
        CheckConstraint("member_id <> body_id", name="not_itself"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    body_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )

    member: Mapped[Organisation] = relationship(
        foreign_keys=[member_id], back_populates="memberships"
    )
    body: Mapped[Organisation] = relationship(foreign_keys=[body_id], back_populates="members")


class Person(Record, Model):
    """Somebody who can sign in, or who is named as a contact."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(
            "staff_role <> 'section_officer' OR section_code IS NOT NULL", name="section_named"
        ),
    )

    name: Mapped[str] = mapped_column(
        String(200), info=personal(Datum.person_name, Purpose.account, Erased.renamed)
    )
    email: Mapped[str] = mapped_column(
        String(254),
        unique=True,
        comment="lower case",
        info=personal(Datum.address, Purpose.account),
    )
    password_hash: Mapped[str | None] = mapped_column(
        String(200), comment="argon2id; empty: none", info=personal(Datum.secret, Purpose.account)
    )
    language: Mapped[str] = mapped_column(
        String(5), default="en", info=personal(Datum.choice, Purpose.account, Erased.kept)
    )
    time_zone: Mapped[str] = mapped_column(
        String(64), default="UTC", info=personal(Datum.choice, Purpose.account, Erased.kept)
    )
    staff_role: Mapped[StaffRole | None] = mapped_column(choice(StaffRole))
    section_code: Mapped[str | None] = mapped_column(String(20), comment="region of its officer")
    disabled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    erased_on: Mapped[date | None] = mapped_column(
        Date, comment="personal data were taken out at the person's request"
    )
    last_sign_in_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime, info=personal(Datum.activity, Purpose.account)
    )
    demo: Mapped[bool] = mapped_column(default=False, index=True)

    affiliations: Mapped[list["Affiliation"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", lazy="selectin"
    )

    def organisation_ids(self, role: Role | None = None) -> set[int]:
        """Ids of the organisations this person belongs to (as ``role`` when given)."""
        return {a.organisation_id for a in self.affiliations if role in (None, a.role)}


class Affiliation(Record, Model):
    """A person belongs to an organisation, in a role."""

    __tablename__ = "affiliation"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[Role] = mapped_column(choice(Role), default=Role.member)

    person: Mapped[Person] = relationship(back_populates="affiliations")
    organisation: Mapped[Organisation] = relationship(back_populates="affiliations", lazy="joined")
