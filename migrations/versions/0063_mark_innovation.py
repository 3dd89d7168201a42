"""Needs, offers and practices say whether they are about a way that is new."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

WHAT = {
    "need": "a way that is new to the city, or that it is first to try",
    "offer": "a way that is new to the city, or that it is first to try",
    "practice": "a way that was new, or that the city was first to try",
}


def upgrade() -> None:
    for table, words in WHAT.items():
        # The version before writes rows without it for a while.
        column = sa.Column(
            "innovative", sa.Boolean(), nullable=False, server_default=sa.false(), comment=words
        )
        op.add_column(table, column)


def downgrade() -> None:
    for table in WHAT:
        op.drop_column(table, "innovative")
