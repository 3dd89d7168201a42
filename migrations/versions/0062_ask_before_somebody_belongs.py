"""Whoever is invited to an organisation is asked, and belongs to it once they say yes."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

TABLE = "invitation"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("inviter_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "member",
                "coordinator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f(f"fk_{TABLE}_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["inviter_id"], ["person.id"], name=op.f(f"fk_{TABLE}_inviter_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "organisation_id", "email", name=op.f(f"uq_{TABLE}_organisation_id_email")
        ),
        sa.UniqueConstraint("secret_hash", name=op.f(f"uq_{TABLE}_secret_hash")),
        sa.Index(f"ix_{TABLE}_inviter_id", "inviter_id"),
        sa.Index(f"ix_{TABLE}_email", "email"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
