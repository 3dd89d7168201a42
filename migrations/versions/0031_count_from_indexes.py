"""Count from indexes: the dashboard reads what it counts without reading whole rows."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

STANDING = ["state", "state_since", "due_on", "held_state", "owner_id", "proposer_id"]


def upgrade() -> None:
    op.create_index("ix_exchange_standing", "exchange", STANDING)
    op.drop_index("ix_partner_organisation_id", "partner")
    op.create_index("ix_partner_organisation_id", "partner", ["organisation_id", "exchange_id"])
    reached = ["subject_type", "subject_id", "to_state", "happened_at"]
    op.create_index("ix_step_reached", "step", reached)
    moved = ["subject_type", "happened_at", "from_state", "to_state", "subject_id"]
    op.create_index("ix_step_flow", "step", moved)


def downgrade() -> None:
    op.drop_index("ix_step_flow", "step")
    op.drop_index("ix_step_reached", "step")
    op.drop_index("ix_partner_organisation_id", "partner")
    op.create_index("ix_partner_organisation_id", "partner", ["organisation_id"])
    op.drop_index("ix_exchange_standing", "exchange")
