"""A note has a summary, and its title and summary in several languages."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words = sa.Column(
        "summary", sa.Text(), server_default="", nullable=False, comment="what others read first"
    )
    languages = sa.Column(
        "translations",
        sa.JSON(),
        server_default="{}",
        nullable=False,
        comment="title and summary in other languages, by language",
    )
    with op.batch_alter_table("note") as table:
        table.add_column(words)
        table.add_column(languages)
    with op.batch_alter_table("note") as table:
        table.alter_column("summary", existing_type=sa.Text(), server_default=None)
        table.alter_column("translations", existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("note") as table:
        table.drop_column("translations")
        table.drop_column("summary")
