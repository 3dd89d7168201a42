"""Name who made a note, and put a photo on its cover."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

ROLES = ("writing", "editing", "translation", "coordination", "facilitation", "photos")


def upgrade() -> None:
    op.create_table(
        "note_credit",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                *ROLES, name="creditrole", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["note.id"], name=op.f("fk_note_credit_note_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_credit")),
    )
    op.create_index(op.f("ix_note_credit_note_id"), "note_credit", ["note_id"])
    op.create_table(
        "note_cover",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["note.id"], name=op.f("fk_note_cover_note_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_note_cover_photo_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_cover")),
        sa.UniqueConstraint("note_id", name=op.f("uq_note_cover_note_id")),
    )
    op.create_index(op.f("ix_note_cover_photo_id"), "note_cover", ["photo_id"])


def downgrade() -> None:
    op.drop_table("note_cover")
    op.drop_table("note_credit")
