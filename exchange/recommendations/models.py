"""The register of recommendations and commitments: policy messages, and who answers for them."""

from datetime import date, datetime
from enum import StrEnum, auto

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Organisation
from exchange.extensions import Model, Record, UTCDateTime, choice, term_link
from exchange.vocabularies.models import Term
from workflows.recommendation import RecommendationState


class About(StrEnum):
    """What a recommendation is about: the third and the fourth result that a forum aims at."""

    policy = auto()
    method = auto()


class Scale(StrEnum):
    """On which level of government it is to be heard."""

    local = auto()
    national = auto()
    world = auto()


recommendation_terms = term_link("recommendation")


class Recommendation(Record, Model):
    """One sentence that somebody should act upon, with whom it is addressed to; ``supports`` counts
    the organisations that support it.
    """

    __tablename__ = "recommendation"
    __table_args__ = (Index("ix_recommendation_state_due_on", "state", "due_on"),)

    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(5))
    about: Mapped[About] = mapped_column(choice(About))
    scale: Mapped[Scale] = mapped_column(choice(Scale))
    addressee: Mapped[str] = mapped_column(String(300), default="", comment="who should hear it")
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    due_on: Mapped[date | None] = mapped_column(Date)
    evidence: Mapped[str] = mapped_column(Text, default="", comment="what shows that it was done")
    evidence_url: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[RecommendationState] = mapped_column(
        choice(RecommendationState), default=RecommendationState.proposed
    )
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # An axis of a learning strategy: the noun above this one, so its row is not spoken to here.
    axis_id: Mapped[int | None] = mapped_column(
        ForeignKey("strategy_axis.id", ondelete="SET NULL"), index=True
    )
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Organisation | None] = relationship()
    terms: Mapped[list[Term]] = relationship(secondary=recommendation_terms, order_by=Term.position)
    __mapper_args__ = {"version_id_col": version_id}

    def tagged(self, vocabulary: str) -> list[Term]:
        """The terms of one vocabulary: agenda."""
        return [term for term in self.terms if term.vocabulary == vocabulary]


class Support(Record, Model):
    """An organisation stands behind a recommendation: its vote, one for each organisation."""

    __tablename__ = "recommendation_support"
    __table_args__ = (UniqueConstraint("recommendation_id", "organisation_id"),)

    recommendation_id: Mapped[int] = mapped_column(
        ForeignKey("recommendation.id", ondelete="CASCADE")
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )

    recommendation: Mapped[Recommendation] = relationship()
    organisation: Mapped[Organisation] = relationship()


Recommendation.supports = column_property(
    select(func.count(Support.id))
    .where(Support.recommendation_id == Recommendation.id)
    .correlate_except(Support)
    .scalar_subquery()
)
