"""What search compares, with the full-text index of the database over it."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NEW = "INSERT INTO search_words(rowid, heading, words) VALUES (new.id, new.heading, new.words);"
OLD = (
    "INSERT INTO search_words(search_words, rowid, heading, words) "
    "VALUES ('delete', old.id, old.heading, old.words);"
)
TABLE = """
CREATE VIRTUAL TABLE search_words USING fts5(
    heading, words, content='search_document', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2', prefix='2 3'
)
"""
# The title weighs eight times as much as the text.
WEIGHTS = "INSERT INTO search_words(search_words, rank) VALUES ('rank', 'bm25(8.0, 1.0)')"
TRIGGER = "CREATE TRIGGER search_document_%s AFTER %s ON search_document BEGIN %s END"
ON_SQLITE = (
    TABLE,
    WEIGHTS,
    TRIGGER % ("new", "INSERT", NEW),
    TRIGGER % ("old", "DELETE", OLD),
    TRIGGER % ("other", "UPDATE", OLD + NEW),
)
ON_POSTGRESQL = """
CREATE INDEX search_words ON search_document
USING gin (to_tsvector('simple', heading || ' ' || words))
"""


def upgrade() -> None:
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(20), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False, comment="of title and text"),
        sa.Column(
            "address",
            sa.String(120),
            nullable=False,
            comment="the public name of the row, when it has one",
        ),
        sa.Column("heading", sa.Text(), nullable=False, comment="the folded words of the title"),
        sa.Column("words", sa.Text(), nullable=False, comment="the folded words of the text"),
        sa.Column("stamp", UTCDateTime(), nullable=False, comment="the newest change it knows of"),
        sa.PrimaryKeyConstraint("id", name="pk_search_document"),
        sa.UniqueConstraint("noun", "row_id", name="uq_search_document_noun_row_id"),
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in ON_SQLITE if on_sqlite else (ON_POSTGRESQL,):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
    op.drop_table("search_document")
