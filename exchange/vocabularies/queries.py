"""Reading vocabularies."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from exchange.errors import Invalid, NotFound
from exchange.extensions import Base, db
from exchange.listing import MAX_SIZE, Page, folded
from exchange.references import references, tally
from exchange.vocabularies.models import Place, Term


def terms_of(vocabulary: str, *, retired: bool = False) -> list[Term]:
    """The terms of a vocabulary in their order, without the retired ones unless asked for."""
    query = select(Term).where(Term.vocabulary == vocabulary).order_by(Term.position, Term.code)
    if not retired:
        query = query.where(Term.retired_at.is_(None))
    return list(db.session.scalars(query))


def offered(*vocabularies: str, countries: Any = None) -> dict[str, list[Term]]:
    """The terms of several vocabularies that are still offered; one statement.

    :param countries: a selection of codes: of the 250 countries those, for a list that is read.
    """
    query = select(Term).where(Term.vocabulary.in_(vocabularies), Term.retired_at.is_(None))
    if countries is not None:
        query = query.where(or_(Term.vocabulary != "country", Term.code.in_(countries)))
    found: dict[str, list[Term]] = {name: [] for name in vocabularies}
    for term in db.session.scalars(query.order_by(Term.position, Term.code)):
        found[term.vocabulary].append(term)
    return found


def term_or_none(vocabulary: str, code: str) -> Term | None:
    """One term, retired or not."""
    query = select(Term).where(Term.vocabulary == vocabulary, Term.code == code)
    return db.session.scalars(query).first()


PLACE_SORTS = {"name": Place.folded_name, "population": Place.population}


def places_like(filters: Mapping[str, Any]) -> Select[Any]:
    """Places whose name holds the search words, accents and case forgiven, within a country when
    one is named."""
    query = select(Place)
    if words := filters.get("q"):
        query = query.where(Place.folded_name.contains(folded(words), autoescape=True))
    if country := filters.get("country"):
        query = query.where(Place.country_code == country.upper())
    return query


def terms_by_codes(vocabulary: str, codes: Iterable[str], *, field: str) -> list[Term]:
    """The terms with these codes.

    :raises Invalid: ``unknown_term`` at ``field``, naming the codes that do not exist.
    """
    wanted = set(codes)
    query = select(Term).where(Term.vocabulary == vocabulary, Term.code.in_(wanted))
    found = list(db.session.scalars(query)) if wanted else []
    missing = wanted - {term.code for term in found}
    if missing:
        raise Invalid(field, "unknown_term", codes=", ".join(sorted(missing)))
    return found


def known_vocabularies() -> dict[str, tuple[int, int]]:
    """Every vocabulary with how many of its entries are offered and how many are retired."""
    offered = func.count().filter(Term.retired_at.is_(None))
    retired = func.count().filter(Term.retired_at.is_not(None))
    query = select(Term.vocabulary, offered, retired).group_by(Term.vocabulary)
    rows = db.session.execute(query.order_by(Term.vocabulary)).all()
    return {vocabulary: (kept, gone) for vocabulary, kept, gone in rows}


def matching(vocabulary: str, filters: Mapping[str, Any]) -> Page:
    """A page of the entries of a vocabulary whose code or words hold the search words.

    A vocabulary has hundreds of entries, not thousands, and their words lie in JSON, where the
    database forgives no accents: they are compared here.

    :raises NotFound: there is no such vocabulary.
    """
    query = select(Term).where(Term.vocabulary == vocabulary).options(joinedload(Term.parent))
    every = list(db.session.scalars(query.order_by(Term.position, Term.code)))
    if not every:
        raise NotFound("not_found", noun="vocabulary", id=vocabulary)
    wanted = folded(filters.get("q") or "")
    found = [term for term in every if _fits(term, wanted, filters.get("retired"))]
    number, size = filters.get("page") or 1, filters.get("size") or MAX_SIZE
    first = (number - 1) * size
    return Page(found[first : first + size], number, size, len(found))


def _fits(term: Term, wanted: str, retired: bool | None) -> bool:
    if retired is not None and retired != bool(term.retired_at):
        return False
    return any(wanted in folded(words) for words in (term.code, *term.labels.values()))


# Columns that name an entry by its code, where no key of the database watches over it.
CODES: dict[str, tuple[str, ...]] = {
    "country": ("organisation.country_code", "place.country_code", "practice.country_code"),
    "decline_reason": ("match.decline_code",),
    "section": ("person.section_code",),
    "language": (
        "need.language",
        "offer.language",
        "exchange.language",
        "note.language",
        "participant.language",
        "person.language",
        "practice.language",
        "practice_text.language",
    ),
}
# Columns that hold answers by the code of their question.
ANSWERS = {"evaluation_question": "evaluation.answers", "follow_up_question": "follow_up.answers"}


def usage(term: Term) -> dict[str, int]:
    """How many rows use an entry, by table: as a tag, as a parent, by its code, by an answer."""
    counts = []
    for name in CODES.get(term.vocabulary, ()):
        column = _column(name)
        counts.append((name, column == term.code))
    if name := ANSWERS.get(term.vocabulary, ""):
        counts.append((name, cast(_column(name), String).contains(f'"{term.code}":')))
    by_code = tally([(name.partition(".")[0], _count(name, rule)) for name, rule in counts])
    by_key = references(term)
    return {table: by_key.get(table, 0) + by_code.get(table, 0) for table in {**by_key, **by_code}}


def _column(name: str) -> Any:
    table, _dot, column = name.partition(".")
    return Base.metadata.tables[table].c[column]


def _count(name: str, rule: ColumnElement[bool]) -> Any:
    table = Base.metadata.tables[name.partition(".")[0]]
    return select(func.count()).select_from(table).where(rule).scalar_subquery()


def labels_of(codes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Term]:
    """Terms by their vocabulary and code; codes that do not exist are left out. One statement."""
    wanted = list(codes)
    if not wanted:
        return {}
    query = select(Term).where(tuple_(Term.vocabulary, Term.code).in_(wanted))
    return {(term.vocabulary, term.code): term for term in db.session.scalars(query)}
