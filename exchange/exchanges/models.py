"""The exchange: partners with roles, the needs it answers, its money and its phases."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum, auto
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    exists,
    func,
)
from sqlalchemy.orm import (
    Mapped,
    column_property,
    mapped_column,
    query_expression,
    relationship,
    validates,
)

from exchange.catalogue.models import Need
from exchange.clock import now
from exchange.directory.models import Organisation, Person
from exchange.extensions import Model, Record, UTCDateTime, choice, link, term_link
from exchange.listing import NONE_IS_LATEST
from exchange.steps import Step
from exchange.vocabularies.models import Term
from workflows.exchange import EXCHANGE, ExchangeState

if TYPE_CHECKING:
    from exchange.lessons.models import (
        FollowUp,
        Note,
        RecordedChange,
        RoadMapAction,
        Transferability,
    )
    from exchange.matching.models import Match
    from exchange.visits.models import Visit


# The triggers of steps that no table holds: an administrator's, and what was written down later.
OVERRIDE, RECORD_PAST = "override", "record_past"


class ExchangeKind(StrEnum):
    """The formats of exchange, after the field's own names."""

    peer_learning_event = auto()
    study_visit = auto()
    peer_review = auto()
    mentoring = auto()
    expert_mission = auto()
    city_pairing = auto()
    cooperation_partnership = auto()
    local_lab = auto()
    module_training = auto()


MULTI_VISIT_KINDS = frozenset(
    {
        ExchangeKind.mentoring,
        ExchangeKind.city_pairing,
        ExchangeKind.cooperation_partnership,
        ExchangeKind.local_lab,
    }
)


class MeetingMode(StrEnum):
    """How the people of an exchange would meet."""

    on_site = auto()
    online = auto()
    hybrid = auto()


class HostSearch(StrEnum):
    """Whether a proposal brings its host or asks for one."""

    known = auto()
    wanted = auto()


class PartnerRole(StrEnum):
    """What an organisation does in an exchange."""

    host = auto()
    learner = auto()
    mentor = auto()
    reviewer = auto()
    facilitator = auto()
    association = auto()
    section = auto()
    technical_partner = auto()
    funder = auto()


class BudgetCategory(StrEnum):
    """What money is spent on."""

    travel = auto()
    accommodation = auto()
    per_diem = auto()
    interpretation = auto()
    venue = auto()
    expertise = auto()
    publication = auto()
    other = auto()


exchange_terms = term_link("exchange")
exchange_needs = link("exchange_need", exchange_id="exchange", need_id="need")


