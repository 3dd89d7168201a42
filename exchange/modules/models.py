"""Learning modules: their versions, partners and deliveries; and the topics they should take up."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum, auto

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from exchange.catalogue.models import Need, need_terms
from exchange.clock import now
from exchange.directory.models import Organisation
from exchange.exchanges.linked_needs import OPEN_NEED
from exchange.exchanges.models import Exchange, MeetingMode
from exchange.extensions import Model, Record, UTCDateTime, choice, term_link
from exchange.lessons.models import Note
from exchange.vocabularies.models import Term
from workflows.module import ModuleState
from workflows.module_topic import TopicState

module_terms, module_topic_terms = term_link("module"), term_link("module_topic")


class Depth(StrEnum):
    """How far a module goes."""

    introduction = auto()
    application = auto()
    trainers = auto()


class Part(StrEnum):
    """What a partner does for a module."""

    lead = auto()
    content = auto()
    training = auto()
    funding = auto()
    pilot = auto()
    example = auto()


class DeliveryKind(StrEnum):
    """Whom a delivery was for: those who train others, or those who learn."""

    training_of_trainers = auto()
    training = auto()


class Module(Record, Model):
    """A module of the catalogue. ``terms`` hold themes and agendas; it grew from ``topics``."""

    __tablename__ = "module"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    depth: Mapped[Depth] = mapped_column(choice(Depth), default=Depth.introduction)
    # An axis of a learning strategy: the noun above this one, so its row is not spoken to here.
    axis_id: Mapped[int | None] = mapped_column(
        ForeignKey("strategy_axis.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[ModuleState] = mapped_column(choice(ModuleState), default=ModuleState.drafted)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    terms: Mapped[list[Term]] = relationship(secondary=module_terms, order_by=Term.position)
    versions: Mapped[list["ModuleVersion"]] = relationship(
        back_populates="module",
        cascade="all, delete-orphan",
        order_by="ModuleVersion.released_on.desc(), ModuleVersion.id.desc()",
    )
    partners: Mapped[list["ModulePartner"]] = relationship(
        back_populates="module", cascade="all, delete-orphan", order_by="ModulePartner.id"
    )
    deliveries: Mapped[list["Delivery"]] = relationship(
        back_populates="module",
        cascade="all, delete-orphan",
        order_by="Delivery.starts_on.desc(), Delivery.id.desc()",
    )
    topics: Mapped[list["ModuleTopic"]] = relationship(
        back_populates="module", order_by="ModuleTopic.id"
    )
    __mapper_args__ = {"version_id_col": version_id}

    def tagged(self, vocabulary: str) -> list[Term]:
        """The terms of one vocabulary: theme or agenda."""
        return [term for term in self.terms if term.vocabulary == vocabulary]


class ModuleVersion(Record, Model):
    """What of a module can be given to others, since when, and what is different in it."""

    __tablename__ = "module_version"
    __table_args__ = (UniqueConstraint("module_id", "number"),)

    module_id: Mapped[int] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(String(20))
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    released_on: Mapped[date] = mapped_column(Date)
    url: Mapped[str] = mapped_column(String(500), default="")
    changes: Mapped[str] = mapped_column(Text, default="", comment="what is different in it")
    language: Mapped[str] = mapped_column(String(5), comment="in which the changes are told")

    module: Mapped[Module] = relationship(back_populates="versions")


class ModulePartner(Record, Model):
    """An organisation with one of its parts in a module; it may have several."""

    __tablename__ = "module_partner"
    __table_args__ = (UniqueConstraint("module_id", "organisation_id", "part"),)

    module_id: Mapped[int] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    part: Mapped[Part] = mapped_column(choice(Part))

    module: Mapped[Module] = relationship(back_populates="partners")
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)


class Delivery(Record, Model):
    """A time that a module was given: to whom, where, how, and what they thought of it.

    ``exchange`` is set where it was part of one.
    """

    __tablename__ = "module_delivery"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="period"),
        CheckConstraint("evaluation BETWEEN 1 AND 5", name="evaluation"),
    )

    module_id: Mapped[int] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"), index=True)
    kind: Mapped[DeliveryKind] = mapped_column(choice(DeliveryKind))
    mode: Mapped[MeetingMode] = mapped_column(choice(MeetingMode))
    place: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    language: Mapped[str | None] = mapped_column(String(5))
    participants: Mapped[int | None]
    women: Mapped[int | None]
    men: Mapped[int | None]
    evaluation: Mapped[Decimal | None] = mapped_column(Numeric(3, 2), comment="mean, from 1 to 5")
    url: Mapped[str] = mapped_column(String(500), default="")
    exchange_id: Mapped[int | None] = mapped_column(
        ForeignKey("exchange.id", ondelete="SET NULL"), index=True
    )

    module: Mapped[Module] = relationship(back_populates="deliveries")
    exchange: Mapped[Exchange | None] = relationship()

    @property
    def reference(self) -> str:
        """The reference of its exchange; "" without one."""
        return self.exchange.reference if self.exchange else ""


class ModuleTopic(Record, Model):
    """A topic as it was proposed: by somebody, by a note of a forum that names it, or by ``note``,
    a published lesson. ``module`` is the one that took it up; ``demand`` counts the open needs with
    one of its themes or agendas.
    """

    __tablename__ = "module_topic"

    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(5))
    note_id: Mapped[int | None] = mapped_column(
        ForeignKey("note.id", ondelete="SET NULL"), unique=True
    )
    module_id: Mapped[int | None] = mapped_column(
        ForeignKey("module.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[TopicState] = mapped_column(choice(TopicState), default=TopicState.proposed)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    note: Mapped[Note | None] = relationship()
    module: Mapped[Module | None] = relationship(back_populates="topics")
    terms: Mapped[list[Term]] = relationship(secondary=module_topic_terms, order_by=Term.position)
    __mapper_args__ = {"version_id_col": version_id}

    def tagged(self, vocabulary: str) -> list[Term]:
        """The terms of one vocabulary: theme or agenda."""
        return [term for term in self.terms if term.vocabulary == vocabulary]


# The needs of a topic: open ones that share a tag with it. A topic is tagged by nothing else.
ModuleTopic.demand = column_property(
    select(func.count(Need.id.distinct()))
    .join(need_terms, need_terms.c.need_id == Need.id)
    .join(module_topic_terms, module_topic_terms.c.term_id == need_terms.c.term_id)
    .where(module_topic_terms.c.module_topic_id == ModuleTopic.id, Need.state.in_(OPEN_NEED))
    .correlate_except(Need, need_terms, module_topic_terms)
    .scalar_subquery()
)
