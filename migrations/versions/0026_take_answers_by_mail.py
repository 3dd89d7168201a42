"""Mails that people send to us are kept until they are where they belong."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def _to(column: str, table: str, ondelete: str) -> Any:
    name = op.f(f"fk_reply_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column(
            "key", sa.String(64), nullable=False, comment="the same for every copy of a mail"
        ),
        sa.Column("from_name", sa.String(200), nullable=False),
        sa.Column("from_email", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="empty once it is a remark"),
        sa.Column(
            "attachments", sa.JSON(), nullable=False, comment="names of what was not taken over"
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="code: why it waits, or waited"),
        sa.Column("exchange_id", sa.Integer()),
        sa.Column("person_id", sa.Integer(), comment="whose address it is"),
        sa.Column("remark_id", sa.Integer()),
        sa.Column("settled_at", UTCDateTime()),
        sa.Column("settled_by_id", sa.Integer()),
        _to("exchange_id", "exchange", "SET NULL"),
        _to("person_id", "person", "SET NULL"),
        _to("remark_id", "remark", "CASCADE"),
        _to("settled_by_id", "person", "SET NULL"),
        sa.UniqueConstraint("key", name=op.f("uq_reply_key")),
        sa.Index(op.f("ix_reply_from_email"), "from_email"),
        sa.Index(op.f("ix_reply_exchange_id"), "exchange_id"),
        sa.Index(op.f("ix_reply_person_id"), "person_id"),
        sa.Index(op.f("ix_reply_remark_id"), "remark_id"),
        sa.Index("ix_reply_settled_at", "settled_at"),
    )


def downgrade() -> None:
    op.execute("UPDATE step SET trigger = 'fail' WHERE trigger = 'bounce'")
    op.drop_table("reply")
