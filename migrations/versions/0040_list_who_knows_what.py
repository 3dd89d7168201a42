"""The directory of expertise: what people list of themselves."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "expertise",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded_text", sa.Text(), nullable=False, comment="as searches compare it"),
        sa.Column("language", sa.String(5), nullable=False, comment="that the text is written in"),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_expertise_person_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("person_id", name=op.f("uq_expertise_person_id")),
    )
    op.create_index(op.f("ix_expertise_demo"), "expertise", ["demo"])
    op.create_table(
        "expertise_term",
        sa.Column("expertise_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("expertise_id", "term_id"),
        sa.ForeignKeyConstraint(
            ["expertise_id"],
            ["expertise.id"],
            name=op.f("fk_expertise_term_expertise_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_expertise_term_term_id")),
    )
    op.create_index(op.f("ix_expertise_term_term_id"), "expertise_term", ["term_id"])


def downgrade() -> None:
    op.drop_table("expertise_term")
    op.drop_table("expertise")
