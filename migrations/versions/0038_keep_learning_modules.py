"""Learning modules with versions, partners and deliveries; topics with tags that become one."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

STATES = ("drafted", "in_pilot", "published", "retired")
TOPIC_STATES = ("proposed", "accepted", "in_module", "declined")
DEPTHS = ("introduction", "application", "trainers")
PARTS = ("lead", "content", "training", "funding", "pilot", "example")
KINDS = ("training_of_trainers", "training")
MODES = ("on_site", "online", "hybrid")
CHECK = "ck_module_topic_topicstate"


def _choice(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _record() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
    ]


def _key(table: str, column: str, to: str, ondelete: str | None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def _terms(noun: str) -> None:
    op.create_table(
        f"{noun}_term",
        sa.Column(f"{noun}_id", sa.Integer(), primary_key=True),
        sa.Column("term_id", sa.Integer(), primary_key=True),
        _key(f"{noun}_term", f"{noun}_id", noun, "CASCADE"),
        _key(f"{noun}_term", "term_id", "term", None),
        sa.Index(f"ix_{noun}_term_term_id", "term_id"),
    )


def upgrade() -> None:
    op.create_table(
        "module",
        *_record(),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("depth", _choice("depth", *DEPTHS), nullable=False),
        sa.Column("axis_id", sa.Integer()),
        sa.Column("state", _choice("modulestate", *STATES), nullable=False),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        _key("module", "axis_id", "strategy_axis", "SET NULL"),
        sa.UniqueConstraint("code", name=op.f("uq_module_code")),
        sa.Index("ix_module_axis_id", "axis_id"),
        sa.Index("ix_module_demo", "demo"),
    )
    _terms("module")
    _create_parts()
    _create_deliveries()
    _change_topics()
    _terms("module_topic")


def _create_parts() -> None:
    op.create_table(
        "module_version",
        *_record(),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False, comment="what is different in it"),
        sa.Column(
            "language", sa.String(5), nullable=False, comment="in which the changes are told"
        ),
        _key("module_version", "module_id", "module", "CASCADE"),
        sa.UniqueConstraint("module_id", "number", name=op.f("uq_module_version_module_id_number")),
    )
    op.create_table(
        "module_partner",
        *_record(),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("part", _choice("part", *PARTS), nullable=False),
        _key("module_partner", "module_id", "module", "CASCADE"),
        _key("module_partner", "organisation_id", "organisation", None),
        sa.UniqueConstraint(
            "module_id",
            "organisation_id",
            "part",
            name=op.f("uq_module_partner_module_id_organisation_id_part"),
        ),
        sa.Index("ix_module_partner_organisation_id", "organisation_id"),
    )


def _create_deliveries() -> None:
    op.create_table(
        "module_delivery",
        *_record(),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("deliverykind", *KINDS), nullable=False),
        sa.Column("mode", _choice("meetingmode", *MODES), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(5)),
        sa.Column("participants", sa.Integer()),
        sa.Column("women", sa.Integer()),
        sa.Column("men", sa.Integer()),
        sa.Column("evaluation", sa.Numeric(3, 2), comment="mean, from 1 to 5"),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("exchange_id", sa.Integer()),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_module_delivery_period")),
        sa.CheckConstraint(
            "evaluation BETWEEN 1 AND 5", name=op.f("ck_module_delivery_evaluation")
        ),
        _key("module_delivery", "module_id", "module", "CASCADE"),
        _key("module_delivery", "exchange_id", "exchange", "SET NULL"),
        sa.Index("ix_module_delivery_module_id", "module_id"),
        sa.Index("ix_module_delivery_exchange_id", "exchange_id"),
    )


def _change_topics() -> None:
    with op.batch_alter_table("module_topic") as table:
        table.add_column(sa.Column("note_id", sa.Integer()))
        table.add_column(sa.Column("module_id", sa.Integer()))
        table.add_column(sa.Column("state_since", UTCDateTime()))
        table.add_column(sa.Column("version_id", sa.Integer(), server_default="1"))
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), sa.column("state").in_(TOPIC_STATES))
        for column, to in (("note_id", "note"), ("module_id", "module")):
            table.create_foreign_key(
                op.f(f"fk_module_topic_{column}"), to, [column], ["id"], ondelete="SET NULL"
            )
        table.create_unique_constraint(op.f("uq_module_topic_note_id"), ["note_id"])
        table.create_index(op.f("ix_module_topic_module_id"), ["module_id"])
    op.execute("UPDATE module_topic SET state_since = created_at")
    with op.batch_alter_table("module_topic") as table:
        table.alter_column("state_since", existing_type=UTCDateTime(), nullable=False)
        table.alter_column(
            "version_id", existing_type=sa.Integer(), nullable=False, server_default=None
        )


def downgrade() -> None:
    op.drop_table("module_topic_term")
    op.execute("UPDATE module_topic SET state = 'proposed'")
    with op.batch_alter_table("module_topic") as table:
        table.drop_index(op.f("ix_module_topic_module_id"))
        table.drop_constraint(op.f("uq_module_topic_note_id"), type_="unique")
        for column in ("note_id", "module_id"):
            table.drop_constraint(op.f(f"fk_module_topic_{column}"), type_="foreignkey")
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), sa.column("state").in_(("proposed",)))
        for column in ("note_id", "module_id", "state_since", "version_id"):
            table.drop_column(column)
    for name in ("module_delivery", "module_partner", "module_version", "module_term", "module"):
        op.drop_table(name)
