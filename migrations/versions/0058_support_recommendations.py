"""Organisations support recommendations."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

TABLE = "recommendation_support"
SIDES = ("recommendation", "organisation")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        *(sa.Column(f"{one}_id", sa.Integer(), nullable=False) for one in SIDES),
        *(
            sa.ForeignKeyConstraint(
                [f"{one}_id"], [f"{one}.id"], name=op.f(f"fk_{TABLE}_{one}_id"), ondelete="CASCADE"
            )
            for one in SIDES
        ),
        sa.UniqueConstraint(
            "recommendation_id",
            "organisation_id",
            name=op.f(f"uq_{TABLE}_recommendation_id_organisation_id"),
        ),
        sa.Index(f"ix_{TABLE}_organisation_id", "organisation_id"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
