"""Agreeing on the dates of a visit: each side names some, each answers all. The caller commits."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from exchange import events, steps
from exchange.clock import today
from exchange.directory.models import Organisation, Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Conflict, Invalid
from exchange.exchanges.models import Exchange, Partner, PartnerRole
from exchange.extensions import db
from exchange.predicates import staff
from exchange.visits.models import DateAnswer, DatesAnswer, Visit, VisitDates
from exchange.visits.programme import edit_visit
from exchange.visits.queries import PLANNABLE
from workflows.exchange import ExchangeState

# More than this nobody compares; the partners talk instead.
MOST = 8
SETTLED = (ExchangeState.declined, ExchangeState.cancelled)


def sides(exchange: Exchange) -> list[Organisation]:
    """Those whose yes the dates need: the hosts and the learners."""
    partners = exchange.with_role(PartnerRole.host, PartnerRole.learner)
    return list(dict.fromkeys(partner.organisation for partner in partners))


def spoken_for(visit: Visit, actor: Person | None) -> list[Organisation]:
    """The sides for which ``actor`` may speak; staff may for all of them."""
    everybody, mine = staff(actor, visit), acts_for_ids(actor)
    return [one for one in sides(visit.exchange) if everybody or one.id in mine]


def dates_of(visit: Visit) -> list[VisitDates]:
    """The proposals with their answers, the earliest first; two statements."""
    query = (
        select(VisitDates)
        .where(VisitDates.visit_id == visit.id)
        .options(joinedload(VisitDates.organisation), selectinload(VisitDates.answers))
        .order_by(VisitDates.starts_on, VisitDates.id)
    )
    return list(db.session.scalars(query))


def waited_for(dates: VisitDates, of: Iterable[Organisation]) -> list[Organisation]:
    """The sides that have not said whether these dates fit, or said no."""
    return [one for one in of if dates.answer_of(one.id) in (None, DateAnswer.no)]


def is_open(visit: Visit) -> bool:
    """Whether the dates of a visit can be talked about: it is neither confirmed nor over."""
    return visit.exchange.state in PLANNABLE and visit.attendance_recorded_on is None


def propose(
    visit: Visit, organisation_id: int, starts_on: date, ends_on: date, *, remark: str = ""
) -> VisitDates:
    """Propose dates for a visit; they fit whoever proposes them.

    :raises Invalid: ``not_a_side``; ``dates_settled``; ``window``; ``dates_past``;
        ``dates_there``; ``dates_many``, there are eight already.
    """
    steps.lock(visit.exchange)
    _check_side(visit, organisation_id)
    if ends_on < starts_on:
        raise Invalid("ends_on", "window")
    if starts_on < today(visit.time_zone):
        raise Invalid("starts_on", "dates_past")
    there = dates_of(visit)
    if any((one.starts_on, one.ends_on) == (starts_on, ends_on) for one in there):
        raise Invalid("starts_on", "dates_there")
    if len(there) >= MOST:
        raise Invalid("starts_on", "dates_many", most=MOST)
    row = VisitDates(
        visit=visit,
        organisation_id=organisation_id,
        starts_on=starts_on,
        ends_on=ends_on,
        remark=remark,
    )
    row.answers.append(DatesAnswer(organisation_id=organisation_id, answer=DateAnswer.fits))
    db.session.add(row)
    db.session.flush()
    events.publish("visit.dates_proposed", id=visit.id)
    return row


def answer(dates: VisitDates, organisation_id: int, said: DateAnswer) -> None:
    """Say whether proposed dates fit; a later answer replaces the one before.

    :raises Invalid: ``not_a_side``; ``dates_settled``.
    """
    steps.lock(dates.visit.exchange)
    _check_side(dates.visit, organisation_id)
    db.session.refresh(dates)
    known = next((one for one in dates.answers if one.organisation_id == organisation_id), None)
    if known is None:
        dates.answers.append(DatesAnswer(organisation_id=organisation_id, answer=said))
    else:
        known.answer = said
    db.session.flush()
    events.publish("visit.dates_answered", id=dates.visit_id)


def agree(dates: VisitDates, *, actor: Person | None) -> Visit:
    """Make proposed dates those of the visit, once they suit every side.

    :raises Conflict: ``dates_not_agreed``, with the names of those that have not said yes.
    :raises Invalid: ``dates_settled``; what ``edit_visit`` raises.
    """
    visit = dates.visit
    steps.lock(visit.exchange)
    _check_open(visit)
    db.session.refresh(dates)
    if waiting := waited_for(dates, sides(visit.exchange)):
        raise Conflict("dates_not_agreed", names=", ".join(one.name for one in waiting))
    days = {"starts_on": dates.starts_on, "ends_on": dates.ends_on}
    return edit_visit(visit, days, actor=actor)


def _check_open(visit: Visit) -> None:
    if not is_open(visit):
        raise Invalid("starts_on", "dates_settled")


def _check_side(visit: Visit, organisation_id: int) -> None:
    _check_open(visit)
    if organisation_id not in {one.id for one in sides(visit.exchange)}:
        raise Invalid("organisation_id", "not_a_side")


def booked_at(visit: Visit, proposals: Iterable[VisitDates]) -> dict[int, list[Visit]]:
    """Other visits of the same organisations on the same days, by the id of the proposal.

    A warning, not an error: a city may receive two groups. One statement, and their exchanges.
    """
    windows = {one.id: (one.starts_on, one.ends_on) for one in proposals}
    if not windows:
        return {}
    ids = [one.id for one in sides(visit.exchange)]
    takes_part = Exchange.partners.any(Partner.organisation_id.in_(ids))
    query = (
        select(Visit)
        .where(Visit.id != visit.id, Visit.exchange.has(takes_part))
        .where(Visit.exchange.has(Exchange.state.not_in(SETTLED)))
        .where(or_(*((Visit.starts_on <= b) & (Visit.ends_on >= a) for a, b in windows.values())))
        .options(joinedload(Visit.exchange))
        .order_by(Visit.starts_on, Visit.id)
    )
    others = [
        (one, one.starts_on, one.ends_on)
        for one in db.session.scalars(query)
        if one.starts_on and one.ends_on
    ]
    return {
        key: [one for one, begins, ends in others if begins <= last and ends >= first]
        for key, (first, last) in windows.items()
    }
