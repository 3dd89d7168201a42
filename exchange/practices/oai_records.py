"""The records that we give harvesters: published practices and notes, and practices withdrawn.

A page costs the same number of statements whatever there is. Records come in the order of their
last change, so that one that changes during a harvest comes once more at its end, and none is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, literal, select, true, union_all
from sqlalchemy.orm import aliased, joinedload

from exchange.exchanges.models import Exchange, exchange_terms
from exchange.extensions import db
from exchange.lessons.crediting import NoteCredit
from exchange.lessons.models import Note
from exchange.lessons.queries import subjects_of
from exchange.practices.models import Observatory, Practice, practice_terms
from exchange.practices.oai_asked import Kind, Place, Window
from exchange.practices.queries import whole
from exchange.vocabularies.models import Term
from workflows.note import NoteState
from workflows.practice import PracticeState

AT_ONCE = 100
# first word of a set → the vocabulary of its terms
TAGGED = {"theme": "theme", "sdg": "sdg_goal", "agenda": "agenda"}
OWN = "own"


class Head(NamedTuple):
    """What is known of a record before it is read: a withdrawn one is no more than that."""

    kind: Kind
    id: int
    moment: datetime
    gone: bool


@dataclass(frozen=True)
class Record:
    """A record with what it is made from; ``names`` are those who made a note."""

    head: Head
    row: Practice | Note
    names: Sequence[NoteCredit] = ()

    @property
    def sets(self) -> list[str]:
        """The sets it belongs to."""
        return _sets_of_practice(self.row) if isinstance(self.row, Practice) else _sets(self.row)


@dataclass(frozen=True)
class Part:
    """Some records, how many there are in all, and the window of those that follow."""

    records: list[Record]
    size: int
    following: Window | None


def records(window: Window) -> Part:
    """The records of a window; those that follow are asked for with another."""
    found = [Head(Kind(k), *rest) for k, *rest in db.session.execute(_page(window))]
    heads, more = found[:AT_ONCE], len(found) > AT_ONCE
    size = window.size if window.size is not None else _size(window)
    last = heads[-1] if heads else None
    following = None
    if more and last is not None:
        place = Place(last.moment, last.kind, last.id)
        following = window.following(place, len(heads), size)
    return Part(_loaded(heads), size, following)


def one(kind: Kind, row_id: int) -> Record | None:
    """The record of a row; None when nobody may have it."""
    parts = [select(*head).where(*clauses, head[1] == row_id) for head, clauses in _of(kind)]
    found = db.session.execute(union_all(*parts)).first()
    return _loaded([Head(kind, *found[1:])])[0] if found else None


def earliest() -> datetime | None:
    """The oldest change of all records."""
    found = union_all(*(select(*head).where(*clauses) for head, clauses in _every())).subquery()
    moment: datetime | None = db.session.scalar(select(func.min(found.c.moment)))
    return moment


def sets() -> list[tuple[str, str]]:
    """(setSpec, its name): by kind, by observatory, by theme, goal and agenda."""
    kinds = [("note", "Peer-Learning Notes"), ("practice", "Practices of cities")]
    kinds.append((f"practice:{OWN}", "Practices written here"))
    gave = select(Observatory.code, Observatory.name).where(
        exists().where(
            Practice.observatory_id == Observatory.id, Practice.state == PracticeState.published
        )
    )
    of_others = [
        (f"practice:{code}", f"Practices from {name}")
        for code, name in db.session.execute(gave.order_by(Observatory.code))
    ]
    terms = db.session.scalars(
        select(Term).where(Term.vocabulary.in_(TAGGED.values())).order_by(Term.position, Term.id)
    )
    words = {vocabulary: word for word, vocabulary in TAGGED.items()}
    tagged = sorted((words[t.vocabulary], t.position, t.code, t.label("en")) for t in terms)
    return kinds + of_others + [(f"{word}:{code}", name) for word, _at, code, name in tagged]


def _every() -> list[tuple[Any, Any]]:
    return [one for kind in Kind for one in _of(kind)]


def _of(kind: Kind) -> list[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """(columns of a head, clauses) of each selection of a kind: each is read from an index."""

    def head(model: Any, gone: bool) -> tuple[Any, ...]:
        named = (literal(str(kind)).label("kind"), model.id.label("id"))
        return (*named, model.updated_at.label("moment"), literal(gone).label("gone"))

    if kind == Kind.note:
        return [(head(Note, False), (Note.state == NoteState.published,))]
    withdrawn = (Practice.state == PracticeState.withdrawn, Practice.published_at.is_not(None))
    return [
        (head(Practice, False), (Practice.state == PracticeState.published,)),
        (head(Practice, True), withdrawn),
    ]


def _page(window: Window) -> Select[Any]:
    """The heads of a page and one more, which tells whether any follow."""
    parts = []
    for kind in Kind:
        for head, clauses in _of(kind):
            _kind, row_id, moment, _gone = head
            narrowed = select(*head).where(*clauses, *_within(window, kind, row_id, moment))
            part = narrowed.order_by(moment, row_id).limit(AT_ONCE + 1).subquery()
            parts.append(select(part))
    found = union_all(*parts).subquery()
    order = (found.c.moment, found.c.kind, found.c.id)
    return select(found).order_by(*order).limit(AT_ONCE + 1)


def _size(window: Window) -> int:
    parts = [
        select(func.count().label("number")).where(
            *clauses, *_within(window, kind, head[1], head[2])
        )
        for kind in Kind
        for head, clauses in _of(kind)
    ]
    found = union_all(*parts).subquery()
    # PostgreSQL gives the sum of whole numbers as a decimal one.
    return int(db.session.scalar(select(func.sum(found.c.number))) or 0)


def _within(window: Window, kind: Kind, row_id: Any, moment: Any) -> list[Any]:
    clauses = [_in_set(window.of_set, kind)] if window.of_set else []
    if window.since:
        clauses.append(moment >= window.since)
    if window.before:
        clauses.append(moment < window.before)
    last = window.after
    if last is None:
        return clauses
    if kind == last.kind:
        return [*clauses, moment >= last.moment, (moment > last.moment) | (row_id > last.id)]
    return [*clauses, moment >= last.moment if kind > last.kind else moment > last.moment]


def _in_set(of_set: str, kind: Kind) -> Any:
    word, _colon, code = of_set.partition(":")
    if word == kind:
        return true() if not code else _from_observatory(code) if kind == Kind.practice else ~true()
    vocabulary = TAGGED.get(word)
    if vocabulary is None or not code:
        return ~true()
    if kind == Kind.practice:
        rows = select(practice_terms.c.practice_id).join(Term, Term.id == practice_terms.c.term_id)
        return Practice.id.in_(rows.where(Term.vocabulary == vocabulary, Term.code == code))
    goal = aliased(Term)
    rows = select(exchange_terms.c.exchange_id).join(Term, Term.id == exchange_terms.c.term_id)
    if vocabulary == "sdg_goal":  # an exchange carries targets, and each is of a goal
        rows = rows.join(goal, goal.id == Term.parent_id)
        return Note.exchange_id.in_(rows.where(goal.vocabulary == vocabulary, goal.code == code))
    return Note.exchange_id.in_(rows.where(Term.vocabulary == vocabulary, Term.code == code))


def _from_observatory(code: str) -> Any:
    if code == OWN:
        return Practice.observatory_id.is_(None)
    return Practice.observatory_id.in_(select(Observatory.id).where(Observatory.code == code))


def _loaded(heads: Sequence[Head]) -> list[Record]:
    """The rows of a page, kind by kind; the names that stand on the notes come together."""
    ids = {kind: [head.id for head in heads if head.kind == kind] for kind in Kind}
    practices = select(Practice).where(Practice.id.in_(ids[Kind.practice]))
    practices = practices.options(*whole(), joinedload(Practice.origin))
    exchange = joinedload(Note.exchange)
    notes = select(Note).where(Note.id.in_(ids[Kind.note]))
    notes = notes.options(
        exchange.selectinload(Exchange.terms).joinedload(Term.parent),
        exchange.selectinload(Exchange.partners),
    )
    rows: dict[tuple[Kind, int], Practice | Note] = {
        (Kind.practice, row.id): row for row in db.session.scalars(practices).unique()
    }
    rows |= {(Kind.note, row.id): row for row in db.session.scalars(notes).unique()}
    names = _names(ids[Kind.note])
    return [
        Record(head, rows[head.kind, head.id], names.get((head.kind, head.id), ()))
        for head in heads
    ]


def _names(ids: Sequence[int]) -> Mapping[tuple[Kind, int], Sequence[NoteCredit]]:
    found: dict[tuple[Kind, int], list[NoteCredit]] = {}
    query = select(NoteCredit).where(NoteCredit.note_id.in_(ids)).order_by(NoteCredit.id)
    for row in db.session.scalars(query):
        found.setdefault((Kind.note, row.note_id), []).append(row)
    return found


def _sets_of_practice(row: Practice) -> list[str]:
    home = row.observatory.code if row.observatory else OWN
    tagged = [(w, t.code) for w, v in TAGGED.items() for t in row.tagged(v)]
    return [f"practice:{home}", *(f"{word}:{code}" for word, code in tagged)]


def _sets(note: Note) -> list[str]:
    tags = [(w, t.code) for w, v in TAGGED.items() for t in subjects_of(note) if t.vocabulary == v]
    return ["note", *(f"{word}:{code}" for word, code in tags)]
