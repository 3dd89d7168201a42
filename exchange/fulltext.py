"""The full-text index of the database beside a table whose rows hold folded words.

The table has two columns of them: ``heading``, which weighs more, and ``words``. On SQLite a
virtual table of FTS5 lies beside it, kept by triggers; on PostgreSQL the database keeps a tsvector
in the row, so that ranking reads no text again. Both see words that we have folded: accents and
case are forgiven equally on both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    DDL,
    Float,
    FromClause,
    Integer,
    Select,
    Subquery,
    column,
    event,
    func,
    literal_column,
    select,
    text,
)

from exchange.extensions import db

# What the index is made of begins so on both databases: models know nothing of it.
INDEX = "search_words"
_COLUMNS = (column("id", Integer), column("rank", Float))


@dataclass(frozen=True)
class FullText:
    """The index ``name`` over the rows of ``table``; ``prefixes`` are the lengths of beginnings of
    words that SQLite keeps ready."""

    table: str
    name: str
    prefixes: str

    def on_sqlite(self) -> tuple[str, ...]:
        """What makes it on SQLite. A heading weighs eight times as much as the words."""
        name, table = self.name, self.table
        new = (
            f"INSERT INTO {name}(rowid, heading, words) "  # noqa: S608 - names of ours
            "VALUES (new.id, new.heading, new.words);"
        )
        old = (
            f"INSERT INTO {name}({name}, rowid, heading, words) "  # noqa: S608 - names of ours
            "VALUES ('delete', old.id, old.heading, old.words);"
        )
        trigger = f"CREATE TRIGGER {table}_%s AFTER %s ON {table} BEGIN %s END"
        return (
            f"""CREATE VIRTUAL TABLE {name} USING fts5(
                heading, words, content='{table}', content_rowid='id',
                tokenize='unicode61 remove_diacritics 2', prefix='{self.prefixes}'
            )""",
            f"INSERT INTO {name}({name}, rank) VALUES ('rank', 'bm25(8.0, 1.0)')",  # noqa: S608
            trigger % ("new", "INSERT", new),
            trigger % ("old", "DELETE", old),
            trigger % ("other", "UPDATE OF heading, words", old + new),
        )

    def on_postgresql(self) -> tuple[str, ...]:
        """What makes it on PostgreSQL."""
        return (
            f"""ALTER TABLE {self.table} ADD COLUMN {INDEX} tsvector GENERATED ALWAYS AS (
                setweight(to_tsvector('simple', heading), 'A') || to_tsvector('simple', words)
            ) STORED""",
            f"CREATE INDEX {self.name} ON {self.table} USING gin ({INDEX})",
        )

    def beside(self, table: FromClause) -> None:
        """Make it whenever the table is made, and drop it before."""
        for dialect, statements in (
            ("sqlite", self.on_sqlite()),
            ("postgresql", self.on_postgresql()),
        ):
            for statement in statements:
                made = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)
                event.listen(table, "after_create", made)
        gone = DDL(f"DROP TABLE IF EXISTS {self.name}").execute_if(dialect="sqlite")
        event.listen(table, "before_drop", gone)

    def hits(self, ways: Iterable[Iterable[str]]) -> Subquery:
        """(id of a row, rank: the smaller the better) of what holds all words of one of ``ways``,
        or words that begin so. Words are letters and digits alone."""
        if db.engine.dialect.name == "postgresql":
            return self._on_postgresql(ways)
        return self._on_sqlite(ways)

    def _on_sqlite(self, ways: Iterable[Iterable[str]]) -> Subquery:
        """A limit keeps SQLite from mixing this query into the other, where no rank can be had."""
        query = text(
            f"SELECT rowid AS id, rank FROM {self.name} "  # noqa: S608 - a name of ours
            f"WHERE {self.name} MATCH :words LIMIT -1"
        )
        wanted = " OR ".join("(" + " ".join(f'"{word}"*' for word in way) + ")" for way in ways)
        return query.bindparams(words=wanted).columns(*_COLUMNS).subquery("hits")

    def _on_postgresql(self, ways: Iterable[Iterable[str]]) -> Subquery:
        told = " | ".join("(" + " & ".join(f"{word}:*" for word in way) + ")" for way in ways)
        wanted = func.to_tsquery("simple", told)
        kept: Any = literal_column(f"{self.table}.{INDEX}")
        row_id: Any = literal_column(f"{self.table}.id")
        rank = (-func.ts_rank(kept, wanted)).label("rank")
        rows: Select[Any] = select(row_id.label("id"), rank).select_from(text(self.table))
        return rows.where(kept.op("@@")(wanted)).subquery("hits")


def is_ours(_object: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    """Whether a comparison with the models looks at it: a full-text index is in none of them."""
    return not (kind in ("table", "index", "column") and (name or "").startswith(INDEX))
