"""Name who can be recognised in a photo, and ask each of them."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

TABLE = "photo_person"


def upgrade() -> None:
    # The version before writes photos without it for a while.
    said = "who sent it says that nobody can be recognised"
    column = sa.Column(
        "nobody_shown", sa.Boolean(), nullable=False, server_default=sa.false(), comment=said
    )
    op.add_column("photo", column)
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column(
            "participant_id",
            sa.Integer(),
            nullable=True,
            comment="empty: off the list of the visit; nobody can agree for them",
        ),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_photo_person_photo_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_photo_person_participant_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_person")),
        sa.UniqueConstraint(
            "photo_id", "participant_id", name=op.f("uq_photo_person_photo_id_participant_id")
        ),
        sa.Index("ix_photo_person_participant_id", "participant_id"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
    op.drop_column("photo", "nobody_shown")
