"""The list of exchanges is cut from an index of its order, and what its filters count from one."""

from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

BEFORE = ["state", "state_since", "due_on", "held_state", "owner_id", "proposer_id"]
STANDING = [
    *("state", "held_state", "kind", "owner_id", "state_since", "due_on"),
    *("proposer_id", "contact_id", "id"),
]


def upgrade() -> None:
    op.create_index("ix_exchange_due_on", "exchange", ["due_on", "id"])
    op.drop_index("ix_exchange_standing", "exchange")
    op.create_index("ix_exchange_standing", "exchange", STANDING)


def downgrade() -> None:
    op.drop_index("ix_exchange_standing", "exchange")
    op.create_index("ix_exchange_standing", "exchange", BEFORE)
    op.drop_index("ix_exchange_due_on", "exchange")
