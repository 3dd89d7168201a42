"""A translation that readers have says since when it no longer follows its original."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words = "since when readers have passages whose original has changed"
    op.add_column(
        "note_translation", sa.Column("behind_since", UTCDateTime(), nullable=True, comment=words)
    )


def downgrade() -> None:
    op.drop_column("note_translation", "behind_since")
