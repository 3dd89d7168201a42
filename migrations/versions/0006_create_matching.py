"""Matches and the questions of both sides."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("exchange_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "suggested",
                "proposed",
                "half_agreed",
                "agreed",
                "concluded",
                "declined",
                "lapsed",
                "withdrawn",
                name="matchstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False, comment="basis points, 10000 is the best"),
        sa.Column(
            "reasons", sa.JSON(), nullable=False, comment="code, points and evidence of each rule"
        ),
        sa.Column("rules_version", sa.String(length=20), nullable=False),
        sa.Column(
            "holds_place",
            sa.Boolean(),
            nullable=False,
            comment="one place of the offer is counted as taken by this match",
        ),
        sa.Column(
            "need_answer",
            sa.Enum(
                "pending",
                "accepted",
                "declined",
                name="need_answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "offer_answer",
            sa.Enum(
                "pending",
                "accepted",
                "declined",
                name="offer_answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("decline_code", sa.String(length=40), nullable=False),
        sa.Column("decline_note", sa.Text(), nullable=False),
        sa.Column("by_officer", sa.Boolean(), nullable=False, comment="proposed by a person"),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "holds_place OR state NOT IN ('proposed', 'half_agreed', 'agreed')",
            name=op.f("ck_match_place_held"),
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 10000", name=op.f("ck_match_score")),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_match_exchange_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_match_need_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_match_offer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match")),
    )
    with op.batch_alter_table("match", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_exchange_id"), ["exchange_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_need_id"), ["need_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index("ix_match_state_answer_by", ["state", "answer_by"], unique=False)
        batch_op.create_index(
            "uq_match_live_pair",
            ["need_id", "offer_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('suggested', 'proposed', 'half_agreed', 'agreed')"),
            postgresql_where=sa.text("state IN ('suggested', 'proposed', 'half_agreed', 'agreed')"),
        )

    op.create_table(
        "match_question",
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "need", "offer", name="side", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
            comment="who asks",
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_match_question_match_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_match_question_person_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_question")),
    )
    with op.batch_alter_table("match_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_question_match_id"), ["match_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("match_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_question_match_id"))

    op.drop_table("match_question")
    with op.batch_alter_table("match", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_match_live_pair",
            sqlite_where=sa.text("state IN ('suggested', 'proposed', 'half_agreed', 'agreed')"),
            postgresql_where=sa.text("state IN ('suggested', 'proposed', 'half_agreed', 'agreed')"),
        )
        batch_op.drop_index("ix_match_state_answer_by")
        batch_op.drop_index(batch_op.f("ix_match_offer_id"))
        batch_op.drop_index(batch_op.f("ix_match_need_id"))
        batch_op.drop_index(batch_op.f("ix_match_exchange_id"))

    op.drop_table("match")
