"""What it takes to re-use a practice, and who did: the sheet and the adoptions."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Organisation, Person
from exchange.extensions import Model, Record, UTCDateTime, choice
from exchange.lessons.models import CostOrder
from exchange.personal import Datum, Erased, Purpose, personal
from exchange.practices.models import Practice
from workflows.adoption import AdoptionState


class PracticeSheet(Record, Model):
    """Understand, adapt, re-use: what another city must know before it takes the practice up."""

    __tablename__ = "practice_sheet"

    practice_id: Mapped[int] = mapped_column(
        ForeignKey("practice.id", ondelete="CASCADE"), unique=True
    )
    understand: Mapped[str] = mapped_column(Text, default="", comment="why it works there")
    adapt: Mapped[str] = mapped_column(Text, default="", comment="what must differ elsewhere")
    reuse: Mapped[str] = mapped_column(Text, default="", comment="what can be taken as it is")
    conditions: Mapped[str] = mapped_column(Text, default="")
    legal_competence: Mapped[str] = mapped_column(Text, default="")
    cost_order: Mapped[CostOrder] = mapped_column(choice(CostOrder), default=CostOrder.unknown)
    what_failed: Mapped[str] = mapped_column(Text, default="")


class Adoption(Record, Model):
    """A city takes up a practice: what it made different (``adapted``), what ``changed`` there."""

    __tablename__ = "adoption"
    __table_args__ = (UniqueConstraint("practice_id", "organisation_id"),)

    practice_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    adapted: Mapped[str] = mapped_column(
        Text, default="", info=personal(Datum.contribution, Purpose.record, Erased.kept)
    )
    changed: Mapped[str] = mapped_column(
        Text, default="", info=personal(Datum.contribution, Purpose.record, Erased.kept)
    )
    language: Mapped[str] = mapped_column(String(5), comment="in which they wrote it")
    state: Mapped[AdoptionState] = mapped_column(
        choice(AdoptionState), default=AdoptionState.planned
    )
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version_id}

    practice: Mapped[Practice] = relationship()
    organisation: Mapped[Organisation] = relationship()
    author: Mapped[Person | None] = relationship()
