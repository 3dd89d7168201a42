"""Find the steps of one person: the first hour asks what somebody has done."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_step_actor_id", "step", ["actor_id", "subject_type"])


def downgrade() -> None:
    op.drop_index("ix_step_actor_id", "step")
