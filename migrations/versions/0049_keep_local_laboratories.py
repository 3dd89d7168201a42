"""Local laboratories: their cycles, their partners, and the challenges that they answer."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

LAB_STATES = ("prepared", "running", "concluded", "ended_early")
CYCLE_STATES = ("asking", "building", "testing", "answered", "dropped")
LINKS = (("lab_term", "term"), ("lab_mechanism", "mechanism"))


def _choice(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _record() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
    ]


def _text(name: str, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False, comment=comment)


def _whole(name: str, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False, comment=comment)


def _key(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def upgrade() -> None:
    _create_labs()
    _create_parts()
    for table, other in LINKS:
        op.create_table(
            table,
            sa.Column("lab_id", sa.Integer(), primary_key=True),
            sa.Column(f"{other}_id", sa.Integer(), primary_key=True),
            _key(table, "lab_id", "lab", "CASCADE"),
            _key(table, f"{other}_id", other, "CASCADE"),
            sa.Index(f"ix_{table}_{other}_id", f"{other}_id"),
        )
    with op.batch_alter_table("challenge") as table:
        table.add_column(sa.Column("lab_id", sa.Integer()))
        table.create_foreign_key(
            op.f("fk_challenge_lab_id"), "lab", ["lab_id"], ["id"], ondelete="SET NULL"
        )
        table.create_index("ix_challenge_lab_id", ["lab_id"])


def _create_labs() -> None:
    op.create_table(
        "lab",
        *_record(),
        sa.Column("title", sa.String(200), nullable=False),
        _text("text", "the challenge of the city"),
        sa.Column("language", sa.String(5), nullable=False, comment="in which they wrote it"),
        _whole("organisation_id"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False, comment="by when they decide"),
        sa.Column("exchange_id", sa.Integer()),
        sa.Column("pilot_id", sa.Integer()),
        _text("kept", "what the city goes on with"),
        _text("adapted", "what it does differently"),
        _text("dropped", "what it gives up, and why"),
        sa.Column("state", _choice("labstate", *LAB_STATES), nullable=False),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        _whole("version_id"),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_lab_window")),
        _key("lab", "organisation_id", "organisation"),
        _key("lab", "exchange_id", "exchange", "SET NULL"),
        _key("lab", "pilot_id", "method_pilot", "SET NULL"),
        sa.Index("ix_lab_state_ends_on", "state", "ends_on"),
        *(
            sa.Index(f"ix_lab_{name}", name)
            for name in ("organisation_id", "exchange_id", "pilot_id", "demo")
        ),
    )


def _create_parts() -> None:
    op.create_table(
        "lab_partner",
        *_record(),
        _whole("lab_id"),
        _whole("organisation_id"),
        sa.Column("brings", sa.String(300), nullable=False),
        _key("lab_partner", "lab_id", "lab", "CASCADE"),
        _key("lab_partner", "organisation_id", "organisation", "CASCADE"),
        sa.UniqueConstraint(
            "lab_id", "organisation_id", name=op.f("uq_lab_partner_lab_id_organisation_id")
        ),
        sa.Index("ix_lab_partner_organisation_id", "organisation_id"),
    )
    op.create_table(
        "lab_cycle",
        *_record(),
        _whole("lab_id"),
        _whole("number", "1 for the first of its laboratory"),
        *(_text(name) for name in ("question", "prototype", "test", "result")),
        sa.Column("due_on", sa.Date(), nullable=False, comment="by when it has its result"),
        sa.Column("state", _choice("cyclestate", *CYCLE_STATES), nullable=False),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        _whole("version_id"),
        _key("lab_cycle", "lab_id", "lab", "CASCADE"),
        sa.UniqueConstraint("lab_id", "number", name=op.f("uq_lab_cycle_lab_id_number")),
        sa.Index("ix_lab_cycle_state_due_on", "state", "due_on"),
    )


def downgrade() -> None:
    with op.batch_alter_table("challenge") as table:
        table.drop_index("ix_challenge_lab_id")
        table.drop_constraint(op.f("fk_challenge_lab_id"), type_="foreignkey")
        table.drop_column("lab_id")
    for table_name, _other in reversed(LINKS):
        op.drop_table(table_name)
    for name in ("lab_cycle", "lab_partner", "lab"):
        op.drop_table(name)
