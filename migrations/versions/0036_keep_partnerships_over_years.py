"""Partnerships of cities over years: phases, pairs with what they agreed and did, and reviews."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

STATES = ("prepared", "running", "concluded", "ended_early")
AGREEMENTS = ("memorandum", "convention", "technical", "coordination", "other")
BENEFITS = ("policy", "service", "skills", "visibility", "staff", "other")
PARTS = ("context", "objectives", "results", "challenges", "lessons", "next_steps")


def _choice(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _record() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
    ]


def _words(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.JSON(), nullable=False) for name in names]


def _days(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Date(), nullable=False) for name in names]


def _key(table: str, column: str, to: str, ondelete: str | None = "CASCADE") -> object:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def _written() -> list[sa.Column[object]]:
    return [
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
    ]


def _between(table: str, column: str, to: str) -> None:
    """Rows of one table and organisations."""
    op.create_table(
        table,
        sa.Column(column, sa.Integer(), primary_key=True),
        sa.Column("organisation_id", sa.Integer(), primary_key=True),
        _key(table, column, to),
        _key(table, "organisation_id", "organisation"),
        sa.Index(f"ix_{table}_organisation_id", "organisation_id"),
    )


def upgrade() -> None:
    _create_partnerships()
    _create_pairs()
    _create_parts_of_pairs()
    _create_reviews()


def _create_partnerships() -> None:
    op.create_table(
        "partnership",
        *_record(),
        sa.Column("code", sa.String(40), nullable=False),
        *_words("titles", "texts"),
        *_days("starts_on", "ends_on"),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("state", _choice("partnershipstate", *STATES), nullable=False),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_partnership_period")),
        _key("partnership", "lead_id", "organisation", None),
        sa.UniqueConstraint("code", name=op.f("uq_partnership_code")),
        sa.Index("ix_partnership_starts_on", "starts_on"),
        sa.Index("ix_partnership_lead_id", "lead_id"),
        sa.Index("ix_partnership_demo", "demo"),
    )
    op.create_table(
        "partnership_phase",
        *_record(),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        *_words("titles", "texts"),
        *_days("starts_on", "ends_on"),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_partnership_phase_period")),
        _key("partnership_phase", "partnership_id", "partnership"),
        sa.Index("ix_partnership_phase_partnership_id", "partnership_id"),
    )
    _between("partnership_funder", "partnership_id", "partnership")


def _create_pairs() -> None:
    op.create_table(
        "pair",
        *_record(),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False, comment="empty: its cities"),
        _key("pair", "partnership_id", "partnership"),
        sa.Index("ix_pair_partnership_id", "partnership_id"),
    )
    _between("pair_city", "pair_id", "pair")
    op.create_table(
        "pair_exchange",
        sa.Column("exchange_id", sa.Integer(), primary_key=True),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        _key("pair_exchange", "exchange_id", "exchange"),
        _key("pair_exchange", "pair_id", "pair"),
        sa.Index("ix_pair_exchange_pair_id", "pair_id"),
    )


def _create_parts_of_pairs() -> None:
    op.create_table("pair_activity", *_part("pair_activity", *_of_activities()), *_side("activity"))
    op.create_table("pair_agreement", *_part("pair_agreement", *_of_agreements()))
    op.create_table("pair_benefit", *_part("pair_benefit", *_of_benefits()), *_side("benefit"))


def _part(table: str, *columns: sa.Column[object]) -> list[object]:
    """What every part of a pair has, and what only those of ``table`` have."""
    return [
        *_record(),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        *_written(),
        *columns,
        _key(table, "pair_id", "pair"),
        sa.Index(f"ix_{table}_pair_id", "pair_id"),
    ]


def _side(name: str) -> list[object]:
    table = f"pair_{name}"
    return [
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        _key(table, "organisation_id", "organisation"),
        sa.Index(f"ix_{table}_organisation_id", "organisation_id"),
    ]


def _of_activities() -> list[sa.Column[object]]:
    return [*_days("due_on"), sa.Column("done_on", sa.Date())]


def _of_agreements() -> list[sa.Column[object]]:
    return [
        sa.Column("kind", _choice("agreementkind", *AGREEMENTS), nullable=False),
        *_days("signed_on"),
        sa.Column("ends_on", sa.Date()),
        sa.Column("evidence_url", sa.String(500), nullable=False),
    ]


def _of_benefits() -> list[sa.Column[object]]:
    return [
        sa.Column("kind", _choice("benefitkind", *BENEFITS), nullable=False),
        sa.Column("evidence_url", sa.String(500), nullable=False),
    ]


def _create_reviews() -> None:
    op.create_table(
        "partnership_review",
        *_record(),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        *_words("titles"),
        sa.Column("place", sa.String(200), nullable=False),
        *_days("held_on"),
        sa.Column("due_on", sa.Date(), nullable=False, comment="the last day to write a sheet"),
        _key("partnership_review", "partnership_id", "partnership"),
        sa.Index("ix_partnership_review_partnership_id", "partnership_id"),
    )
    table = "partnership_review_sheet"
    op.create_table(
        table,
        *_record(),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in PARTS),
        _key(table, "review_id", "partnership_review"),
        _key(table, "pair_id", "pair"),
        sa.UniqueConstraint("review_id", "pair_id", name=op.f(f"uq_{table}_review_id_pair_id")),
        sa.Index(f"ix_{table}_pair_id", "pair_id"),
    )


def downgrade() -> None:
    for name in (
        "partnership_review_sheet",
        "partnership_review",
        "pair_benefit",
        "pair_agreement",
        "pair_activity",
        "pair_exchange",
        "pair_city",
        "pair",
        "partnership_funder",
        "partnership_phase",
        "partnership",
    ):
        op.drop_table(name)
