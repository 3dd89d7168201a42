"""What search compares: the words of each row that people look for, folded once.

The full-text index of the database lies beside the table: a virtual table of FTS5 kept by triggers
on SQLite, a GIN index over the same words on PostgreSQL. Both see words that we have folded, so
that accents and case are forgiven equally on both.
"""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import DDL, Integer, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from exchange.extensions import Model, UTCDateTime
from exchange.listing import folded

# The index beside the table has this name on both databases; on SQLite further tables begin so.
INDEX = "search_words"
LONGEST_TITLE, LONGEST_TEXT = 300, 20_000


class Document(Model):
    """What is known of one row: its ``title`` and ``text`` as written, and their folded words."""

    __tablename__ = "search_document"
    __table_args__ = (UniqueConstraint("noun", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str] = mapped_column(String(20))
    row_id: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(5), default="", comment="of title and text")
    address: Mapped[str] = mapped_column(
        String(120), default="", comment="the public name of the row, when it has one"
    )
    heading: Mapped[str] = mapped_column(Text, comment="the folded words of the title")
    words: Mapped[str] = mapped_column(Text, comment="the folded words of the text")
    stamp: Mapped[datetime] = mapped_column(UTCDateTime, comment="the newest change it knows of")


def words_of(text: str) -> list[str]:
    """The words of a text, folded: what is compared, on both sides."""
    return re.findall(r"[^\W_]+", folded(text))


_NEW = "INSERT INTO search_words(rowid, heading, words) VALUES (new.id, new.heading, new.words);"
_OLD = (
    "INSERT INTO search_words(search_words, rowid, heading, words) "
    "VALUES ('delete', old.id, old.heading, old.words);"
)
_TABLE = """
CREATE VIRTUAL TABLE search_words USING fts5(
    heading, words, content='search_document', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2', prefix='2 3'
)
"""
# The title weighs eight times as much as the text.
_WEIGHTS = "INSERT INTO search_words(search_words, rank) VALUES ('rank', 'bm25(8.0, 1.0)')"
_TRIGGER = "CREATE TRIGGER search_document_%s AFTER %s ON search_document BEGIN %s END"
ON_SQLITE = (
    _TABLE,
    _WEIGHTS,
    _TRIGGER % ("new", "INSERT", _NEW),
    _TRIGGER % ("old", "DELETE", _OLD),
    _TRIGGER % ("other", "UPDATE", _OLD + _NEW),
)
ON_POSTGRESQL = """
CREATE INDEX search_words ON search_document
USING gin (to_tsvector('simple', heading || ' ' || words))
"""
OFF_SQLITE = "DROP TABLE IF EXISTS search_words"


def is_ours(_object: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    """Whether a comparison with the models looks at it: the full-text index is in none of them."""
    return not (kind in ("table", "index") and (name or "").startswith(INDEX))


for _statement in ON_SQLITE:
    event.listen(Document.__table__, "after_create", DDL(_statement).execute_if(dialect="sqlite"))
event.listen(
    Document.__table__, "after_create", DDL(ON_POSTGRESQL).execute_if(dialect="postgresql")
)
event.listen(Document.__table__, "before_drop", DDL(OFF_SQLITE).execute_if(dialect="sqlite"))