class Exchange(Record, Model):
    """One peer-learning or decentralised-cooperation exchange, from proposal to recorded change."""

    __tablename__ = "exchange"
    __table_args__ = (
        Index("ix_exchange_state_due_on", "state", "due_on"),
        # The order of every list: its first page is read from here, however long it is.
        Index("ix_exchange_due_on", "due_on", "id"),
        # All that the dashboard and the filters of the list count, read instead of the rows; in
        # the order in which the filters group it, so that SQLite sorts nothing.
        Index(
            "ix_exchange_standing",
            *("state", "held_state", "kind", "owner_id", "state_since", "due_on"),
            *("proposer_id", "contact_id", "id"),
        ),
        CheckConstraint("starts_on <= ends_on", name="window"),
        CheckConstraint("guests >= 1", name="guests"),
        CheckConstraint("(state = 'on_hold') = (held_state IS NOT NULL)", name="held"),
    )

    reference: Mapped[str] = mapped_column(String(20), unique=True, comment="PX-2026-0042")
    title: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(Text, default="", comment="what is to be learned")
    kind: Mapped[ExchangeKind] = mapped_column(choice(ExchangeKind))
    language: Mapped[str] = mapped_column(String(5), comment="the language of its texts")
    state: Mapped[ExchangeState] = mapped_column(choice(ExchangeState), default=ExchangeState.draft)
    held_state: Mapped[ExchangeState | None] = mapped_column(
        choice(ExchangeState, "held_state"), comment="where it was when put on hold"
    )
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    due_on: Mapped[date | None] = mapped_column(
        Date, comment="when the state should be left", info=NONE_IS_LATEST
    )
    proposer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), comment="point of contact of the proposer"
    )
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, comment="officer who follows it"
    )
    starts_on: Mapped[date | None] = mapped_column(Date, comment="planned window")
    ends_on: Mapped[date | None] = mapped_column(Date)
    concept_note: Mapped[str] = mapped_column(Text, default="")
    concept_note_agreed_on: Mapped[date | None] = mapped_column(Date)
    programme: Mapped[str] = mapped_column(String(200), default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    learning_question: Mapped[str] = mapped_column(
        Text, default="", comment="the one question the hosts should answer"
    )
    host_search: Mapped[HostSearch | None] = mapped_column(choice(HostSearch))
    mode: Mapped[MeetingMode | None] = mapped_column(choice(MeetingMode))
    guests: Mapped[int | None] = mapped_column(comment="how many people would come")
    access_needs: Mapped[str] = mapped_column(Text, default="")
    budget_note: Mapped[str] = mapped_column(Text, default="", comment="what it may cost, who pays")
    consented_on: Mapped[date | None] = mapped_column(
        Date, comment="when its proposer agreed that others read it"
    )
    external_id: Mapped[str | None] = mapped_column(String(80), unique=True)
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    proposer: Mapped[Organisation] = relationship(foreign_keys=[proposer_id])
    contact: Mapped[Person | None] = relationship(foreign_keys=[contact_id])
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    terms: Mapped[list[Term]] = relationship(secondary=exchange_terms, order_by=Term.position)
    needs: Mapped[list[Need]] = relationship(secondary=exchange_needs, backref="exchanges")
    partners: Mapped[list["Partner"]] = relationship(
        back_populates="exchange", cascade="all, delete-orphan", order_by="Partner.id"
    )
    budget_lines: Mapped[list["BudgetLine"]] = relationship(
        back_populates="exchange", cascade="all, delete-orphan", order_by="BudgetLine.id"
    )
    phases: Mapped[list["Phase"]] = relationship(
        back_populates="exchange", cascade="all, delete-orphan", order_by="Phase.starts_on"
    )
    matches: Mapped[list["Match"]] = relationship(back_populates="exchange")
    visits: Mapped[list["Visit"]] = relationship(
        back_populates="exchange", cascade="all, delete-orphan", order_by="Visit.number"
    )
    note: Mapped["Note | None"] = relationship(
        back_populates="exchange", cascade="all, delete-orphan", uselist=False
    )
    road_map_actions: Mapped[list["RoadMapAction"]] = relationship(
        back_populates="exchange", cascade="all, delete-orphan", order_by="RoadMapAction.due_on"
    )
    transferability: Mapped["Transferability | None"] = relationship(
        back_populates="exchange", cascade="all, delete-orphan", uselist=False
    )
    follow_ups: Mapped[list["FollowUp"]] = relationship(
        back_populates="exchange", cascade="all, delete-orphan", order_by="FollowUp.due_on"
    )
    recorded_changes: Mapped[list["RecordedChange"]] = relationship(
        back_populates="exchange", cascade="all, delete-orphan", order_by="RecordedChange.id"
    )
    # What has no day comes last, on both databases.
    due_order: Mapped[date] = column_property(func.coalesce(due_on, date.max), deferred=True)
    # Whether its turn is that of who asks: only where a query says who that is.
    your_turn: Mapped[bool | None] = query_expression()
    if TYPE_CHECKING:
        overridden: Mapped[bool]
    __mapper_args__ = {"version_id_col": version_id}

    @validates("state")
    def _remember_where_it_was(self, _name: str, state: ExchangeState) -> ExchangeState:
        """On hold, an exchange remembers where it stood; elsewhere there is nothing to remember."""
        on_hold = state == ExchangeState.on_hold
        self.held_state = (self.held_state or self.state) if on_hold else None
        return state

    @property
    def phase(self) -> str:
        """The stage it is in; on hold, the stage it was in."""
        return EXCHANGE.rule(self.held_state or self.state).phase

    @property
    def is_multi_visit(self) -> bool:
        """Whether this kind usually lives over several visits."""
        return self.kind in MULTI_VISIT_KINDS

    @property
    def current_visit(self) -> "Visit | None":
        """The visit that is being prepared, held or evaluated: the last one planned."""
        return self.visits[-1] if self.visits else None

    def tagged(self, vocabulary: str) -> list[Term]:
        """The terms of one vocabulary: theme, sdg_target, agenda, format or language."""
        return [term for term in self.terms if term.vocabulary == vocabulary]

    def with_role(self, *roles: PartnerRole) -> list["Partner"]:
        """The partners in any of ``roles``."""
        return [partner for partner in self.partners if partner.role in roles]


# An administrator went round the table once: the mark stays for ever. What was written down of the
# past (``record_past``) went round it too, and is no override of anybody.
Exchange.overridden = column_property(
    exists().where(
        Step.subject_type == EXCHANGE.name, Step.subject_id == Exchange.id, Step.trigger == OVERRIDE
    ),
    deferred=True,
)


class Partner(Record, Model):
    """An organisation in an exchange, in a role, committed or not yet."""

    __tablename__ = "partner"
    __table_args__ = (
        UniqueConstraint("exchange_id", "organisation_id", "role"),
        Index("ix_partner_organisation_id", "organisation_id", "exchange_id"),
    )

    exchange_id: Mapped[int] = mapped_column(ForeignKey("exchange.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[PartnerRole] = mapped_column(choice(PartnerRole))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    committed_on: Mapped[date | None] = mapped_column(Date)

    exchange: Mapped[Exchange] = relationship(back_populates="partners")
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    contact: Mapped[Person | None] = relationship()

    @property
    def answers(self) -> Person | None:
        """Whom to write to: the contact of this exchange, else that of the organisation."""
        return self.contact or self.organisation.contact


class BudgetLine(Record, Model):
    """One line of the budget: who pays how much for what."""

    __tablename__ = "budget_line"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"),)

    exchange_id: Mapped[int] = mapped_column(
        ForeignKey("exchange.id", ondelete="CASCADE"), index=True
    )
    category: Mapped[BudgetCategory] = mapped_column(choice(BudgetCategory))
    label: Mapped[str] = mapped_column(String(200), default="")
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2), comment="in whole currency units")
    currency: Mapped[str] = mapped_column(String(3), default="EUR", comment="ISO 4217")
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))

    exchange: Mapped[Exchange] = relationship(back_populates="budget_lines")
    payer: Mapped[Organisation | None] = relationship()


class Phase(Record, Model):
    """A phase of a partnership over years."""

    __tablename__ = "phase"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="window"),)

    exchange_id: Mapped[int] = mapped_column(
        ForeignKey("exchange.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(200))
    objective: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)

    exchange: Mapped[Exchange] = relationship(back_populates="phases")


class ReferenceCounter(Model):
    """The last number given in a year; its row is locked while a number is taken."""

    __tablename__ = "reference_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)
