"""What those who took part say of a format: the evaluations of the visits of its exchanges."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from sqlalchemy import select

from exchange.exchanges.models import Exchange, exchange_terms
from exchange.extensions import db
from exchange.visits.models import Evaluation, Visit
from exchange.vocabularies.models import Term
from exchange.vocabularies.queries import terms_of

# Fewer answers would say who gave them.
AT_LEAST = 5


@dataclass(frozen=True)
class Feedback:
    """The answers for one format: how many people, of how many exchanges, and the mean from 1 to 5
    of each question that has a scale, ``None`` below ``AT_LEAST`` people."""

    people: int
    exchanges: int
    mean: float | None
    questions: tuple[tuple[Term, float], ...] = ()


NOTHING = Feedback(0, 0, None)


def feedback_of(format_ids: Iterable[int | None]) -> dict[int, Feedback]:
    """What was answered for each format; two statements, however many formats."""
    wanted = {one for one in format_ids if one is not None}
    if not wanted:
        return {}
    query = (
        select(exchange_terms.c.term_id, Exchange.id, Evaluation.answers)
        .join(Visit, Visit.id == Evaluation.visit_id)
        .join(Exchange, Exchange.id == Visit.exchange_id)
        .join(exchange_terms, exchange_terms.c.exchange_id == Exchange.id)
        .where(exchange_terms.c.term_id.in_(wanted))
    )
    given: dict[int, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for format_id, exchange_id, answers in db.session.execute(query):
        given[format_id].append((exchange_id, answers))
    asked = terms_of("evaluation_question", retired=True)
    scaled = [term for term in asked if term.facts.get("kind") == "scale"]
    return {format_id: _feedback(rows, scaled) for format_id, rows in given.items()}


def _feedback(rows: list[tuple[int, dict[str, Any]]], scaled: list[Term]) -> Feedback:
    people, exchanges = len(rows), len({exchange_id for exchange_id, _answers in rows})
    if people < AT_LEAST:
        return Feedback(people, exchanges, None)
    found = []
    values: list[int] = []
    for term in scaled:
        marks = [answers[term.code] for _id, answers in rows if term.code in answers]
        values += marks
        if len(marks) >= AT_LEAST:
            found.append((term, round(fmean(marks), 2)))
    mean = round(fmean(values), 2) if values else None
    return Feedback(people, exchanges, mean, tuple(found))
