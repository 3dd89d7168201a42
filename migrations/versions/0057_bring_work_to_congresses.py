"""Editions of the Congress, and what is brought to each."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

BROUGHT = ("forum", "exchange", "recommendation", "strategy")
ONE_ALONE = " + ".join(f"CASE WHEN {one}_id IS NULL THEN 0 ELSE 1 END" for one in BROUGHT)


def _record() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "congress",
        *_record(),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_congress_period")),
        sa.UniqueConstraint("code", name=op.f("uq_congress_code")),
        sa.Index("ix_congress_starts_on", "starts_on"),
        sa.Index("ix_congress_demo", "demo"),
    )
    table = "congress_contribution"
    op.create_table(
        table,
        *_record(),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("aim", sa.String(300), nullable=False),
        sa.Column("language", sa.String(5), nullable=False, comment="of the aim"),
        *(sa.Column(f"{one}_id", sa.Integer()) for one in BROUGHT),
        sa.CheckConstraint(f"{ONE_ALONE} = 1", name=op.f("ck_congress_contribution_one")),
        *(
            sa.ForeignKeyConstraint(
                [f"{one}_id"], [f"{one}.id"], name=op.f(f"fk_{table}_{one}_id"), ondelete="CASCADE"
            )
            for one in ("congress", *BROUGHT)
        ),
        *(
            sa.UniqueConstraint(
                "congress_id", f"{one}_id", name=op.f(f"uq_{table}_congress_id_{one}_id")
            )
            for one in BROUGHT
        ),
        *(sa.Index(f"ix_{table}_{one}_id", f"{one}_id") for one in BROUGHT),
    )


def downgrade() -> None:
    op.drop_table("congress_contribution")
    op.drop_table("congress")
