"""What another city must know of a practice, and the cities that took it up."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adoption",
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("adapted", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column(
            "language", sa.String(length=5), nullable=False, comment="in which they wrote it"
        ),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "under_way",
                "in_use",
                "dropped",
                name="adoptionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_adoption_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_adoption_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practice.id"],
            name=op.f("fk_adoption_practice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption")),
        sa.UniqueConstraint(
            "practice_id", "organisation_id", name=op.f("uq_adoption_practice_id_organisation_id")
        ),
    )
    with op.batch_alter_table("adoption") as batch_op:
        batch_op.create_index(batch_op.f("ix_adoption_demo"), ["demo"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_adoption_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "practice_sheet",
        sa.Column("practice_id", sa.Integer(), nullable=False),
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
            ["practice_id"],
            ["practice.id"],
            name=op.f("fk_practice_sheet_practice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_sheet")),
        sa.UniqueConstraint("practice_id", name=op.f("uq_practice_sheet_practice_id")),
    )


def downgrade() -> None:
    op.drop_table("practice_sheet")
    with op.batch_alter_table("adoption") as batch_op:
        batch_op.drop_index(batch_op.f("ix_adoption_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_adoption_demo"))

    op.drop_table("adoption")
