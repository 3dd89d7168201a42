"""What people write down at a forum, from the moment it is said to what became of it."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

KINDS = ("expectation", "need", "offer", "challenge", "recommendation")
# column → (table it refers to, indexed)
LINKS = {
    "session_id": "forum_session",
    "guest_id": "forum_guest",
    "person_id": "person",
    "organisation_id": "organisation",
    "need_id": "need",
    "offer_id": "offer",
    "exchange_id": "exchange",
}


def _choice(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "forum_item",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer()) for name in LINKS),
        sa.Column("kind", _choice("itemkind", *KINDS), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("expected_result", sa.Text(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column(
            "due_on",
            sa.Date(),
            comment="from when on an expectation can be compared with the results",
        ),
        sa.Column("verdict", _choice("met", "met", "partly", "not_met")),
        sa.Column("verdict_note", sa.Text(), nullable=False),
        sa.Column(
            "state", _choice("itemstate", "captured", "taken_up", "set_aside"), nullable=False
        ),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_forum_item_forum_id"), ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{to}.id"], name=op.f(f"fk_forum_item_{name}"), ondelete="SET NULL"
            )
            for name, to in LINKS.items()
        ),
        sa.CheckConstraint(
            "verdict IS NULL OR kind = 'expectation'",
            name=op.f("ck_forum_item_verdict_of_expectation"),
        ),
        sa.UniqueConstraint("forum_id", "key", name=op.f("uq_forum_item_forum_id_key")),
        sa.Index("ix_forum_item_state", "state", "state_since"),
        sa.Index("ix_forum_item_due_on", "due_on"),
        *(sa.Index(f"ix_forum_item_{name}", name) for name in LINKS),
    )


def downgrade() -> None:
    op.drop_table("forum_item")
