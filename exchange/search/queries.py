"""Finding: one statement over all nouns, within what the actor may know of."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from exchange import policy
from exchange.directory.models import Person
from exchange.extensions import db
from exchange.search.models import FULL_TEXT, Document, words_of
from exchange.search.snippets import Piece, marked, snippet
from exchange.search.sources import SOURCES

SHORTEST, MOST_WORDS = 2, 10
EACH, PAGE = 5, 25


@dataclass(frozen=True)
class Hit:
    """One row that was found: its title and the place in its text, what fits being marked."""

    noun: str
    row_id: int
    title: list[Piece]
    snippet: list[Piece]
    language: str
    address: str


@dataclass(frozen=True)
class Group:
    """The rows of one noun: how many there are, and the best of them."""

    noun: str
    total: int
    hits: list[Hit]


def asked(q: str) -> list[str]:
    """The words that are looked for; none when there is too little to go by."""
    found = words_of(q)[:MOST_WORDS]
    return found if sum(map(len, found)) >= SHORTEST else []


def find(
    q: str, actor: Person | None, *, noun: str = "", page: int = 1, language: str = ""
) -> list[Group]:
    """What holds all words of ``q`` or words that begin so, the best first.

    Without ``noun`` the best few of every noun; with it a page of that noun alone. One statement,
    whatever there is; rows that ``actor`` may not know of are neither shown nor counted. Titles
    are shown in ``language`` where there is one.
    """
    words = asked(q)
    if not words:
        return []
    nouns = [noun] if noun in SOURCES else list(SOURCES)
    first, many = ((page - 1) * PAGE, PAGE) if noun in SOURCES else (0, EACH)
    ranked = _ranked(words, nouns, actor).subquery()
    place = ranked.c.place.between(first + 1, first + many)
    rows = db.session.execute(select(ranked).where(place).order_by(ranked.c.place))
    return _grouped(list(rows), words, nouns, language)


def _grouped(rows: list[Any], words: list[str], nouns: list[str], language: str) -> list[Group]:
    groups = []
    for noun in nouns:
        mine = [row for row in rows if row.noun == noun]
        if mine:
            groups.append(Group(noun, mine[0].total, [_hit(row, words, language) for row in mine]))
    return groups


def _hit(row: Any, words: list[str], language: str) -> Hit:
    known = language if row.titles.get(language) else row.language
    title, part = marked(row.titles.get(known) or row.title, words), snippet(row.text, words)
    return Hit(row.noun, row.row_id, title, part, known, row.address)


def _ranked(words: list[str], nouns: list[str], actor: Person | None) -> Select[Any]:
    hits = FULL_TEXT.hits([words])
    alike: dict[str, Any] = {"partition_by": Document.noun}
    return (
        select(
            Document.noun,
            Document.row_id,
            Document.title,
            Document.titles,
            Document.text,
            Document.language,
            Document.address,
            func.count().over(**alike).label("total"),
            func.row_number().over(order_by=(hits.c.rank, Document.row_id), **alike).label("place"),
        )
        .join(hits, hits.c.id == Document.id)
        .where(or_(*(_visible(noun, actor) for noun in nouns)))
    )


def _visible(noun: str, actor: Person | None) -> ColumnElement[bool]:
    model = SOURCES[noun].model
    known = policy.scoped(model, actor).with_only_columns(model.id)
    if model is Person:
        known = known.where(Person.disabled_at.is_(None))
    return and_(Document.noun == noun, Document.row_id.in_(known))
