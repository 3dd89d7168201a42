"""The full-text index keeps on PostgreSQL what it ranks by: ranking reads no text again."""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

# table → index beside it
INDEXES = {"search_document": "search_words", "practice_text": "search_words_practice"}
KEPT = "setweight(to_tsvector('simple', heading), 'A') || to_tsvector('simple', words)"
# On SQLite only words that change are indexed anew.
OTHER = """
CREATE TRIGGER search_document_other AFTER UPDATE%s ON search_document BEGIN
INSERT INTO search_words(search_words, rowid, heading, words)
VALUES ('delete', old.id, old.heading, old.words);
INSERT INTO search_words(rowid, heading, words) VALUES (new.id, new.heading, new.words);
END
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER search_document_other")
        op.execute(OTHER % " OF heading, words")
        return
    for table, index in INDEXES.items():
        op.execute(f"DROP INDEX {index}")
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN search_words tsvector "
            f"GENERATED ALWAYS AS ({KEPT}) STORED"
        )
        op.execute(f"CREATE INDEX {index} ON {table} USING gin (search_words)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER search_document_other")
        op.execute(OTHER % "")
        return
    for table, index in INDEXES.items():
        op.execute(f"DROP INDEX {index}")
        op.execute(f"ALTER TABLE {table} DROP COLUMN search_words")
        op.execute(
            f"CREATE INDEX {index} ON {table} "
            "USING gin (to_tsvector('simple', heading || ' ' || words))"
        )
