"""Mails of one exchange or one step are held; when a link of a mail was followed first."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

OPENED = "when a link of it was followed first"


def upgrade() -> None:
    with op.batch_alter_table("message") as table:
        table.add_column(sa.Column("opened_at", UTCDateTime(), comment=OPENED))
    op.create_table(
        "mail_hold",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False, comment="empty: whatever the state"),
        sa.Column("author_id", sa.Integer()),
        sa.Column("ended_at", UTCDateTime()),
        sa.Column("ended_by_id", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchange.id"],
            name=op.f("fk_mail_hold_exchange_id"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["person.id"], name=op.f(f"fk_mail_hold_{column}"), ondelete="SET NULL"
            )
            for column in ("author_id", "ended_by_id")
        ),
        sa.Index(op.f("ix_mail_hold_exchange_id"), "exchange_id"),
    )


def downgrade() -> None:
    op.drop_table("mail_hold")
    with op.batch_alter_table("message") as table:
        table.drop_column("opened_at")
