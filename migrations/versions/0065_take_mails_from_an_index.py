"""Workers find from an index what goes next, what goes first, and who has a digest to come."""

from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    due = ["state", "bundled", "next_try_at", "id", "person_id"]
    op.create_index("ix_message_due", "message", due)
    op.drop_index("ix_message_state_next_try_at", "message")
    op.drop_index("ix_message_kind", "message")
    op.create_index("ix_message_kind", "message", ["kind", "state", "next_try_at"])


def downgrade() -> None:
    op.drop_index("ix_message_kind", "message")
    op.create_index("ix_message_kind", "message", ["kind"])
    op.create_index("ix_message_state_next_try_at", "message", ["state", "next_try_at"])
    op.drop_index("ix_message_due", "message")
