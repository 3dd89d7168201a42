"""Visits: when and where, programme, participants, checklist, evaluation."""

from datetime import date, datetime, time
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    String,
    Text,
    Time,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, UTCDateTime, choice
from exchange.personal import Datum, Erased, Purpose, personal
from exchange.vocabularies.models import Term
from workflows.participant import ParticipantState


class VisitMode(StrEnum):
    """How people meet."""

    on_site = auto()
    online = auto()
    hybrid = auto()


class SessionKind(StrEnum):
    """What happens in a session."""

    opening = auto()
    context = auto()
    field_visit = auto()
    case_gallery = auto()
    working_group = auto()
    action_planning = auto()
    feedback = auto()
    pause = auto()


class ParticipantRole(StrEnum):
    """What a person is in a visit; the evaluation asks each role its own questions."""

    participant = auto()
    host = auto()
    expert = auto()
    facilitator = auto()
    observer = auto()


class Office(StrEnum):
    """Political or technical: an exchange needs both; may stay unsaid."""

    political = auto()
    technical = auto()
    other = auto()
    unsaid = auto()


class Gender(StrEnum):
    """For the balance of a delegation; never asked twice, may stay unsaid."""

    woman = auto()
    man = auto()
    unsaid = auto()


class SheetKind(StrEnum):
    """What a participant brings."""

    practice = auto()
    challenge = auto()


class ChecklistParty(StrEnum):
    """Who settles something before the visit."""

    host = auto()
    learner = auto()
    officer = auto()


class VisitTime(StrEnum):
    """Which visits a list holds; what is under way or has no date yet counts as to come."""

    to_come = auto()
    past = auto()
    all = auto()


class DateAnswer(StrEnum):
    """What a partner says to proposed dates."""

    fits = auto()
    if_needed = auto()
    no = auto()


class Visit(Record, Model):
    """One visit of an exchange. Its state is the exchange's: a visit holds facts only."""

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("exchange_id", "number"),
        CheckConstraint("starts_on <= ends_on", name="window"),
    )

    exchange_id: Mapped[int] = mapped_column(ForeignKey("exchange.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(default=1, comment="first, second … visit")
    title: Mapped[str] = mapped_column(String(200), default="")
    mode: Mapped[VisitMode] = mapped_column(choice(VisitMode), default=VisitMode.on_site)
    starts_on: Mapped[date | None] = mapped_column(Date, index=True)
    ends_on: Mapped[date | None] = mapped_column(Date)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC", comment="of the place")
    place: Mapped[str] = mapped_column(String(300), default="", comment="address or room")
    online_url: Mapped[str] = mapped_column(String(500), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    interpretation: Mapped[str] = mapped_column(String(200), default="")
    access_needs: Mapped[str] = mapped_column(Text, default="")
    attendance_recorded_on: Mapped[date | None] = mapped_column(Date)
    evaluation_opened_on: Mapped[date | None] = mapped_column(Date)
    version_id: Mapped[int] = mapped_column(default=1)

    exchange: Mapped[Exchange] = relationship(back_populates="visits")
    sessions: Mapped[list["VisitSession"]] = relationship(
        back_populates="visit",
        cascade="all, delete-orphan",
        order_by="VisitSession.day, VisitSession.starts_at",
    )
    participants: Mapped[list["Participant"]] = relationship(
        back_populates="visit", cascade="all, delete-orphan", order_by="Participant.id"
    )
    checklist: Mapped[list["ChecklistItem"]] = relationship(
        back_populates="visit", cascade="all, delete-orphan", order_by="ChecklistItem.due_on"
    )
    evaluations: Mapped[list["Evaluation"]] = relationship(
        back_populates="visit", cascade="all, delete-orphan", order_by="Evaluation.id"
    )
    __mapper_args__ = {"version_id_col": version_id}


class VisitSession(Record, Model):
    """One session of the programme, in the local time of the visit."""

    __tablename__ = "visit_session"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="times"),)

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    day: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[time] = mapped_column(Time)
    ends_at: Mapped[time] = mapped_column(Time)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[SessionKind] = mapped_column(choice(SessionKind), default=SessionKind.context)
    place: Mapped[str] = mapped_column(String(200), default="")
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))

    visit: Mapped[Visit] = relationship(back_populates="sessions")
    speaker: Mapped[Organisation | None] = relationship()


