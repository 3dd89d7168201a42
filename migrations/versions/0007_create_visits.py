"""Visits: programme, participants, checklist, evaluation."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="first, second … visit"),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "on_site",
                "online",
                "hybrid",
                name="visitmode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False, comment="of the place"),
        sa.Column("place", sa.String(length=300), nullable=False, comment="address or room"),
        sa.Column("online_url", sa.String(length=500), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("interpretation", sa.String(length=200), nullable=False),
        sa.Column("access_needs", sa.Text(), nullable=False),
        sa.Column("attendance_recorded_on", sa.Date(), nullable=True),
        sa.Column("evaluation_opened_on", sa.Date(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_visit_window")),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_visit_exchange_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("exchange_id", "number", name=op.f("uq_visit_exchange_id_number")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_starts_on"), ["starts_on"], unique=False)

    op.create_table(
        "checklist_item",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=200), nullable=False, comment="when it is not a term"),
        sa.Column("who", sa.String(length=40), nullable=False, comment="host, learner, officer"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["done_by_id"],
            ["person.id"],
            name=op.f("fk_checklist_item_done_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_checklist_item_term_id")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_checklist_item_visit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
        sa.UniqueConstraint("visit_id", "term_id", name=op.f("uq_checklist_item_visit_id_term_id")),
    )
    op.create_table(
        "participant",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False, comment="lower case"),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "participant",
                "host",
                "expert",
                "facilitator",
                "observer",
                name="participantrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "office",
            sa.Enum(
                "political",
                "technical",
                "other",
                name="office",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "gender",
            sa.Enum(
                "woman",
                "man",
                "unsaid",
                name="gender",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "nominated",
                "confirmed",
                "declined",
                name="participantstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attended", sa.Boolean(), nullable=True, comment="empty: not recorded yet"),
        sa.Column("needs", sa.Text(), nullable=False, comment="access, diet, visa letter"),
        sa.Column(
            "erased_on",
            sa.Date(),
            nullable=True,
            comment="personal data were taken out at the person's request",
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_participant_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_participant_visit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("visit_id", "email", name=op.f("uq_participant_visit_id_email")),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_participant_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "visit_session",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opening",
                "context",
                "field_visit",
                "case_gallery",
                "working_group",
                "action_planning",
                "feedback",
                "pause",
                name="sessionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_visit_session_times")),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["organisation.id"], name=op.f("fk_visit_session_speaker_id")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_visit_session_visit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_session")),
    )
    with op.batch_alter_table("visit_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_session_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "evaluation",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column(
            "role", sa.String(length=20), nullable=False, comment="participant, host or expert"
        ),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False, comment="question code to answer"),
        sa.Column("submitted_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_evaluation_participant_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_evaluation_visit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_evaluation_participant_id")),
    )
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "participant_link",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_participant_link_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_participant_link_secret_hash")),
    )
    with op.batch_alter_table("participant_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_participant_link_participant_id"), ["participant_id"], unique=False
        )

    op.create_table(
        "preparation_sheet",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "practice",
                "challenge",
                name="sheetkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("what_was_done", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_preparation_sheet_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preparation_sheet")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_preparation_sheet_participant_id")),
    )


def downgrade() -> None:
    op.drop_table("preparation_sheet")
    with op.batch_alter_table("participant_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participant_link_participant_id"))

    op.drop_table("participant_link")
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_visit_id"))

    op.drop_table("evaluation")
    with op.batch_alter_table("visit_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_session_visit_id"))

    op.drop_table("visit_session")
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participant_organisation_id"))

    op.drop_table("participant")
    op.drop_table("checklist_item")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_starts_on"))

    op.drop_table("visit")
