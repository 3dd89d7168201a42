"""The grouped counts behind ``quality.py``, a statement each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from exchange.catalogue.models import Need, Offer, need_terms
from exchange.catalogue.queries import is_stale
from exchange.directory.models import Organisation
from exchange.directory.queries import section_organisations
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.matching.models import Answer, Match, Shown, Side
from exchange.matching.queries import ASKED, LIVE, TOGETHER, of_section
from exchange.steps import Step
from exchange.vocabularies.models import Term
from workflows.exchange import RULES, ExchangePhase, ExchangeState
from workflows.match import MatchState
from workflows.need import NeedState
from workflows.offer import OfferState

# A need that looks for a host or has just found one; once its exchange begins it is served.
OPEN = (NeedState.published, NeedState.matched)
SERVING = (*ASKED, MatchState.agreed)
# Inhabitants from which a city is intermediary, and metropolitan (UCLG and UN-Habitat).
INTERMEDIARY, METROPOLITAN = 50_000, 1_000_000
# Past the visit. An exchange that plans its next visit has been there: its steps say so.
AFTER_VISIT = (
    ExchangeState.visited,
    ExchangeState.evaluating,
    *(
        state
        for state in ExchangeState
        if RULES[state].phase
        in (ExchangePhase.lessons, ExchangePhase.dissemination, ExchangePhase.follow_up)
    ),
    ExchangeState.closed_with_change,
    ExchangeState.closed_without_change,
)


@dataclass(frozen=True)
class Scope:
    """Whose figures: of a section or all, of pairs asked since a day or ever."""

    section: str = ""
    since: date | None = None

    def organisations(self, column: Any) -> ColumnElement[bool]:
        """Whether the organisation in ``column`` belongs to the scope."""
        inside: ColumnElement[bool] = (
            column.in_(section_organisations(self.section)) if self.section else true()
        )
        return inside

    def matches(self) -> ColumnElement[bool]:
        """Whether one side of a match does."""
        inside: ColumnElement[bool] = of_section(self.section) if self.section else true()
        return inside

    def begins(self, column: Any) -> ColumnElement[bool]:
        """Whether the instant in ``column`` is not too old."""
        if self.since is None:
            return true()
        inside: ColumnElement[bool] = column >= datetime.combine(self.since, time(), UTC)
        return inside


def coverage(scope: Scope) -> Iterable[Any]:
    """Rows of (kind of group, code, open needs, those served); kind ``all`` is their sum.

    A need with two themes counts in both.
    """
    asked = select(Match.id).where(Match.need_id == Need.id, Match.state.in_(SERVING)).exists()
    served = func.sum(case((asked, 1), else_=0))
    mine = and_(Need.state.in_(OPEN), scope.organisations(Need.organisation_id))
    size = _size_class(Organisation.population)
    whole = select(literal("all"), literal(""), func.count(Need.id), func.coalesce(served, 0))
    sizes = select(literal("size"), size, func.count(Need.id), served)
    parts = [
        whole.where(mine),
        sizes.join(Organisation, Organisation.id == Need.organisation_id)
        .where(mine)
        .group_by(size),
        _by_section(served).where(mine),
        *(_by_tag(vocabulary, served).where(mine) for vocabulary in ("language", "theme")),
    ]
    return db.session.execute(union_all(*parts)).all()


def _size_class(population: Any) -> Any:
    return case(
        (population.is_(None), literal("unknown")),
        (population < INTERMEDIARY, literal("small")),
        (population < METROPOLITAN, literal("intermediary")),
        else_=literal("metropolitan"),
    )


def _by_section(served: Any) -> Select[Any]:
    """By the sections that the city of a need belongs to."""
    section = Organisation.terms.and_(Term.vocabulary == "section")
    code = func.coalesce(Term.code, "")
    return (
        select(literal("section"), code, func.count(Need.id), served)
        .join(Organisation, Organisation.id == Need.organisation_id)
        .outerjoin(section)
        .group_by(code)
    )


def _by_tag(vocabulary: str, served: Any) -> Select[Any]:
    """By the terms of one vocabulary that a need names."""
    return (
        select(literal(vocabulary), Term.code, func.count(Need.id), served)
        .join(need_terms, need_terms.c.need_id == Need.id)
        .join(Term, and_(Term.id == need_terms.c.term_id, Term.vocabulary == vocabulary))
        .group_by(Term.code)
    )


def live(scope: Scope) -> dict[str, tuple[int, int]]:
    """State of live matches → how many, and the sum of their scores in basis points."""
    counted = select(Match.state, func.count(), func.sum(Match.score))
    query = counted.where(Match.state.in_(LIVE), scope.matches()).group_by(Match.state)
    return {str(state): (many, points) for state, many, points in db.session.execute(query)}


def places_given(scope: Scope) -> list[int]:
    """For each organisation that offers or has hosted: how many places it gave."""
    return _per_organisation(scope, Offer, Offer.state == OfferState.published)


def hosts_found(scope: Scope) -> list[int]:
    """For each organisation that needs or has learned: how many hosts it found."""
    return _per_organisation(scope, Need, Need.state.in_(OPEN))


def _per_organisation(scope: Scope, model: Any, is_open: Any) -> list[int]:
    number = Match.offer_id if model is Offer else Match.need_id
    together = and_(number == model.id, Match.state.in_(TOGETHER))
    query = (
        select(func.count(Match.id))
        .select_from(model)
        .outerjoin(Match, together)
        .where(or_(is_open, Match.id.is_not(None)), scope.organisations(model.organisation_id))
        .group_by(model.organisation_id)
    )
    return list(db.session.scalars(query))


def _asked(scope: Scope) -> Subquery:
    """When each match was put to its two sides: (match, instant)."""
    query = select(Step.subject_id.label("id"), func.min(Step.happened_at).label("at"))
    query = query.where(Step.subject_type == "match", Step.trigger == "propose")
    return query.where(scope.begins(Step.happened_at)).group_by(Step.subject_id).subquery()


def _overruled() -> ColumnElement[bool]:
    """An officer's word is no answer of a side."""
    overruled = select(Step.id).where(
        Step.subject_type == "match", Step.subject_id == Match.id, Step.trigger == "overrule"
    )
    return overruled.exists()


