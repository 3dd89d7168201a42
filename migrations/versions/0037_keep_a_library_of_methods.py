"""The method library: cards in versions, and the pilots that try them."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

METHOD_STATES = ("proposed", "in_library", "retired", "declined")
PILOT_STATES = ("planned", "running", "decided", "dropped")
DECISIONS = ("keep", "adapt", "drop")


def _choice(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _record() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
    ]


def _moving(name: str, *states: str) -> list[sa.Column[object]]:
    return [
        sa.Column("state", _choice(name, *states), nullable=False),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
    ]


def _key(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def upgrade() -> None:
    _create_methods()
    _create_pilots()


def _create_methods() -> None:
    op.create_table(
        "method",
        *_record(),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("titles", "texts", "steps")),
        sa.Column("links", sa.Text(), nullable=False),
        sa.Column("format_id", sa.Integer()),
        sa.Column("min_days", sa.Integer()),
        sa.Column("max_days", sa.Integer()),
        sa.Column("months", sa.Integer(), comment="of what lasts longer than an event"),
        sa.Column("min_people", sa.Integer()),
        sa.Column("max_people", sa.Integer()),
        sa.Column("source", sa.String(300), nullable=False, comment="of the numbers"),
        sa.Column("source_url", sa.String(500), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="of the version"),
        sa.Column("follows_id", sa.Integer()),
        sa.Column("organisation_id", sa.Integer(), comment="who proposed it"),
        *_moving("methodstate", *METHOD_STATES),
        sa.CheckConstraint("min_days <= max_days", name=op.f("ck_method_days")),
        sa.CheckConstraint("min_people <= max_people", name=op.f("ck_method_people")),
        _key("method", "format_id", "term"),
        _key("method", "follows_id", "method", "SET NULL"),
        _key("method", "organisation_id", "organisation", "SET NULL"),
        sa.Index("ix_method_state_state_since", "state", "state_since"),
        *(
            sa.Index(f"ix_method_{name}", name)
            for name in ("format_id", "follows_id", "organisation_id", "demo")
        ),
    )


def _create_pilots() -> None:
    op.create_table(
        "method_pilot",
        *_record(),
        sa.Column("method_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("exchange_id", sa.Integer(), comment="in which it is tried"),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("hypothesis", sa.Text(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False, comment="in which they wrote it"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("decision", _choice("decision", *DECISIONS)),
        *_moving("pilotstate", *PILOT_STATES),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_method_pilot_window")),
        _key("method_pilot", "method_id", "method", "CASCADE"),
        _key("method_pilot", "organisation_id", "organisation"),
        _key("method_pilot", "exchange_id", "exchange", "SET NULL"),
        sa.Index("ix_method_pilot_state_ends_on", "state", "ends_on"),
        *(
            sa.Index(f"ix_method_pilot_{name}", name)
            for name in ("method_id", "organisation_id", "exchange_id", "demo")
        ),
    )


def downgrade() -> None:
    op.drop_table("method_pilot")
    op.drop_table("method")
