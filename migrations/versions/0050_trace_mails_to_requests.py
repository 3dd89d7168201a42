"""Every mail names the request or the task that wrote it."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("message") as table:
        table.add_column(
            sa.Column(
                "trace_id",
                sa.String(64),
                nullable=False,
                server_default="",
                comment="the request or task that wrote it: X-Request-ID of the mail",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("message") as table:
        table.drop_column("trace_id")
