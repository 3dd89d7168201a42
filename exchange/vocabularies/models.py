"""Controlled vocabularies as data, and the places of the world."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.extensions import Model, Record, UTCDateTime


class Term(Record, Model):
    """One entry of a vocabulary: a theme, an SDG target, a language, a country …

    ``labels`` and ``texts`` map a language code to words; ``labels`` are short and ours, ``texts``
    are official full texts that an import brought.
    """

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("vocabulary", "code"),)

    vocabulary: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(80))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"), index=True)
    labels: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    facts: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, comment="what the vocabulary adds: usual days, pillar, ISO codes"
    )
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime, comment="no longer offered; kept because it was used"
    )

    parent: Mapped["Term | None"] = relationship(remote_side="Term.id")

    @property
    def parent_code(self) -> str:
        """The code of the entry it lies under; empty for none."""
        return self.parent.code if self.parent else ""

    def label(self, language: str) -> str:
        """The words in ``language``, else in English, else the code."""
        return self.labels.get(language) or self.labels.get("en") or self.code


class Place(Model):
    """A city of GeoNames: the primary key is its GeoNames id."""

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        CheckConstraint("lon BETWEEN -180 AND 180", name="lon"),
        Index("ix_place_folded_name", "folded_name"),
        Index("ix_place_country_population", "country_code", "population"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="GeoNames id")
    name: Mapped[str] = mapped_column(String(200))
    folded_name: Mapped[str] = mapped_column(
        String(200), comment="lower case, no accents: what a search compares"
    )
    country_code: Mapped[str] = mapped_column(String(2))
    lat: Mapped[float]
    lon: Mapped[float]
    population: Mapped[int] = mapped_column(comment="inhabitants")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
