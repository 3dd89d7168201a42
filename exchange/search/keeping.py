"""How the documents are kept true: rows that are newer than their document are read again.

Nothing is told to search when a row changes, so nothing can be forgotten: a look every few seconds
finds what is new of late, and one every hour looks at everything.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select, union
from sqlalchemy.dialects import postgresql, sqlite

from exchange.clock import now
from exchange.extensions import db
from exchange.search.models import LONGEST_TEXT, LONGEST_TITLE, Document, words_of
from exchange.search.source import Source
from exchange.search.sources import SOURCES
from exchange.transaction import read_only, transaction

# How far back the quick look goes: longer than a transaction takes to commit. What takes longer is
# found by the look at everything.
RECENT = timedelta(minutes=15)
AT_ONCE = 500


def keep_recent() -> int:
    """Read again what changed of late; return how many rows."""
    return sum(_keep(noun, since=now() - RECENT) for noun in SOURCES)


def keep_all() -> int:
    """Read again whatever is newer than its document, and drop the documents of rows that are
    gone; return how many rows were read."""
    with transaction():
        for noun, source in SOURCES.items():
            db.session.execute(_gone(noun, source))
    return sum(_keep(noun, since=None) for noun in SOURCES)


def rebuild() -> int:
    """Forget every document and make them anew; return how many."""
    with transaction():
        db.session.execute(delete(Document))
    return keep_all()


def _keep(noun: str, *, since: datetime | None) -> int:
    """A few hundred rows a transaction: nobody waits long behind it."""
    source, done = SOURCES[noun], 0
    for ids in _stale(noun, source, since):
        with transaction():
            _write(noun, source, ids)
        done += len(ids)
    return done


def _stale(noun: str, source: Source, since: datetime | None) -> Iterator[list[int]]:
    query = union(*(_newer(change, noun, since) for change in source.changes))
    with read_only():
        found = sorted(db.session.scalars(query))
        db.session.rollback()
    for first in range(0, len(found), AT_ONCE):
        yield found[first : first + AT_ONCE]


def _newer(change: Select[Any], noun: str, since: datetime | None) -> Select[Any]:
    """Ids of the rows whose document is missing or older than this change of theirs."""
    row = change.subquery()
    its: ColumnElement[bool] = and_(Document.noun == noun, Document.row_id == row.c.row_id)
    query = select(row.c.row_id).outerjoin(Document, its)
    query = query.where(or_(Document.id.is_(None), Document.stamp < row.c.moment))
    return query.where(row.c.moment >= since) if since else query


def _gone(noun: str, source: Source) -> Any:
    there = select(source.model.id).where(source.model.id == Document.row_id)
    return delete(Document).where(Document.noun == noun, ~there.exists())


def _write(noun: str, source: Source, ids: list[int]) -> None:
    stamps = _stamps(source, ids)
    values = [_document(noun, row, source, stamps[row.id]) for row in source.rows(ids)]
    if not values:
        return
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(Document).values(values)
    changed = {name: insert.excluded[name] for name in values[0] if name not in ("noun", "row_id")}
    db.session.execute(
        insert.on_conflict_do_update(index_elements=["noun", "row_id"], set_=changed)
    )


def _stamps(source: Source, ids: list[int]) -> dict[int, datetime]:
    """The newest change of each row, read before its words: what comes later is newer."""
    newest: dict[int, datetime] = {}
    for change in source.changes:
        row = change.subquery()
        query = select(row.c.row_id, row.c.moment).where(row.c.row_id.in_(ids))
        for row_id, moment in db.session.execute(query):
            newest[row_id] = max(moment, newest.get(row_id, moment))
    return newest


def _document(noun: str, row: Any, source: Source, stamp: datetime) -> dict[str, Any]:
    said = source.words(row)
    text = " · ".join(filter(None, said.texts))[:LONGEST_TEXT]
    return {
        "noun": noun,
        "row_id": row.id,
        "title": said.title[:LONGEST_TITLE],
        "titles": dict(said.titles),
        "text": text,
        "language": said.language,
        "address": said.address,
        "heading": " ".join(words_of(said.title)),
        "words": " ".join(words_of(text)),
        "stamp": stamp,
    }
