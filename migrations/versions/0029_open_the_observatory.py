"""Practices in several languages, with their full-text index, and the observatories they are from."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NEW = (
    "INSERT INTO search_words_practice(rowid, heading, words) "
    "VALUES (new.id, new.heading, new.words);"
)
OLD = (
    "INSERT INTO search_words_practice(search_words_practice, rowid, heading, words) "
    "VALUES ('delete', old.id, old.heading, old.words);"
)
TABLE = """
CREATE VIRTUAL TABLE search_words_practice USING fts5(
    heading, words, content='practice_text', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2', prefix='3 4'
)
"""
WEIGHTS = (
    "INSERT INTO search_words_practice(search_words_practice, rank) VALUES "
    "('rank', 'bm25(8.0, 1.0)')"
)
TRIGGER = "CREATE TRIGGER practice_text_%s AFTER %s ON practice_text BEGIN %s END"
ON_SQLITE = (
    TABLE,
    WEIGHTS,
    TRIGGER % ("new", "INSERT", NEW),
    TRIGGER % ("old", "DELETE", OLD),
    TRIGGER % ("other", "UPDATE OF heading, words", OLD + NEW),
)
ON_POSTGRESQL = """
CREATE INDEX search_words_practice ON practice_text
USING gin (to_tsvector('simple', heading || ' ' || words))
"""


def upgrade() -> None:
    op.create_table(
        "observatory",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column(
            "harvest_url",
            sa.String(length=500),
            nullable=False,
            comment="an OAI-PMH address, or a file of Dublin Core records",
        ),
        sa.Column(
            "rights", sa.String(length=300), nullable=False, comment="what is said with each"
        ),
        sa.Column(
            "trusted",
            sa.Boolean(),
            nullable=False,
            comment="its records are published as they come",
        ),
        sa.Column("harvested_at", UTCDateTime(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observatory")),
        sa.UniqueConstraint("code", name=op.f("uq_observatory_code")),
    )
    with op.batch_alter_table("observatory") as batch_op:
        batch_op.create_index(batch_op.f("ix_observatory_demo"), ["demo"], unique=False)

    op.create_table(
        "practice",
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.Column(
            "size",
            sa.Enum(
                "small",
                "intermediary",
                "metropolitan",
                "unknown",
                name="citysize",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "language", sa.String(length=5), nullable=False, comment="in which it was first written"
        ),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column(
            "credit", sa.String(length=300), nullable=False, comment="who wrote it, as given"
        ),
        sa.Column("observatory_id", sa.Integer(), nullable=True),
        sa.Column(
            "external_id", sa.String(length=200), nullable=True, comment="its name in the source"
        ),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "proposed",
                "published",
                "withdrawn",
                name="practicestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_practice_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["observatory_id"], ["observatory.id"], name=op.f("fk_practice_observatory_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_practice_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["origin_id"], ["note.id"], name=op.f("fk_practice_origin_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
        sa.UniqueConstraint(
            "observatory_id", "external_id", name=op.f("uq_practice_observatory_id_external_id")
        ),
        sa.UniqueConstraint("origin_id", name=op.f("uq_practice_origin_id")),
    )
    with op.batch_alter_table("practice") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_practice_country_code"), ["country_code"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_practice_demo"), ["demo"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_practice_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "ix_practice_state_published_at", ["state", "published_at"], unique=False
        )

    op.create_table(
        "practice_term",
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practice.id"],
            name=op.f("fk_practice_term_practice_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_practice_term_term_id")),
        sa.PrimaryKeyConstraint("practice_id", "term_id", name=op.f("pk_practice_term")),
    )
    with op.batch_alter_table("practice_term") as batch_op:
        batch_op.create_index(batch_op.f("ix_practice_term_term_id"), ["term_id"], unique=False)

    op.create_table(
        "practice_text",
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False, comment="what was done, in short"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practice.id"],
            name=op.f("fk_practice_text_practice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_text")),
        sa.UniqueConstraint(
            "practice_id", "language", name=op.f("uq_practice_text_practice_id_language")
        ),
    )
    with op.batch_alter_table("practice_text") as batch_op:
        batch_op.create_index(batch_op.f("ix_practice_text_language"), ["language"], unique=False)
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in ON_SQLITE if on_sqlite else (ON_POSTGRESQL,):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words_practice")
    with op.batch_alter_table("practice_text") as batch_op:
        batch_op.drop_index(batch_op.f("ix_practice_text_language"))

    op.drop_table("practice_text")
    with op.batch_alter_table("practice_term") as batch_op:
        batch_op.drop_index(batch_op.f("ix_practice_term_term_id"))

    op.drop_table("practice_term")
    with op.batch_alter_table("practice") as batch_op:
        batch_op.drop_index("ix_practice_state_published_at")
        batch_op.drop_index(batch_op.f("ix_practice_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_practice_demo"))
        batch_op.drop_index(batch_op.f("ix_practice_country_code"))

    op.drop_table("practice")
    with op.batch_alter_table("observatory") as batch_op:
        batch_op.drop_index(batch_op.f("ix_observatory_demo"))

    op.drop_table("observatory")
