"""What happens to learning strategies and their consultations. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import multilingual, steps
from exchange.directory.models import Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Invalid, NotAllowed
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.predicates import staff
from exchange.steps import Step
from exchange.strategies.models import (
    Axis,
    Consultation,
    ConsultationAnswer,
    Indicator,
    Strategy,
)
from workflows.consultation import CONSULTATION, ConsultationState

_WORDS = {"title": "titles", "text": "texts", "synthesis": "synthesis"}


def create(data: Mapping[str, Any]) -> Strategy:
    """Write a strategy.

    :raises Invalid: ``code_taken``; ``window``, it would end before it begins.
    """
    row = Strategy()
    edit(row, data)
    db.session.add(row)
    db.session.flush()
    return row


def edit(row: Strategy, data: Mapping[str, Any]) -> Strategy:
    """Change a strategy.

    :raises Invalid: ``code_taken``; ``window``; ``follows_itself``.
    """
    code = data.get("code", row.code)
    with db.session.no_autoflush:
        known = db.session.scalars(select(Strategy).where(Strategy.code == code)).first()
        if known is not None and known is not row:
            raise Invalid("code", "code_taken")
        if row.id is not None and data.get("follows_id") == row.id:
            raise Invalid("follows_id", "follows_itself")
        multilingual.write(row, data, _WORDS)
    if row.ends_on < row.starts_on:
        raise Invalid("ends_on", "window")
    db.session.flush()
    return row


def add_axis(strategy: Strategy, data: Mapping[str, Any]) -> Axis:
    """Add an axis, the last one."""
    axis = Axis(position=len(strategy.axes) + 1)
    multilingual.write(axis, data, _WORDS)
    strategy.axes.append(axis)
    db.session.flush()
    return axis


def save(row: Axis | Indicator, data: Mapping[str, Any]) -> Axis | Indicator:
    """Change an axis or an indicator."""
    multilingual.write(row, data, _WORDS)
    db.session.flush()
    return row


def add_indicator(axis: Axis, data: Mapping[str, Any]) -> Indicator:
    """Add an indicator to an axis."""
    row = Indicator()
    multilingual.write(row, data, _WORDS)
    axis.indicators.append(row)
    db.session.flush()
    return row


def tag(axis: Axis, reference: str) -> Exchange:
    """Tag an exchange to an axis, by its reference; once, however often.

    :raises Invalid: ``no_such_exchange``.
    """
    query = select(Exchange).where(Exchange.reference == reference.strip().upper())
    found = db.session.scalars(query).first()
    if found is None:
        raise Invalid("reference", "no_such_exchange")
    if found not in axis.exchanges:
        axis.exchanges.append(found)
        db.session.flush()
    return found


def untag(axis: Axis, exchange_id: int) -> None:
    """Take an exchange away from an axis."""
    axis.exchanges = [one for one in axis.exchanges if one.id != exchange_id]
    db.session.flush()


def add_consultation(strategy: Strategy, data: Mapping[str, Any]) -> Consultation:
    """Prepare a round of questions."""
    row = Consultation(questions=[])
    _fill(row, data)
    strategy.consultations.append(row)
    db.session.flush()
    return row


def edit_consultation(row: Consultation, data: Mapping[str, Any]) -> Consultation:
    """Change a round; its questions stay as they are once somebody can answer.

    :raises Invalid: ``questions_are_asked``.
    """
    questions = multilingual.lines(data, "questions", row.questions)
    if row.state != ConsultationState.preparing and questions != row.questions:
        raise Invalid("questions_en", "questions_are_asked")
    _fill(row, data)
    db.session.flush()
    return row


def _fill(row: Consultation, data: Mapping[str, Any]) -> None:
    multilingual.write(row, data, _WORDS, leave=("questions",))
    row.questions = multilingual.lines(data, "questions", row.questions)


def answer(
    row: Consultation, number: int, data: Mapping[str, Any], *, language: str, actor: Person
) -> ConsultationAnswer:
    """Answer one question for an organisation; answering again writes over it.

    :raises NotAllowed: ``consultation_closed``.
    :raises Invalid: ``not_yours``; ``no_such_question``.
    """
    steps.lock(row)
    organisation_id = data["organisation_id"]
    if row.state != ConsultationState.open:
        raise NotAllowed("consultation_closed")
    if not 0 <= number < len(row.questions):
        raise Invalid("text", "no_such_question")
    if not staff(actor, None) and organisation_id not in acts_for_ids(actor):
        raise Invalid("organisation_id", "not_yours")
    mine = (one for one in row.answers if one.organisation_id == organisation_id)
    found = next((one for one in mine if one.number == number), None)
    if found is None:
        found = ConsultationAnswer(organisation_id=organisation_id, number=number)
        row.answers.append(found)
    found.text, found.language, found.person = data["text"], language, actor
    db.session.flush()
    return found


def advance_consultation(
    row: Consultation,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a consultation one step and write the step down."""
    return steps.advance(
        CONSULTATION, row, trigger, actor=actor, note=note, expected_state=expected_state
    )
