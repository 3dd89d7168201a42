"""An import notes how large its file is: organisations share the disk."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("import") as table:
        size = sa.Column(
            "size",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="bytes of that file",
        )
        table.add_column(size)
    with op.batch_alter_table("import") as table:
        table.alter_column("size", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("import") as table:
        table.drop_column("size")
