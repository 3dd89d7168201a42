"""Learning strategies: axes, indicators, what is tagged to them, and consultations."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

MEASURES = ("exchanges", "visited", "notes", "recommendations", "kept", "by_hand")
STATES = ("preparing", "open", "closed", "published")


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


def _key(table: str, column: str, to: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def upgrade() -> None:
    _create_strategies()
    _create_consultations()
    with op.batch_alter_table("recommendation") as table:
        table.add_column(sa.Column("axis_id", sa.Integer()))
        table.create_foreign_key(
            op.f("fk_recommendation_axis_id"),
            "strategy_axis",
            ["axis_id"],
            ["id"],
            ondelete="SET NULL",
        )
        table.create_index(op.f("ix_recommendation_axis_id"), ["axis_id"])


def _create_strategies() -> None:
    op.create_table(
        "strategy",
        *_record(),
        sa.Column("code", sa.String(40), nullable=False),
        *_words("titles", "texts"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("follows_id", sa.Integer()),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_strategy_period")),
        _key("strategy", "follows_id", "strategy", "SET NULL"),
        sa.UniqueConstraint("code", name=op.f("uq_strategy_code")),
        sa.Index("ix_strategy_starts_on", "starts_on"),
        sa.Index("ix_strategy_follows_id", "follows_id"),
        sa.Index("ix_strategy_demo", "demo"),
    )
    op.create_table(
        "strategy_axis",
        *_record(),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *_words("titles", "texts"),
        _key("strategy_axis", "strategy_id", "strategy"),
        sa.Index("ix_strategy_axis_strategy_id", "strategy_id"),
    )
    op.create_table(
        "strategy_indicator",
        *_record(),
        sa.Column("axis_id", sa.Integer(), nullable=False),
        *_words("titles"),
        sa.Column("measure", _choice("measure", *MEASURES), nullable=False),
        sa.Column("baseline", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), comment="of what nobody but people can count"),
        _key("strategy_indicator", "axis_id", "strategy_axis"),
        sa.Index("ix_strategy_indicator_axis_id", "axis_id"),
    )
    op.create_table(
        "exchange_axis",
        sa.Column("exchange_id", sa.Integer(), primary_key=True),
        sa.Column("axis_id", sa.Integer(), primary_key=True),
        _key("exchange_axis", "exchange_id", "exchange"),
        _key("exchange_axis", "axis_id", "strategy_axis"),
        sa.Index("ix_exchange_axis_axis_id", "axis_id"),
    )


def _create_consultations() -> None:
    op.create_table(
        "consultation",
        *_record(),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        *_words("titles", "questions", "synthesis"),
        sa.Column("due_on", sa.Date(), nullable=False, comment="the last day to answer"),
        sa.Column("state", _choice("consultationstate", *STATES), nullable=False),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        _key("consultation", "strategy_id", "strategy"),
        sa.Index("ix_consultation_strategy_id", "strategy_id"),
    )
    op.create_table(
        "consultation_answer",
        *_record(),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        _key("consultation_answer", "consultation_id", "consultation"),
        _key("consultation_answer", "organisation_id", "organisation"),
        _key("consultation_answer", "person_id", "person", "SET NULL"),
        sa.UniqueConstraint(
            "consultation_id",
            "organisation_id",
            "number",
            name=op.f("uq_consultation_answer_consultation_id_organisation_id_number"),
        ),
        sa.Index("ix_consultation_answer_organisation_id", "organisation_id"),
        sa.Index("ix_consultation_answer_person_id", "person_id"),
    )


def downgrade() -> None:
    with op.batch_alter_table("recommendation") as table:
        table.drop_index(op.f("ix_recommendation_axis_id"))
        table.drop_constraint(op.f("fk_recommendation_axis_id"), type_="foreignkey")
        table.drop_column("axis_id")
    for name in (
        "consultation_answer",
        "consultation",
        "exchange_axis",
        "strategy_indicator",
        "strategy_axis",
        "strategy",
    ):
        op.drop_table(name)
