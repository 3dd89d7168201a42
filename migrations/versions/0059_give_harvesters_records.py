"""Harvesters read practices in the order of their last change."""

from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_practice_state_updated_at", "practice", ["state", "updated_at"])


def downgrade() -> None:
    op.drop_index("ix_practice_state_updated_at", "practice")
