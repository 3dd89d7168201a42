"""Archives of one's own data, made in the background."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

TABLE = "data_export"
STAGES = ("waiting", "making", "ready", "failed")


def upgrade() -> None:
    stage = sa.Enum(
        *STAGES, name="exportstage", native_enum=False, create_constraint=True, length=40
    )
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stage", stage, nullable=False),
        sa.Column("tables_total", sa.Integer(), nullable=False),
        sa.Column("tables_done", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="workers that began it"),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "expires_at", sa.DateTime(timezone=True), nullable=True, comment="then it is removed"
        ),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_data_export_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_export")),
        sa.Index("ix_data_export_person_id", "person_id"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
