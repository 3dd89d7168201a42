"""Runs of the matcher, officers' wishes, versions of the settings, and what was shown."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "matching_run",
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column(
            "programme_code",
            sa.String(length=40),
            nullable=False,
            comment="network for needs that name none",
        ),
        sa.Column(
            "mode",
            sa.Enum(
                "suggest",
                "review",
                "automatic",
                name="matchingmode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
            comment="when it was begun",
        ),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "comparing",
                "solving",
                "draft",
                "published",
                "discarded",
                "failed",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("configuration", sa.JSON(), nullable=False),
        sa.Column("configuration_hash", sa.String(length=16), nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("blocks_total", sa.Integer(), nullable=False),
        sa.Column("blocks_done", sa.Integer(), nullable=False),
        sa.Column("needs_count", sa.Integer(), nullable=False),
        sa.Column("offers_count", sa.Integer(), nullable=False),
        sa.Column(
            "heartbeat_at",
            UTCDateTime(),
            nullable=True,
            comment="when its workers last said that they live",
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "report",
            sa.JSON(),
            nullable=False,
            comment="totals, bound, gap, what was removed, who stays without",
        ),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("number IS NULL OR state = 'published'", name="numbered"),
        sa.CheckConstraint("blocks_done <= blocks_total", name="blocks"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_matching_run_person_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name="fk_matching_run_programme_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_matching_run"),
        sa.UniqueConstraint(
            "programme_code", "number", name="uq_matching_run_programme_code_number"
        ),
    )
    with op.batch_alter_table("matching_run") as batch_op:
        batch_op.create_index("ix_matching_run_demo", ["demo"], unique=False)
        batch_op.create_index(
            "ix_matching_run_programme_code_state", ["programme_code", "state"], unique=False
        )

    op.create_table(
        "matching_settings",
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, comment="why it was changed"),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_matching_settings_person_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_matching_settings"),
    )
    with op.batch_alter_table("matching_settings") as batch_op:
        batch_op.create_index("ix_matching_settings_hash", ["hash"], unique=False)

    op.create_table(
        "matching_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("need_ids", sa.JSON(), nullable=False),
        sa.Column("claimed_at", UTCDateTime(), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("found", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["matching_run.id"], name="fk_matching_block_run_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_matching_block"),
        sa.UniqueConstraint("run_id", "number", name="uq_matching_block_run_id_number"),
    )
    op.create_table(
        "matching_run_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column(
            "trade_off",
            sa.JSON(),
            nullable=True,
            comment="a better offer whose places went to others, and what they gain",
        ),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "drafted",
                "asked",
                "dropped",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why_dropped", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name="fk_matching_run_pair_need_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name="fk_matching_run_pair_offer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["matching_run.id"], name="fk_matching_run_pair_run_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_matching_run_pair"),
        sa.UniqueConstraint(
            "run_id", "need_id", "offer_id", name="uq_matching_run_pair_run_id_need_id_offer_id"
        ),
    )
    with op.batch_alter_table("matching_run_pair") as batch_op:
        batch_op.create_index("ix_matching_run_pair_need_id", ["need_id"], unique=False)
        batch_op.create_index("ix_matching_run_pair_offer_id", ["offer_id"], unique=False)

    op.create_table(
        "matching_shown",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shown_at", UTCDateTime(), nullable=False),
        sa.Column(
            "place",
            sa.Enum(
                "suggestions",
                "look",
                "run",
                name="shownin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("configuration_hash", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name="fk_matching_shown_need_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name="fk_matching_shown_offer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_matching_shown"),
    )
    with op.batch_alter_table("matching_shown") as batch_op:
        batch_op.create_index("ix_matching_shown_need_id", ["need_id"], unique=False)
        batch_op.create_index("ix_matching_shown_shown_at", ["shown_at"], unique=False)

    op.create_table(
        "matching_wish",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pin", "veto", name="wished", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name="fk_matching_wish_need_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name="fk_matching_wish_offer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_matching_wish_person_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_matching_wish"),
        sa.UniqueConstraint("need_id", "offer_id", name="uq_matching_wish_need_id_offer_id"),
    )
    with op.batch_alter_table("matching_wish") as batch_op:
        batch_op.create_index("ix_matching_wish_offer_id", ["offer_id"], unique=False)


def downgrade() -> None:
    for name in (
        "matching_wish",
        "matching_shown",
        "matching_run_pair",
        "matching_block",
        "matching_settings",
        "matching_run",
    ):
        op.drop_table(name)
