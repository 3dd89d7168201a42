"""Vocabularies and places."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="GeoNames id"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "folded_name",
            sa.String(length=200),
            nullable=False,
            comment="lower case, no accents: what a search compares",
        ),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False, comment="inhabitants"),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_place_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_place_lon")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index(
            "ix_place_country_population", ["country_code", "population"], unique=False
        )
        batch_op.create_index("ix_place_folded_name", ["folded_name"], unique=False)

    op.create_table(
        "term",
        sa.Column("vocabulary", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column(
            "facts",
            sa.JSON(),
            nullable=False,
            comment="what the vocabulary adds: usual days, pillar, ISO codes",
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "retired_at",
            UTCDateTime(),
            nullable=True,
            comment="no longer offered; kept because it was used",
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["term.id"], name=op.f("fk_term_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("vocabulary", "code", name=op.f("uq_term_vocabulary_code")),
    )
    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_term_parent_id"), ["parent_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_term_parent_id"))

    op.drop_table("term")
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_index("ix_place_folded_name")
        batch_op.drop_index("ix_place_country_population")

    op.drop_table("place")
