"""A register of recommendations and commitments, topics for modules, and the way there from a note."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

STATES = ("proposed", "adopted", "committed", "under_way", "done", "dropped")
LINKS = {"topic_id": "module_topic", "recommendation_id": "recommendation"}


def _choice(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _record() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "recommendation",
        *_record(),
        sa.Column("about", _choice("about", "policy", "method"), nullable=False),
        sa.Column("scale", _choice("scale", "local", "national", "world"), nullable=False),
        sa.Column("addressee", sa.String(300), nullable=False, comment="who should hear it"),
        sa.Column("owner_id", sa.Integer()),
        sa.Column("due_on", sa.Date()),
        sa.Column("evidence", sa.Text(), nullable=False, comment="what shows that it was done"),
        sa.Column("evidence_url", sa.String(500), nullable=False),
        sa.Column("state", _choice("recommendationstate", *STATES), nullable=False),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["organisation.id"],
            name=op.f("fk_recommendation_owner_id"),
            ondelete="SET NULL",
        ),
        sa.Index("ix_recommendation_state_due_on", "state", "due_on"),
        sa.Index("ix_recommendation_owner_id", "owner_id"),
        sa.Index("ix_recommendation_demo", "demo"),
    )
    op.create_table(
        "module_topic",
        *_record(),
        sa.Column("state", _choice("topicstate", "proposed"), nullable=False),
        sa.Index("ix_module_topic_demo", "demo"),
    )
    with op.batch_alter_table("forum_item") as table:
        for name, to in LINKS.items():
            table.add_column(sa.Column(name, sa.Integer()))
            table.create_foreign_key(
                op.f(f"fk_forum_item_{name}"), to, [name], ["id"], ondelete="SET NULL"
            )
            table.create_index(op.f(f"ix_forum_item_{name}"), [name])


def downgrade() -> None:
    with op.batch_alter_table("forum_item") as table:
        for name in LINKS:
            table.drop_index(op.f(f"ix_forum_item_{name}"))
            table.drop_constraint(op.f(f"fk_forum_item_{name}"), type_="foreignkey")
            table.drop_column(name)
    op.drop_table("module_topic")
    op.drop_table("recommendation")
