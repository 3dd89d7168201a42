"""Reminders."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column(
            "subject_type", sa.String(length=40), nullable=False, comment="name of a workflow"
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column(
            "wanted_state",
            sa.String(length=40),
            nullable=False,
            comment="it is sent only while the subject is still in this state",
        ),
        sa.Column(
            "level",
            sa.Enum(
                "owner",
                "association",
                "section",
                "officer",
                name="escalationlevel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False, comment="local day of the reader"),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "sent",
                "answered",
                "skipped",
                name="reminderstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False, comment="why it was skipped"),
        sa.Column("person_id", sa.Integer(), nullable=True, comment="who was asked"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reminder_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "kind",
            "subject_type",
            "subject_id",
            "due_on",
            "level",
            name=op.f("uq_reminder_kind_subject_type_subject_id_due_on_level"),
        ),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_reminder_state_due_at", ["state", "due_at"], unique=False)
        batch_op.create_index("ix_reminder_subject", ["subject_type", "subject_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index("ix_reminder_subject")
        batch_op.drop_index("ix_reminder_state_due_at")
        batch_op.drop_index(batch_op.f("ix_reminder_person_id"))

    op.drop_table("reminder")
