"""Partnerships of cities over years: phases, pairs with what they agreed and did, and reviews."""

from datetime import date, datetime
from enum import StrEnum, auto

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now, today
from exchange.directory.models import Organisation
from exchange.exchanges.models import Exchange
from exchange.extensions import Base, Model, Record, UTCDateTime, choice, link
from workflows.partnership import PartnershipState

partnership_funders = link(
    "partnership_funder", partnership_id="partnership", organisation_id="organisation"
)
pair_cities = link("pair_city", pair_id="pair", organisation_id="organisation")
# An exchange belongs to one pair.
pair_exchanges = Table(
    "pair_exchange",
    Base.metadata,
    Column("exchange_id", ForeignKey("exchange.id", ondelete="CASCADE"), primary_key=True),
    Column("pair_id", ForeignKey("pair.id", ondelete="CASCADE"), nullable=False, index=True),
)


class AgreementKind(StrEnum):
    """What cities sign with each other."""

    memorandum = auto()
    convention = auto()
    technical = auto()
    coordination = auto()
    other = auto()


class BenefitKind(StrEnum):
    """What a side has from a partnership."""

    policy = auto()
    service = auto()
    skills = auto()
    visibility = auto()
    staff = auto()
    other = auto()


class PublicPart(StrEnum):
    """What the lead of a partnership may show to everybody, beside its title, years and lead."""

    phases = auto()
    cities = auto()
    funders = auto()
    agreements = auto()
    benefits = auto()


class Partnership(Record, Model):
    """A cooperation over years. Its lead answers for it."""

    __tablename__ = "partnership"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="period"),)

    code: Mapped[str] = mapped_column(String(40), unique=True)
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    starts_on: Mapped[date] = mapped_column(Date, index=True)
    ends_on: Mapped[date] = mapped_column(Date)
    lead_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[PartnershipState] = mapped_column(
        choice(PartnershipState), default=PartnershipState.prepared
    )
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    is_public: Mapped[bool] = mapped_column(default=False, index=True)
    shown: Mapped[list[str]] = mapped_column(
        JSON, default=list, comment="what the public page shows beside title, years and lead"
    )
    demo: Mapped[bool] = mapped_column(default=False, index=True)

    lead: Mapped[Organisation] = relationship()
    funders: Mapped[list[Organisation]] = relationship(
        secondary=partnership_funders, order_by=Organisation.folded_name
    )
    phases: Mapped[list["PartnershipPhase"]] = relationship(
        back_populates="partnership",
        cascade="all, delete-orphan",
        order_by="PartnershipPhase.starts_on, PartnershipPhase.id",
    )
    pairs: Mapped[list["Pair"]] = relationship(
        back_populates="partnership", cascade="all, delete-orphan", order_by="Pair.id"
    )
    reviews: Mapped[list["ReviewWorkshop"]] = relationship(
        back_populates="partnership",
        cascade="all, delete-orphan",
        order_by="ReviewWorkshop.held_on",
    )


class PartnershipPhase(Record, Model):
    """One stretch of a partnership; its order is that of its days."""

    __tablename__ = "partnership_phase"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="period"),)

    partnership_id: Mapped[int] = mapped_column(
        ForeignKey("partnership.id", ondelete="CASCADE"), index=True
    )
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)

    partnership: Mapped[Partnership] = relationship(back_populates="phases")


class Pair(Record, Model):
    """Two cities or more that work together: three make it triangular."""

    __tablename__ = "pair"

    partnership_id: Mapped[int] = mapped_column(
        ForeignKey("partnership.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200), default="", comment="empty: its cities")

    partnership: Mapped[Partnership] = relationship(back_populates="pairs")
    cities: Mapped[list[Organisation]] = relationship(
        secondary=pair_cities, order_by=Organisation.folded_name
    )
    exchanges: Mapped[list[Exchange]] = relationship(
        secondary=pair_exchanges, order_by=Exchange.reference
    )
    activities: Mapped[list["Activity"]] = relationship(
        back_populates="pair",
        cascade="all, delete-orphan",
        order_by="Activity.due_on, Activity.id",
    )
    agreements: Mapped[list["Agreement"]] = relationship(
        back_populates="pair", cascade="all, delete-orphan", order_by="Agreement.signed_on"
    )
    benefits: Mapped[list["Benefit"]] = relationship(
        back_populates="pair", cascade="all, delete-orphan", order_by="Benefit.id"
    )

    @property
    def called(self) -> str:
        """Its name; without one, its cities."""
        return self.name or " – ".join(city.name for city in self.cities)


class Activity(Record, Model):
    """One line of the work plan of a pair."""

    __tablename__ = "pair_activity"

    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    due_on: Mapped[date] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)

    pair: Mapped[Pair] = relationship(back_populates="activities")
    organisation: Mapped[Organisation] = relationship()

    @property
    def overdue(self) -> bool:
        """Its day has passed and nobody has said that it was done."""
        return self.done_on is None and self.due_on < today()


class Agreement(Record, Model):
    """What the cities of a pair signed."""

    __tablename__ = "pair_agreement"

    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id", ondelete="CASCADE"), index=True)
    kind: Mapped[AgreementKind] = mapped_column(choice(AgreementKind))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5))
    signed_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    evidence_url: Mapped[str] = mapped_column(String(500), default="")

    pair: Mapped[Pair] = relationship(back_populates="agreements")

    @property
    def ended(self) -> bool:
        """Its last day has passed."""
        return self.ends_on is not None and self.ends_on < today()


class Benefit(Record, Model):
    """What one side has from the partnership."""

    __tablename__ = "pair_benefit"

    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[BenefitKind] = mapped_column(choice(BenefitKind))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5))
    evidence_url: Mapped[str] = mapped_column(String(500), default="")

    pair: Mapped[Pair] = relationship(back_populates="benefits")
    organisation: Mapped[Organisation] = relationship()


class ReviewWorkshop(Record, Model):
    """A workshop at which the pairs compare their sheets, due by a day before it."""

    __tablename__ = "partnership_review"

    partnership_id: Mapped[int] = mapped_column(
        ForeignKey("partnership.id", ondelete="CASCADE"), index=True
    )
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    place: Mapped[str] = mapped_column(String(200), default="")
    held_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date, comment="the last day to write a sheet")

    partnership: Mapped[Partnership] = relationship(back_populates="reviews")
    sheets: Mapped[list["ReviewSheet"]] = relationship(
        back_populates="review", cascade="all, delete-orphan"
    )


class ReviewSheet(Record, Model):
    """What a pair brings to a review: the parts that the cities of Brazil and Mozambique used."""

    __tablename__ = "partnership_review_sheet"
    __table_args__ = (UniqueConstraint("review_id", "pair_id"),)

    review_id: Mapped[int] = mapped_column(ForeignKey("partnership_review.id", ondelete="CASCADE"))
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(5))
    context: Mapped[str] = mapped_column(Text, default="")
    objectives: Mapped[str] = mapped_column(Text, default="")
    results: Mapped[str] = mapped_column(Text, default="")
    challenges: Mapped[str] = mapped_column(Text, default="")
    lessons: Mapped[str] = mapped_column(Text, default="")
    next_steps: Mapped[str] = mapped_column(Text, default="")

    review: Mapped[ReviewWorkshop] = relationship(back_populates="sheets")
    pair: Mapped[Pair] = relationship()
