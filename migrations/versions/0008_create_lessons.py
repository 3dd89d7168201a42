"""Notes, road maps, dissemination and follow-up."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "asked",
                "answered",
                "unanswered",
                name="followupstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("months IN (3, 6, 12)", name=op.f("ck_follow_up_months")),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchange.id"],
            name=op.f("fk_follow_up_exchange_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_follow_up_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint(
            "exchange_id",
            "organisation_id",
            "months",
            name=op.f("uq_follow_up_exchange_id_organisation_id_months"),
        ),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_follow_up_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index("ix_follow_up_state_due_on", ["state", "due_on"], unique=False)

    op.create_table(
        "note",
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True, comment="given when published"),
        sa.Column("slug", sa.String(length=120), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drafting",
                "in_review",
                "published",
                name="notestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_note_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_note_exchange_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["person.id"], name=op.f("fk_note_reviewer_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("exchange_id", name=op.f("uq_note_exchange_id")),
        sa.UniqueConstraint("number", name=op.f("uq_note_number")),
        sa.UniqueConstraint("slug", name=op.f("uq_note_slug")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_published_on"), ["published_on"], unique=False)

    op.create_table(
        "road_map_action",
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column(
            "horizon",
            sa.Enum(
                "immediate",
                "intermediate",
                "long_term",
                name="horizon",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "under_way",
                "done",
                "dropped",
                name="roadmapstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["person.id"],
            name=op.f("fk_road_map_action_contact_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchange.id"],
            name=op.f("fk_road_map_action_exchange_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisation.id"], name=op.f("fk_road_map_action_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_road_map_action")),
    )
    with op.batch_alter_table("road_map_action", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_road_map_action_exchange_id"), ["exchange_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_road_map_action_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "transferability",
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("understand", sa.Text(), nullable=False, comment="why it works there"),
        sa.Column("adapt", sa.Text(), nullable=False, comment="what must differ elsewhere"),
        sa.Column("reuse", sa.Text(), nullable=False, comment="what can be taken as it is"),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("legal_competence", sa.Text(), nullable=False),
        sa.Column(
            "cost_order",
            sa.Enum(
                "under_10k",
                "under_100k",
                "under_1m",
                "over_1m",
                "unknown",
                name="costorder",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("what_failed", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchange.id"],
            name=op.f("fk_transferability_exchange_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transferability")),
        sa.UniqueConstraint("exchange_id", name=op.f("uq_transferability_exchange_id")),
    )
    op.create_table(
        "dissemination",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("reach", sa.Integer(), nullable=True, comment="people reached, as far as known"),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("reach >= 0", name=op.f("ck_dissemination_reach")),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["term.id"], name=op.f("fk_dissemination_channel_id")
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["note.id"], name=op.f("fk_dissemination_note_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dissemination")),
    )
    with op.batch_alter_table("dissemination", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dissemination_note_id"), ["note_id"], unique=False)

    op.create_table(
        "follow_up_link",
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "expires_on", sa.Date(), nullable=False, comment="the last day on which it works"
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["follow_up.id"],
            name=op.f("fk_follow_up_link_follow_up_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_follow_up_link_secret_hash")),
    )
    with op.batch_alter_table("follow_up_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_follow_up_link_follow_up_id"), ["follow_up_id"], unique=False
        )

    op.create_table(
        "recorded_change",
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "policy",
                "service",
                "practice",
                "skills",
                "relationship",
                name="changekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence_url", sa.String(length=500), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchange.id"],
            name=op.f("fk_recorded_change_exchange_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["follow_up.id"],
            name=op.f("fk_recorded_change_follow_up_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_recorded_change_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_change")),
    )
    with op.batch_alter_table("recorded_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recorded_change_exchange_id"), ["exchange_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_recorded_change_organisation_id"), ["organisation_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("recorded_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recorded_change_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_recorded_change_exchange_id"))

    op.drop_table("recorded_change")
    with op.batch_alter_table("follow_up_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_up_link_follow_up_id"))

    op.drop_table("follow_up_link")
    with op.batch_alter_table("dissemination", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dissemination_note_id"))

    op.drop_table("dissemination")
    op.drop_table("transferability")
    with op.batch_alter_table("road_map_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_road_map_action_owner_id"))
        batch_op.drop_index(batch_op.f("ix_road_map_action_exchange_id"))

    op.drop_table("road_map_action")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_published_on"))

    op.drop_table("note")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index("ix_follow_up_state_due_on")
        batch_op.drop_index(batch_op.f("ix_follow_up_organisation_id"))

    op.drop_table("follow_up")
