"""A note in further languages, passage beside passage, read by a second person."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note_translation",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False, comment="as it is worked on"),
        sa.Column("released", sa.JSON(), nullable=False, comment="as readers have it"),
        sa.Column("translator_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "drafting",
                "in_review",
                "published",
                name="notetranslationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True, comment="when it first came out"),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"],
            ["note.id"],
            name=op.f("fk_note_translation_note_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["person.id"],
            name=op.f("fk_note_translation_reviewer_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["translator_id"],
            ["person.id"],
            name=op.f("fk_note_translation_translator_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_translation")),
        sa.UniqueConstraint(
            "note_id", "language", name=op.f("uq_note_translation_note_id_language")
        ),
    )
    with op.batch_alter_table("note_translation") as batch_op:
        for name in ("reviewer_id", "translator_id"):
            batch_op.create_index(batch_op.f(f"ix_note_translation_{name}"), [name], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("note_translation") as batch_op:
        for name in ("translator_id", "reviewer_id"):
            batch_op.drop_index(batch_op.f(f"ix_note_translation_{name}"))

    op.drop_table("note_translation")
