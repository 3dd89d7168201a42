"""The processes of the worker and what became of each kind of task."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "process",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(160), nullable=False, comment="machine and number"),
        sa.Column("host", sa.String(120), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("release", sa.String(40), nullable=False, comment="of the program that it runs"),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("at_work", sa.Integer(), nullable=False, comment="tasks that it was doing then"),
        sa.UniqueConstraint("name", name=op.f("uq_process_name")),
    )
    op.create_index(op.f("ix_process_seen_at"), "process", ["seen_at"])
    op.create_table(
        "task_tally",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("task", sa.String(120), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False, comment="of work, all together"),
        sa.Column(
            "waited",
            sa.Float(),
            nullable=False,
            comment="seconds that the last one lay in the queue",
        ),
        sa.Column("done_at", UTCDateTime()),
        sa.Column("failed_at", UTCDateTime()),
        sa.Column(
            "problem",
            sa.String(200),
            nullable=False,
            comment="the kind of the last failure; empty once it worked again",
        ),
        sa.Column(
            "trace_id", sa.String(64), nullable=False, comment="what the log calls the last failure"
        ),
        sa.Column("rung_at", UTCDateTime(), comment="when one came that the clock had asked for"),
        sa.Column(
            "every", sa.Integer(), nullable=False, comment="seconds between two rings; 0: no clock"
        ),
        sa.Column("next_at", UTCDateTime()),
        sa.UniqueConstraint("task", name=op.f("uq_task_tally_task")),
    )


def downgrade() -> None:
    op.drop_table("task_tally")
    op.drop_table("process")
