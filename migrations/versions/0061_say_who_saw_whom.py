"""Find quickly who saw which record, and write each look once a day."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

TABLE = "audit_look"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("viewer_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="UTC"),
        sa.Column("noun", sa.String(60), nullable=False, comment="name of the table"),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False, comment="of the trail"),
        sa.ForeignKeyConstraint(
            ["viewer_id"],
            ["person.id"],
            name=op.f("fk_audit_look_viewer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "viewer_id", "day", "noun", "subject_id", name=op.f("pk_audit_look")
        ),
        sa.Index("ix_audit_look_record", "noun", "subject_id"),
        sa.Index("ix_audit_look_day", "day"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
