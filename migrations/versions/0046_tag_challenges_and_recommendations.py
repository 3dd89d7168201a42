"""Challenges and recommendations say to which global agendas they belong."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

NOUNS = ("challenge", "recommendation")


def upgrade() -> None:
    for noun in NOUNS:
        table, column = f"{noun}_term", f"{noun}_id"
        op.create_table(
            table,
            sa.Column(column, sa.Integer(), nullable=False),
            sa.Column("term_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                [column], [f"{noun}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f(f"fk_{table}_term_id")),
            sa.PrimaryKeyConstraint(column, "term_id", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_term_id"), table, ["term_id"])


def downgrade() -> None:
    for noun in NOUNS:
        op.drop_table(f"{noun}_term")
