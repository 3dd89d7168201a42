"""Photos beside what a city learned."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(300), nullable=False),
        sa.Column("credit", sa.String(200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_photo"),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["lesson_sheet.id"], name="fk_photo_sheet_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_photo_sheet_id", "photo", ["sheet_id"])


def downgrade() -> None:
    op.drop_table("photo")
