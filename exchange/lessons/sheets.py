"""What each city writes after the visit: six questions, and its signature. The caller commits.

The peer-learning note is written by one author; these are the voices of the cities that it is
assembled from, the learner's and the host's.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from exchange import events, steps
from exchange.clock import today
from exchange.directory.models import Organisation, Person
from exchange.errors import Conflict, Invalid
from exchange.exchanges.models import Exchange, PartnerRole
from exchange.extensions import Model, Record, db
from exchange.personal import Datum, Erased, Purpose, personal
from exchange.visits.models import SessionKind
from workflows.exchange import ExchangeState

WRITING = (
    ExchangeState.under_way,
    ExchangeState.visited,
    ExchangeState.evaluating,
    ExchangeState.note_drafting,
)


class LessonQuestion(StrEnum):
    """What each city is asked, in this order."""

    problem = auto()
    seen = auto()
    surprised = auto()
    will_change = auto()
    hard_to_transfer = auto()
    advice = auto()


# A sheet says at least what was seen and what will change.
NEEDED = (LessonQuestion.seen, LessonQuestion.will_change)


class LessonSheet(Record, Model):
    """The answers of one partner; signed, they go into the note."""

    __tablename__ = "lesson_sheet"
    __table_args__ = (UniqueConstraint("exchange_id", "organisation_id"),)

    exchange_id: Mapped[int] = mapped_column(ForeignKey("exchange.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    language: Mapped[str] = mapped_column(String(5), default="en")
    answers: Mapped[dict[str, str]] = mapped_column(
        JSON, default=dict, info=personal(Datum.contribution, Purpose.record, Erased.kept)
    )
    signed_on: Mapped[date | None] = mapped_column(Date)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    version_id: Mapped[int] = mapped_column(default=1)

    exchange: Mapped[Exchange] = relationship()
    organisation: Mapped[Organisation] = relationship()
    signed_by: Mapped[Person | None] = relationship()
    __mapper_args__ = {"version_id_col": version_id}

    @property
    def missing(self) -> list[LessonQuestion]:
        """The questions that must be answered before it is signed."""
        return [one for one in NEEDED if not self.answers.get(one, "").strip()]


def writers(exchange: Exchange) -> list[Organisation]:
    """The partners that are asked: learners first, then hosts."""
    learners = exchange.with_role(PartnerRole.learner)
    both = [*learners, *exchange.with_role(PartnerRole.host)]
    return list(dict.fromkeys(partner.organisation for partner in both))


def sheets_of(exchange: Exchange) -> dict[int, LessonSheet]:
    """The sheets of an exchange, by organisation; one statement."""
    query = select(LessonSheet).where(LessonSheet.exchange_id == exchange.id)
    loaded = query.options(joinedload(LessonSheet.organisation), joinedload(LessonSheet.signed_by))
    return {row.organisation_id: row for row in db.session.scalars(loaded)}


def is_open(exchange: Exchange) -> bool:
    """Whether cities may write: from the visit until the note is in review."""
    return exchange.state in WRITING


def sheet_for(exchange: Exchange, organisation: Organisation, *, language: str) -> LessonSheet:
    """The sheet of a partner; begun with what the visits hold when there is none.

    :raises Invalid: ``lessons_closed``; ``not_a_side``.
    """
    steps.lock(exchange)
    _check(exchange, organisation)
    found = sheets_of(exchange).get(organisation.id)
    if found is not None:
        return found
    seen = {LessonQuestion.seen.value: _seen(exchange)}
    row = LessonSheet(
        exchange=exchange,
        organisation=organisation,
        language=language,
        answers={question: text for question, text in seen.items() if text},
    )
    db.session.add(row)
    db.session.flush()
    return row


def _check(exchange: Exchange, organisation: Organisation) -> None:
    if not is_open(exchange):
        raise Invalid("exchange_id", "lessons_closed")
    if organisation not in writers(exchange):
        raise Invalid("organisation_id", "not_a_side")


def _seen(exchange: Exchange) -> str:
    """The places of the field visits, a line each: where the memory begins."""
    lines = [
        ", ".join(filter(None, (session.title, session.place)))
        for visit in exchange.visits
        for session in visit.sessions
        if session.kind in (SessionKind.field_visit, SessionKind.case_gallery)
    ]
    return "\n".join(f"- {line}" for line in lines)


def require_open(sheet: LessonSheet) -> None:
    """:raises Conflict: ``sheet_signed``. :raises Invalid: ``lessons_closed``."""
    _check(sheet.exchange, sheet.organisation)
    if sheet.signed_on:
        raise Conflict("sheet_signed", name=sheet.organisation.name)


def write(sheet: LessonSheet, data: Mapping[str, Any]) -> LessonSheet:
    """Write answers and language of a sheet that is not signed.

    :raises Conflict: ``sheet_signed``.
    :raises Invalid: ``lessons_closed``.
    """
    require_open(sheet)
    answers = {one.value: data[one] for one in LessonQuestion if one in data}
    sheet.answers = {**sheet.answers, **answers}
    sheet.language = data.get("language", sheet.language)
    db.session.flush()
    return sheet


def sign(sheet: LessonSheet, *, actor: Person) -> LessonSheet:
    """Sign for the partner: this is what it says. Signed twice is signed once.

    :raises Invalid: an answer that is needed is missing; the field is its question.
    """
    _check(sheet.exchange, sheet.organisation)
    for question in sheet.missing:
        raise Invalid(question, "answer_needed")
    if sheet.signed_on is None:
        sheet.signed_on, sheet.signed_by = today(), actor
        db.session.flush()
        events.publish("lesson_sheet.signed", id=sheet.id, exchange_id=sheet.exchange_id)
    return sheet


def reopen(sheet: LessonSheet) -> LessonSheet:
    """Take the signature back, to write on."""
    _check(sheet.exchange, sheet.organisation)
    sheet.signed_on = sheet.signed_by = None
    db.session.flush()
    return sheet