class Participant(Record, Model):
    """A person of a delegation: nominated by an organisation, confirmed by the person."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("visit_id", "email"),)

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), info=personal(Datum.person_name, Purpose.visit))
    email: Mapped[str] = mapped_column(
        String(254), comment="lower case", info=personal(Datum.address, Purpose.visit)
    )
    language: Mapped[str] = mapped_column(
        String(5), default="en", info=personal(Datum.choice, Purpose.visit, Erased.kept)
    )
    function: Mapped[str] = mapped_column(
        String(200), default="", info=personal(Datum.office, Purpose.visit)
    )
    role: Mapped[ParticipantRole] = mapped_column(
        choice(ParticipantRole), default=ParticipantRole.participant
    )
    office: Mapped[Office] = mapped_column(choice(Office), default=Office.unsaid)
    gender: Mapped[Gender] = mapped_column(
        choice(Gender), default=Gender.unsaid, info=personal(Datum.gender, Purpose.visit)
    )
    state: Mapped[ParticipantState] = mapped_column(
        choice(ParticipantState), default=ParticipantState.nominated
    )
    attended: Mapped[bool | None] = mapped_column(
        comment="empty: not recorded yet", info=personal(Datum.activity, Purpose.visit, Erased.kept)
    )
    needs: Mapped[str] = mapped_column(
        Text,
        default="",
        comment="access, diet, visa letter",
        info=personal(Datum.special_needs, Purpose.visit),
    )
    erased_on: Mapped[date | None] = mapped_column(
        Date, comment="personal data were taken out at the person's request"
    )

    visit: Mapped[Visit] = relationship(back_populates="participants")
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    sheet: Mapped["PreparationSheet | None"] = relationship(
        back_populates="participant", cascade="all, delete-orphan", uselist=False
    )
    links: Mapped[list["ParticipantLink"]] = relationship(
        back_populates="participant", cascade="all, delete-orphan"
    )


class ParticipantLink(Record, Model):
    """A personal link by which a participant answers without an account.

    Several may live at once: a reminder brings a new one, and the one in the older mail must go
    on working. Only the SHA-256 of its secret is kept.
    """

    __tablename__ = "participant_link"

    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), index=True
    )
    secret_hash: Mapped[str] = mapped_column(
        String(64), unique=True, info=personal(Datum.secret, Purpose.visit, Erased.gone)
    )

    participant: Mapped[Participant] = relationship(back_populates="links")


class PreparationSheet(Record, Model):
    """One practice or one challenge that a participant brings."""

    __tablename__ = "preparation_sheet"

    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), unique=True
    )
    kind: Mapped[SheetKind] = mapped_column(choice(SheetKind))
    title: Mapped[str] = mapped_column(
        String(200), info=personal(Datum.contribution, Purpose.visit, Erased.kept)
    )
    problem: Mapped[str] = mapped_column(
        Text, default="", info=personal(Datum.contribution, Purpose.visit, Erased.kept)
    )
    what_was_done: Mapped[str] = mapped_column(
        Text, default="", info=personal(Datum.contribution, Purpose.visit, Erased.kept)
    )
    result: Mapped[str] = mapped_column(
        Text, default="", info=personal(Datum.contribution, Purpose.visit, Erased.kept)
    )
    language: Mapped[str] = mapped_column(String(5), default="en")

    participant: Mapped[Participant] = relationship(back_populates="sheet")


class ChecklistItem(Record, Model):
    """Something to settle before the visit."""

    __tablename__ = "checklist_item"
    __table_args__ = (UniqueConstraint("visit_id", "term_id"),)

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))
    term_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    label: Mapped[str] = mapped_column(String(200), default="", comment="when it is not a term")
    who: Mapped[str] = mapped_column(String(40), default="host", comment="host, learner, officer")
    due_on: Mapped[date | None] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    visit: Mapped[Visit] = relationship(back_populates="checklist")
    term: Mapped[Term | None] = relationship(lazy="joined")
    done_by: Mapped[Person | None] = relationship()

    @property
    def party(self) -> ChecklistParty:
        """Who settles it; an officer when an administrator wrote a party we do not know."""
        known = self.who in ChecklistParty.__members__
        return ChecklistParty(self.who) if known else ChecklistParty.officer


class Evaluation(Record, Model):
    """The answers of one participant to the questions of their role."""

    __tablename__ = "evaluation"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL"), unique=True
    )
    role: Mapped[str] = mapped_column(String(20), comment="participant, host or expert")
    language: Mapped[str] = mapped_column(String(5), default="en")
    answers: Mapped[dict[str, Any]] = mapped_column(
        JSON,
        comment="question code to answer",
        info=personal(Datum.contribution, Purpose.visit, Erased.kept),
    )
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    visit: Mapped[Visit] = relationship(back_populates="evaluations")
    participant: Mapped[Participant | None] = relationship()


class VisitDates(Record, Model):
    """Dates that somebody proposes for a visit."""

    __tablename__ = "visit_dates"
    __table_args__ = (
        UniqueConstraint("visit_id", "starts_on", "ends_on"),
        CheckConstraint("starts_on <= ends_on", name="window"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    remark: Mapped[str] = mapped_column(String(200), default="")

    visit: Mapped[Visit] = relationship()
    organisation: Mapped[Organisation] = relationship()
    answers: Mapped[list["DatesAnswer"]] = relationship(
        back_populates="dates", cascade="all, delete-orphan", order_by="DatesAnswer.id"
    )

    def answer_of(self, organisation_id: int) -> DateAnswer | None:
        """What an organisation said, if it did."""
        said = (one.answer for one in self.answers if one.organisation_id == organisation_id)
        return next(said, None)


class DatesAnswer(Record, Model):
    """The answer of one partner to one proposal; the last word counts."""

    __tablename__ = "visit_dates_answer"
    __table_args__ = (UniqueConstraint("dates_id", "organisation_id"),)

    dates_id: Mapped[int] = mapped_column(ForeignKey("visit_dates.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    answer: Mapped[DateAnswer] = mapped_column(choice(DateAnswer))

    dates: Mapped[VisitDates] = relationship(back_populates="answers")
