"""How visitors marked what an offer hosted. The caller commits."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select

from exchange.catalogue.actions import rate
from exchange.catalogue.models import Offer
from exchange.extensions import db
from exchange.matching.models import Match
from exchange.matching.queries import TOGETHER
from exchange.visits.models import Evaluation, Participant, Visit

# Hosts and experts judge other things: only who came to learn says how it was to be hosted.
VISITORS = "participant"


def rate_hosts(visit: Visit) -> None:
    """Count anew the marks of the offers that hosted the exchange of ``visit``: those of its agreed
    and concluded matches. Doing it twice changes nothing."""
    hosted = select(Match.offer_id).where(
        Match.exchange_id == visit.exchange_id, Match.state.in_(TOGETHER)
    )
    # Locked before the answers are counted: of two who answer at once, the second counts both.
    query = select(Offer).where(Offer.id.in_(hosted)).order_by(Offer.id).with_for_update()
    offers = list(db.session.scalars(query))
    marks = _marks([offer.id for offer in offers])
    for offer in offers:
        rate(offer, len(marks[offer.id]), sum(marks[offer.id]))


def mark(answers: Iterable[Any]) -> int | None:
    """The mark of one visitor: the mean of what they answered on the scale from 1 to 5, as a whole
    number, halves up; None when they answered nothing on it."""
    given = [value for value in answers if isinstance(value, int)]
    return (2 * sum(given) + len(given)) // (2 * len(given)) if given else None


def _marks(offer_ids: list[int]) -> dict[int, list[int]]:
    """Offer → one mark of each visitor, whatever the number of needs its exchanges answered."""
    hosted = (
        select(Match.offer_id, Match.exchange_id, Offer.organisation_id)
        .join(Offer, Offer.id == Match.offer_id)
        .where(Match.offer_id.in_(offer_ids), Match.state.in_(TOGETHER))
        .distinct()
        .subquery()
    )
    # Somebody whose data were taken out has no organisation any more; their mark stays.
    stranger = or_(
        Participant.id.is_(None), Participant.organisation_id != hosted.c.organisation_id
    )
    query = (
        select(hosted.c.offer_id, Evaluation.answers)
        .join(Visit, Visit.exchange_id == hosted.c.exchange_id)
        .join(Evaluation, Evaluation.visit_id == Visit.id)
        .outerjoin(Participant, Participant.id == Evaluation.participant_id)
        .where(Evaluation.role == VISITORS, stranger)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for offer_id, answers in db.session.execute(query):
        given = mark(answers.values())
        if given is not None:
            found[offer_id].append(given)
    return found
