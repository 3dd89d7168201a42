"""A log of the challenges that associations and sections name, and of what answers each."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ANSWERS = ("exchange", "module_topic", "lab", "none")
STATES = ("open", "answered", "set_aside")
EMPTIED = {"forum_item_id": "forum_item", "exchange_id": "exchange", "topic_id": "module_topic"}


def _choice(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "challenge",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), comment="until when it is to be answered"),
        sa.Column("source_url", sa.String(500), nullable=False),
        sa.Column("answer", _choice("answerkind", *ANSWERS)),
        *(sa.Column(name, sa.Integer()) for name in EMPTIED),
        sa.Column("lab_url", sa.String(500), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="why so, or why there is none"),
        sa.Column("state", _choice("challengestate", *STATES), nullable=False),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_challenge_organisation_id")
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{to}.id"], name=op.f(f"fk_challenge_{name}"), ondelete="SET NULL"
            )
            for name, to in EMPTIED.items()
        ),
        sa.Index("ix_challenge_state_due_on", "state", "due_on"),
        *(sa.Index(f"ix_challenge_{name}", name) for name in ("organisation_id", *EMPTIED, "demo")),
    )


def downgrade() -> None:
    op.drop_table("challenge")
