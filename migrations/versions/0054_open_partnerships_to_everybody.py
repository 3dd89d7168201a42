"""What of a partnership everybody may read, as its lead chose."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("partnership") as batch_op:
        batch_op.add_column(
            sa.Column("is_public", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column(
                "shown",
                sa.JSON(),
                nullable=False,
                server_default="[]",
                comment="what the public page shows beside title, years and lead",
            )
        )
        batch_op.create_index(batch_op.f("ix_partnership_is_public"), ["is_public"], unique=False)
    with op.batch_alter_table("partnership") as batch_op:
        batch_op.alter_column("is_public", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("shown", existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("partnership") as batch_op:
        batch_op.drop_index(batch_op.f("ix_partnership_is_public"))
        batch_op.drop_column("shown")
        batch_op.drop_column("is_public")
