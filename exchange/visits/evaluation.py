"""The evaluation of a visit: questions by role, answers, what they add up to."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from sqlalchemy import select

from exchange import steps
from exchange.clock import now
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.visits.models import Evaluation, Participant, ParticipantRole, Visit
from exchange.visits.rating import rate_hosts
from exchange.vocabularies.models import Term
from exchange.vocabularies.queries import terms_of
from workflows.note import NoteState

SCALE = (1, 2, 3, 4, 5)
CHOICES = ("yes", "partly", "no")
LONGEST = 5000
# PostgreSQL takes no NUL, and no reader can read the others.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
ROLES = ("participant", "host", "expert")
# A facilitator works for the host; an observer sees what participants see.
ASKED_AS = {
    ParticipantRole.participant: "participant",
    ParticipantRole.observer: "participant",
    ParticipantRole.host: "host",
    ParticipantRole.facilitator: "host",
    ParticipantRole.expert: "expert",
}


def is_open(visit: Visit) -> bool:
    """Whether answers are taken: from its opening until the peer-learning note is published."""
    note = visit.exchange.note
    published = note is not None and note.state == NoteState.published
    return visit.evaluation_opened_on is not None and not published


def questions_for(participant: Participant) -> list[Term]:
    """The questions that the participant's role is asked, in their order."""
    return questions(ASKED_AS[participant.role])


def questions(role: str) -> list[Term]:
    """The questions of one role: participant, host or expert."""
    return [term for term in terms_of("evaluation_question") if term.facts.get("role") == role]


def answers_of(participant: Participant) -> Evaluation | None:
    """What the participant has answered."""
    query = select(Evaluation).where(Evaluation.participant_id == participant.id)
    return db.session.scalars(query).first()


def submit_evaluation(
    participant: Participant, answers: Mapping[str, Any], language: str
) -> Evaluation:
    """Keep the answers of a participant and count them for the offers that hosted the visit;
    answering again corrects them. The caller commits.

    :param answers: question code to 1–5, to yes, partly or no, or to a text; empty ones are left
        out.
    :param language: of the texts (ISO 639-1).
    :raises Invalid: ``evaluation_closed``; at the field of a question ``bad_value``; at
        ``answers`` ``unknown_question`` or ``no_answers``.
    """
    if not is_open(participant.visit):
        raise Invalid("answers", "evaluation_closed")
    checked = check_answers(questions_for(participant), answers)
    steps.lock(participant)  # the same person twice at once must end as one row
    row = answers_of(participant) or Evaluation(visit=participant.visit, participant=participant)
    row.role, row.language = ASKED_AS[participant.role], language
    row.answers, row.submitted_at = checked, now()
    db.session.add(row)
    db.session.flush()
    rate_hosts(participant.visit)
    return row


def check_answers(asked: list[Term], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are kept.

    :raises Invalid: as ``submit_evaluation``.
    """
    kinds = {term.code: term.facts.get("kind", "text") for term in asked}
    if unknown := sorted(set(answers) - set(kinds)):
        raise Invalid("answers", "unknown_question", codes=", ".join(unknown))
    given = {code: value for code, value in answers.items() if value not in (None, "")}
    checked = {code: _checked(code, kinds[code], value) for code, value in given.items()}
    if not checked:
        raise Invalid("answers", "no_answers")
    return checked


def _checked(code: str, kind: str, value: Any) -> int | str:
    text = str(value).strip()
    if kind == "scale" and text in map(str, SCALE) and not isinstance(value, bool):
        return int(text)
    if kind == "choice" and text in CHOICES:
        return text
    if kind == "text" and isinstance(value, str) and _is_clean(text):
        return text
    raise Invalid(code, "bad_value")


def _is_clean(text: str) -> bool:
    return len(text) <= LONGEST and not CONTROL.search(text)


@dataclass(frozen=True)
class Result:
    """What the answers to one question add up to. Texts carry their language, never a name."""

    question: Term
    count: int
    average: float | None
    counts: dict[str, int]
    texts: list[tuple[str, str]]


def results(visit: Visit) -> dict[str, list[Result]]:
    """The results of each role that has answered, in the order of the questions."""
    asked = terms_of("evaluation_question", retired=True)
    found = {}
    for role in ROLES:
        given = [one for one in visit.evaluations if one.role == role]
        if given:
            mine = [term for term in asked if term.facts.get("role") == role]
            found[role] = [_result(term, given) for term in mine]
    return found


def _result(question: Term, given: list[Evaluation]) -> Result:
    code, kind = question.code, question.facts.get("kind", "text")
    answers = [(one.language, one.answers[code]) for one in given if code in one.answers]
    values = [value for _language, value in answers]
    scale = kind == "scale" and values
    return Result(
        question=question,
        count=len(values),
        average=round(fmean(values), 2) if scale else None,
        counts=_counts(kind, values),
        # In the order of the alphabet: the order of arrival would tell who wrote what.
        texts=sorted(answers, key=lambda a: a[1]) if kind == "text" else [],
    )


def _counts(kind: str, values: list[Any]) -> dict[str, int]:
    known = {"scale": SCALE, "choice": CHOICES}.get(kind, ())
    counted = Counter(values)
    return {str(value): counted[value] for value in known}
