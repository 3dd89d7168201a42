"""What the state of learning is counted from: the rows of a measure, and by what they are cut.

One definition serves twice. ``rows`` is the list that a figure opens; the figure is a count over
the same selection (``learning_figures``). The cuts know their keys from one selection as well:
a list is narrowed by it, and the figures are grouped by it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, Select, exists, func, literal, select, union
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased, joinedload
from sqlalchemy.sql.functions import FunctionElement

from exchange.catalogue.models import Need, Offer, need_terms, offer_terms
from exchange.directory.models import Person, organisation_terms
from exchange.exchanges.models import Exchange, Partner, exchange_needs, exchange_terms
from exchange.extensions import UTCDateTime
from exchange.lessons.models import FollowUp, Note, RecordedChange
from exchange.matching.models import Match
from exchange.policy import scoped
from exchange.visits.models import Visit
from exchange.vocabularies.models import Term
from workflows.follow_up import FollowUpState
from workflows.match import MatchState
from workflows.note import NoteState

NONE = "none"  # the key of rows that a cut says nothing about


class half_year(FunctionElement[int]):  # noqa: N801 - a function of SQL
    """The half of the year of a day or an instant (by universal time): 20261, 20262."""

    type = Integer()
    inherit_cache = True


@compiles(half_year)
def _on_a_server(element: Any, compiler: Any, **options: Any) -> str:
    (column,) = element.clauses
    at = compiler.process(column, **options)
    at = f"timezone('UTC', {at})" if isinstance(column.type, UTCDateTime) else at
    year, month = (f"CAST(extract({part} FROM {at}) AS INTEGER)" for part in ("year", "month"))
    return f"({year} * 10 + ({month} + 5) / 6)"


@compiles(half_year, "sqlite")
def _in_a_file(element: Any, compiler: Any, **options: Any) -> str:
    at = compiler.process(element.clauses, **options)
    year, month = (f"CAST(strftime('{part}', {at}) AS INTEGER)" for part in ("%Y", "%m"))
    return f"({year} * 10 + ({month} + 5) / 6)"


class Counted(StrEnum):
    """What is counted, along the way from a need to a change."""

    asked = auto()
    offered = auto()
    matched = auto()
    visited = auto()
    published = auto()
    followed = auto()
    answered = auto()
    waiting = auto()
    silent = auto()
    changed = auto()
    changes = auto()


class By(StrEnum):
    """By what the figures are cut."""

    theme = auto()
    sdg = auto()
    agenda = auto()
    section = auto()
    track = auto()
    innovation = auto()


class Track(StrEnum):
    """The two lines of work of the learning strategy: what carries the tag of a global agenda or of
    an SDG localises agendas; what carries none is peer learning on whatever a city asks."""

    localising = auto()
    peer_learning = auto()


class Innovation(StrEnum):
    """Whether it is about a way that is new: a need or an offer says so, and what comes of a need
    follows it."""

    innovative = auto()
    usual = auto()


# What a cut of two calls the rows that carry no mark.
UNMARKED: dict[By, str] = {By.track: Track.peer_learning, By.innovation: Innovation.usual}


@dataclass(frozen=True)
class Measure:
    """Rows of one model that count. ``moment`` is their day; ``tags`` names whose tags they have
    and the column that points there; ``region`` the same for the sections."""

    model: Any
    counts: Callable[[], ColumnElement[bool]]
    moment: Any
    tags: tuple[str, Any]
    region: tuple[str, Any]
    shown: tuple[Any, ...] = ()


def _follow_up(*states: FollowUpState) -> Measure:
    return _of_follow_ups(lambda: FollowUp.state.in_(states))


def _of_follow_ups(counts: Callable[[], ColumnElement[bool]]) -> Measure:
    tags, region = ("exchange", FollowUp.exchange_id), ("organisation", FollowUp.organisation_id)
    return Measure(FollowUp, counts, FollowUp.due_on, tags, region, (FollowUp.exchange,))


def _says_a_change() -> ColumnElement[bool]:
    recorded = exists().where(RecordedChange.follow_up_id == FollowUp.id)
    return (FollowUp.state == FollowUpState.answered) & recorded


def _listing(model: Any, noun: str) -> Measure:
    region = ("organisation", model.organisation_id)

    def counts() -> ColumnElement[bool]:
        return cast("ColumnElement[bool]", model.published_at.is_not(None))

    return Measure(
        model, counts, model.published_at, (noun, model.id), region, (model.organisation,)
    )


_S = FollowUpState
MEASURES: dict[Counted, Measure] = {
    Counted.asked: _listing(Need, "need"),
    Counted.offered: _listing(Offer, "offer"),
    # Both sides said yes.
    Counted.matched: Measure(
        Match,
        lambda: Match.state.in_((MatchState.agreed, MatchState.concluded)),
        Match.created_at,
        ("need", Match.need_id),
        ("match", Match.id),
    ),
    # Held, and it is known who was there.
    Counted.visited: Measure(
        Visit,
        lambda: Visit.attendance_recorded_on.is_not(None),
        Visit.starts_on,
        ("exchange", Visit.exchange_id),
        ("exchange", Visit.exchange_id),
        (Visit.exchange,),
    ),
    Counted.published: Measure(
        Note,
        lambda: Note.state == NoteState.published,
        Note.published_on,
        ("exchange", Note.exchange_id),
        ("exchange", Note.exchange_id),
        (Note.exchange,),
    ),
    Counted.followed: _follow_up(_S.asked, _S.answered, _S.unanswered),
    Counted.answered: _follow_up(_S.answered),
    Counted.waiting: _follow_up(_S.asked),
    Counted.silent: _follow_up(_S.unanswered),
    Counted.changed: _of_follow_ups(_says_a_change),
    Counted.changes: Measure(
        RecordedChange,
        lambda: RecordedChange.id.is_not(None),
        RecordedChange.recorded_on,
        ("exchange", RecordedChange.exchange_id),
        ("organisation", RecordedChange.organisation_id),
        (RecordedChange.exchange,),
    ),
}
_TAGGED: dict[str, tuple[Any, Any]] = {
    "need": (need_terms.c.need_id, need_terms.c.term_id),
    "offer": (offer_terms.c.offer_id, offer_terms.c.term_id),
    "exchange": (exchange_terms.c.exchange_id, exchange_terms.c.term_id),
}
_VOCABULARIES: dict[By, tuple[str, ...]] = {
    By.theme: ("theme",),
    By.sdg: ("sdg_goal", "sdg_target"),
    By.agenda: ("agenda",),
    By.track: ("agenda", "sdg_goal", "sdg_target"),
}


def rows(
    counted: Counted,
    actor: Person | None,
    asked: Mapping[str, Any],
    *,
    without: str = "",
    known: Callable[[Measure, By], tuple[Any, Any]] | None = None,
) -> Select[Any]:
    """The rows behind a figure: what ``actor`` may know of, narrowed by ``asked``.

    :param asked: ``period`` ("2026" or "2026-1", its first half) and the names of ``By``, each a
        key or "none": rows that the cut says nothing about.
    :param without: a name of ``asked`` that is passed over: the figures by it are cut by it.
    :param known: where the keys of a cut are read from, when many selections share them.
    """
    measure = MEASURES[counted]
    query = scoped(measure.model, actor).where(measure.counts())
    if (period := asked.get("period")) and without != "period":
        query = query.where(_within(measure, period))
    for by in By:
        if (key := asked.get(by)) and without != by:
            query = query.where(_has((known or _keys_here)(measure, by), key))
    return query


def _keys_here(measure: Measure, by: By) -> tuple[Any, Any]:
    column, pairs = keys(measure, by)
    return column, pairs.subquery()


def listed(counted: Counted, actor: Person | None, asked: Mapping[str, Any]) -> Select[Any]:
    """The same with what a list shows of each row."""
    shown = [joinedload(one) for one in MEASURES[counted].shown]
    if counted == Counted.matched:
        shown = [
            joinedload(Match.need).joinedload(Need.organisation),
            joinedload(Match.offer).joinedload(Offer.organisation),
        ]
    return rows(counted, actor, asked).options(*shown)


def keys(measure: Measure, by: By) -> tuple[Any, Select[Any]]:
    """The column of the rows, and (what it points to, a key of it), each pair once."""
    subject, column = measure.region if by == By.section else measure.tags
    if by == By.section:
        return column, _sections(subject)
    if by == By.innovation:
        return column, _innovative(subject)
    row, tag = _TAGGED[subject]
    parent = aliased(Term)
    key: Any = Term.code
    query = select(row.label("row")).join(Term, Term.id == tag)
    if by == By.track:
        key = literal(str(Track.localising))
    elif by != By.theme:  # a target counts for its goal, a priority for its agenda
        query = query.outerjoin(parent, parent.id == Term.parent_id)
        key = func.coalesce(parent.code, Term.code)
    chosen = query.where(Term.vocabulary.in_(_VOCABULARIES[by])).add_columns(key.label("key"))
    return column, chosen.distinct()


def _innovative(subject: str) -> Select[Any]:
    """Needs and offers that are marked so; an exchange when one of its needs is."""
    key = literal(str(Innovation.innovative)).label("key")
    if subject == "exchange":
        row = exchange_needs.c.exchange_id.label("row")
        marked = select(row, key).join(Need, Need.id == exchange_needs.c.need_id)
        return marked.where(Need.innovative).distinct()
    model: Any = Need if subject == "need" else Offer
    return select(model.id.label("row"), key).where(model.innovative)


def _sections(subject: str) -> Select[Any]:
    """The sections of organisations; of an exchange those of proposer and partners, of a match
    those of both sides."""
    of = organisation_terms
    named = select(of.c.organisation_id.label("row"), Term.code.label("key")).join(
        Term, (Term.id == of.c.term_id) & (Term.vocabulary == "section")
    )
    if subject == "organisation":
        return named.distinct()
    pairs = {
        "exchange": (
            select(Exchange.id.label("row"), Exchange.proposer_id.label("organisation_id")),
            select(Partner.exchange_id, Partner.organisation_id),
        ),
        "match": (
            select(Match.id.label("row"), Need.organisation_id).join(Match.need),
            select(Match.id, Offer.organisation_id).join(Match.offer),
        ),
    }[subject]
    concerned, known = union(*pairs).subquery(), named.subquery()
    return (
        select(concerned.c.row, known.c.key)
        .join(known, known.c.row == concerned.c.organisation_id)
        .distinct()
    )


def _has(known: tuple[Any, Any], key: str) -> ColumnElement[bool]:
    column, found = known
    chosen: ColumnElement[bool]
    if key in (NONE, *UNMARKED.values()):
        chosen = column.not_in(select(found.c.row))
    else:
        chosen = column.in_(select(found.c.row).where(found.c.key == key))
    return chosen


def _within(measure: Measure, period: str) -> ColumnElement[bool]:
    if period == NONE:
        return measure.moment.is_(None)
    year, _dash, half = period.partition("-")
    halves = [int(year) * 10 + number for number in ((int(half),) if half else (1, 2))]
    return half_year(measure.moment).in_(halves)


# Lists begin with the latest; what has no day comes last.
SORTS: dict[Counted, dict[str, Any]] = {
    counted: {"day": measure.moment} for counted, measure in MEASURES.items()
}