def _accepted() -> ColumnElement[bool]:
    """Both sides said yes, whatever came of it later."""
    both = and_(Match.need_answer == Answer.accepted, Match.offer_answer == Answer.accepted)
    return and_(both, ~_overruled())


def outcomes(scope: Scope) -> Iterable[Any]:
    """Rows of (position, what became of the pair, how many) of the pairs that were asked."""
    asked = _asked(scope)
    outcome = case(
        (_overruled(), literal("overruled")),
        (_accepted(), literal("accepted")),
        (Match.state == MatchState.declined, literal("declined")),
        (Match.state == MatchState.lapsed, literal("silent")),
        (Match.state.in_(ASKED), literal("waiting")),
        else_=literal("taken_back"),
    )
    inner = select(Match.position, outcome.label("outcome")).join(asked, asked.c.id == Match.id)
    rows = inner.where(scope.matches()).subquery()
    query = select(rows.c.position, rows.c.outcome, func.count())
    return db.session.execute(query.group_by(rows.c.position, rows.c.outcome)).all()


def shown(scope: Scope) -> Iterable[Any]:
    """Rows of (position, ``shown``, how many lines of logged lists)."""
    query = select(Shown.position, literal("shown"), func.count()).join(
        Need, Need.id == Shown.need_id
    )
    mine = and_(scope.begins(Shown.shown_at), scope.organisations(Need.organisation_id))
    return db.session.execute(query.where(mine).group_by(Shown.position)).all()


def declines(scope: Scope) -> Iterable[Any]:
    """Rows of (reason code, side that said no, how many)."""
    asked = _asked(scope)
    side = case((Match.need_answer == Answer.declined, Side.need.value), else_=Side.offer.value)
    inner = select(Match.decline_code.label("code"), side.label("side"))
    inner = inner.join(asked, asked.c.id == Match.id)
    rows = inner.where(Match.state == MatchState.declined, scope.matches()).subquery()
    query = select(rows.c.code, rows.c.side, func.count())
    return db.session.execute(query.group_by(rows.c.code, rows.c.side)).all()


def answers(scope: Scope) -> Iterable[Any]:
    """Pairs of (asked, answered): an instant for each answer of a side."""
    asked = _asked(scope)
    query = (
        select(asked.c.at, Step.happened_at)
        .join(Step, Step.subject_id == asked.c.id)
        .join(Match, Match.id == asked.c.id)
        .where(Step.subject_type == "match", Step.trigger.in_(("accept", "decline")))
    )
    return db.session.execute(query.where(scope.matches())).all()


def stale(scope: Scope, never_asked: timedelta) -> tuple[int, int]:
    """How many published offers are stale, and how many there are."""
    number = func.coalesce(func.sum(case((is_stale(Offer, never_asked), 1), else_=0)), 0)
    query = select(number, func.count()).select_from(Offer)
    mine = and_(Offer.state == OfferState.published, scope.organisations(Offer.organisation_id))
    part, whole = db.session.execute(query.where(mine)).one()
    return part, whole


def happened(scope: Scope) -> tuple[int, int, int]:
    """Of the pairs that were asked: how many, how many agreed, how many had a visit."""
    asked = _asked(scope)
    agreed = or_(_accepted(), _overruled())
    stands = func.coalesce(Exchange.held_state, Exchange.state)
    was_there = (
        select(Step.id)
        .where(Step.subject_type == "exchange", Step.subject_id == Exchange.id)
        .where(Step.trigger == "complete_visit")
        .exists()
    )
    visited = and_(agreed, or_(stands.in_(AFTER_VISIT), was_there))
    flags = select(
        case((agreed, 1), else_=0).label("agreed"), case((visited, 1), else_=0).label("visited")
    )
    rows = (
        flags.select_from(Match)
        .join(asked, asked.c.id == Match.id)
        .outerjoin(Exchange, Exchange.id == Match.exchange_id)
        .where(scope.matches())
        .subquery()
    )
    sums = (func.coalesce(func.sum(column), 0) for column in (rows.c.agreed, rows.c.visited))
    number, met, went = db.session.execute(select(func.count(), *sums).select_from(rows)).one()
    return number, met, went
