"""Saved views of lists, and what staff think of a proposal."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

LISTS = ("exchanges", "needs", "offers", "matches", "visits", "messages")
CRITERIA = ("need_is_clear", "change_is_likely", "partners_fit", "means_suffice", "others_gain")


def _words(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _record() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
    ]


def _of(table: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "saved_view",
        *_record(),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("list_name", _words("listname", *LISTS), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column(
            "query", sa.String(1000), nullable=False, comment="the part of the address after ?"
        ),
        sa.Column("shared", sa.Boolean(), nullable=False, comment="all of the staff see it"),
        _of("saved_view", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint(
            "person_id", "list_name", "name", name=op.f("uq_saved_view_person_id_list_name_name")
        ),
    )
    op.create_index("ix_saved_view_list_name", "saved_view", ["list_name"])
    op.create_table(
        "review",
        *_record(),
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        *(sa.Column(name, _words(name, "yes", "partly", "no"), nullable=True) for name in CRITERIA),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        _of("review", "exchange"),
        _of("review", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint(
            "exchange_id", "person_id", name=op.f("uq_review_exchange_id_person_id")
        ),
    )
    op.create_index("ix_review_person_id", "review", ["person_id"])


def downgrade() -> None:
    op.drop_table("review")
    op.drop_table("saved_view")
