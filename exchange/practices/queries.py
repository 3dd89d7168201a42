"""Reading practices: the list, its search in the reader's language, its facets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Select, case, func, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from exchange import listing
from exchange.config import LANGUAGES
from exchange.extensions import db
from exchange.practices.models import FULL_TEXT, Observatory, Practice, PracticeText, practice_terms
from exchange.practices.words import compared
from exchange.vocabularies.models import Term
from workflows.practice import PracticeState

SORTS = {"published": Practice.published_at, "since": Practice.state_since}
OBSERVATORY_SORTS = {"name": Observatory.name}
# filter of the list → vocabulary of its terms
TAGGED = {"theme": "theme", "sdg_goal": "sdg_goal", "agenda": "agenda"}
FACETS = (*TAGGED, "country", "city_size", "language")
MOST_WORDS, SHORTEST = 8, 2
# A text in the reader's language stands before all others.
OWN_LANGUAGE = 1000.0


@dataclass(frozen=True)
class Found:
    """A page of practices, and how many there would be behind each option of each facet."""

    page: listing.Page
    counts: listing.Counts


def whole() -> tuple[Any, ...]:
    """What every list and page shows of a practice."""
    return (
        joinedload(Practice.organisation),
        joinedload(Practice.observatory),
        selectinload(Practice.terms),
        selectinload(Practice.texts),
    )


def find(query: Select[Any], filters: Mapping[str, Any], language: str) -> Found:
    """The practices of ``query`` that ``filters`` leave: those that hold all the words, accents and
    plurals forgiven, first those in ``language``. The same number of statements, whatever there is.
    """
    narrowed = query.where(*_narrowing(filters))
    found = hits(filters.get("q", ""), language)
    if found is None:
        return Found(_newest(narrowed, filters), counts_of(query, filters, None))
    ranked = narrowed.join(found, found.c.id == Practice.id)
    number = filters.get("page") or 1
    size = min(filters.get("size") or listing.DEFAULT_SIZE, listing.MAX_SIZE)
    total = db.session.scalar(select(func.count()).select_from(ranked.subquery())) or 0
    rows = ranked.order_by(found.c.rank, Practice.id).limit(size).offset((number - 1) * size)
    items = list(db.session.scalars(rows.options(*whole())).unique())
    return Found(listing.Page(items, number, size, total), counts_of(query, filters, found))


def counts_of(query: Select[Any], filters: Mapping[str, Any], hits: CTE | None) -> listing.Counts:
    """How many practices each option would leave, the other filters being as they are; two
    statements: one for the terms, one for all else."""
    if hits is not None:
        query = query.where(Practice.id.in_(select(hits.c.id)))

    def rows(without: str) -> Select[Any]:
        return query.where(*_narrowing(filters, without=without))

    others = {name: _keyed(name, rows(name)) for name in FACETS if name not in TAGGED}
    return _terms_of(rows, filters) | listing.counts_of(others)


def _terms_of(rows: Callable[[str], Select[Any]], filters: Mapping[str, Any]) -> listing.Counts:
    """Facets that are not filtered count the same rows: those are read once for all of them."""
    chosen = [name for name in TAGGED if filters.get(name)]
    free = [name for name in TAGGED if name not in chosen]
    parts = [_counted(rows(name), [name]) for name in chosen]
    parts += [_counted(rows(""), free)] if free else []
    found: listing.Counts = {name: {} for name in TAGGED}
    names = {vocabulary: name for name, vocabulary in TAGGED.items()}
    for vocabulary, code, number in db.session.execute(union_all(*parts)):
        found[names[vocabulary]][code] = number
    return found


def _counted(rows: Select[Any], names: list[str]) -> Select[Any]:
    """(vocabulary, code, number): grouped by number of term first, which is read from an index."""
    term_id = practice_terms.c.term_id
    tagged = rows.join(practice_terms, practice_terms.c.practice_id == Practice.id)
    tagged = tagged.with_only_columns(term_id, func.count().label("number"))
    by_term = tagged.order_by(None).group_by(term_id).subquery()
    query = select(Term.vocabulary, Term.code, by_term.c.number)
    query = query.join(by_term, by_term.c.term_id == Term.id)
    return query.where(Term.vocabulary.in_(TAGGED[name] for name in names))


def _keyed(name: str, rows: Select[Any]) -> Select[Any]:
    if name == "language":
        texts = rows.join(PracticeText, PracticeText.practice_id == Practice.id)
        return texts.with_only_columns(PracticeText.language)
    key = Practice.country_code if name == "country" else Practice.size
    return rows.with_only_columns(key)


def _newest(query: Select[Any], filters: Mapping[str, Any]) -> listing.Page:
    return listing.page_of(query.options(*whole()), {"sort": "-published", **filters}, SORTS)


def _tagged(vocabulary: str, code: str) -> Any:
    rows = select(practice_terms.c.practice_id).join(Term, Term.id == practice_terms.c.term_id)
    return Practice.id.in_(rows.where(Term.vocabulary == vocabulary, Term.code == code))


def _written_in(language: str) -> Any:
    return Practice.id.in_(
        select(PracticeText.practice_id).where(PracticeText.language == language)
    )


_CLAUSES: dict[str, Any] = {
    "state": lambda value: Practice.state == value,
    "observatory": lambda value: Practice.observatory_id == value,
    "organisation": lambda value: Practice.organisation_id == value,
    "theme": lambda value: _tagged("theme", value),
    "sdg_goal": lambda value: _tagged("sdg_goal", value),
    "agenda": lambda value: _tagged("agenda", value),
    "country": lambda value: Practice.country_code == value.upper(),
    "city_size": lambda value: Practice.size == value,
    "language": _written_in,
    "innovative": lambda _value: Practice.innovative,
}


def _narrowing(filters: Mapping[str, Any], *, without: str = "") -> list[Any]:
    return [
        clause(filters[name])
        for name, clause in _CLAUSES.items()
        if filters.get(name) and name != without
    ]


def asked(q: str, language: str) -> list[list[str]]:
    """What is looked for: the words of ``q`` as the reader's language compares them, and as the
    others do where they differ."""
    order = (language, *(code for code in LANGUAGES if code != language))
    ways = [tuple(compared(q, code)[:MOST_WORDS]) for code in order]
    found = [list(way) for way in dict.fromkeys(ways)]
    return found if sum(map(len, found[0])) >= SHORTEST else []


def hits(q: str, language: str) -> CTE | None:
    """(id of a practice, rank: the smaller the better); None when nothing is looked for."""
    ways = asked(q, language)
    if not ways:
        return None
    found = FULL_TEXT.hits(ways)
    own = case((PracticeText.language == language, -OWN_LANGUAGE), else_=0.0)
    return (
        select(PracticeText.practice_id.label("id"), func.min(found.c.rank + own).label("rank"))
        .join(found, found.c.id == PracticeText.id)
        .group_by(PracticeText.practice_id)
        .cte("hits")
    )


def observatories(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow the list of observatories by words."""
    if words := filters.get("q"):
        query = query.where(Observatory.name.icontains(words, autoescape=True))
    return query


def numbers_by_observatory() -> dict[int, int]:
    """How many published practices each observatory has given; one statement."""
    query = select(Practice.observatory_id, func.count()).where(
        Practice.state == PracticeState.published, Practice.observatory_id.is_not(None)
    )
    rows = db.session.execute(query.group_by(Practice.observatory_id))
    return {row_id: number for row_id, number in rows if row_id}


def of_note(note_id: int) -> Practice | None:
    """The practice that was taken from a note."""
    return db.session.scalars(select(Practice).where(Practice.origin_id == note_id)).first()
