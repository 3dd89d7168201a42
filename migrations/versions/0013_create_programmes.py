"""Programmes, and what matching asks of needs, offers and matches."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


FOUND = "('proposed', 'half_agreed', 'agreed', 'concluded')"


def upgrade() -> None:
    op.create_table(
        "programme",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "suggest",
                "review",
                "automatic",
                name="matchingmode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "open", sa.Boolean(), nullable=False, comment="needs can still be entered for it"
        ),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_programme"),
        sa.UniqueConstraint("code", name="uq_programme_code"),
    )
    with op.batch_alter_table("programme") as batch_op:
        batch_op.create_index("ix_programme_demo", ["demo"], unique=False)

    with op.batch_alter_table("need") as table:
        _add(table, sa.Column("hosts_held", sa.Integer(), comment="asked or found by matches"))
        _add(
            table,
            sa.Column(
                "passed_over",
                sa.Integer(),
                comment="published runs in a row that found it no host",
            ),
        )
        _add_terms(table)
        table.add_column(sa.Column("programme_id", sa.Integer(), nullable=True))
        table.create_index("ix_need_programme_id", ["programme_id"])
        table.create_foreign_key(
            "fk_need_programme_id", "programme", ["programme_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("offer") as table:
        _add(table, sa.Column("votes", sa.Integer(), comment="evaluations of what it hosted"))
        _add(table, sa.Column("stars", sa.Integer(), comment="the sum of their marks, 1 to 5 each"))
        _add_terms(table)
    with op.batch_alter_table("match") as table:
        _add(
            table,
            sa.Column(
                "configuration_hash",
                sa.String(16),
                comment="of the settings its score was computed with",
            ),
            "",
        )
        _add(
            table,
            sa.Column(
                "position",
                sa.Integer(),
                comment="place in the list of its need when it was last ranked; 0: not ranked",
            ),
        )
        table.add_column(
            sa.Column(
                "waiting",
                sa.Integer(),
                nullable=True,
                comment="place in the line behind those who are asked; none: it does not wait",
            )
        )
        _add(
            table,
            sa.Column(
                "holds_host",
                sa.Boolean(),
                comment="one of the hosts that the need wants is counted as held by it",
            ),
            sa.false(),
        )
        _add(
            table,
            sa.Column(
                "met",
                sa.JSON(),
                comment="code and evidence of each condition that somebody set",
            ),
            "[]",
        )
    _count_what_is_held()
    _forget_defaults()
    with op.batch_alter_table("need") as table:
        table.create_check_constraint(
            "hosts_held", "hosts_held >= 0 AND hosts_held <= hosts_wanted"
        )
    with op.batch_alter_table("offer") as table:
        table.create_check_constraint("stars", "stars BETWEEN votes AND 5 * votes")
    with op.batch_alter_table("match") as table:
        table.create_check_constraint("host_held", f"holds_host OR state NOT IN {FOUND}")


def downgrade() -> None:
    with op.batch_alter_table("match") as table:
        table.drop_constraint("host_held", type_="check")
        for name in ("met", "holds_host", "waiting", "position", "configuration_hash"):
            table.drop_column(name)
    with op.batch_alter_table("offer") as table:
        table.drop_constraint("stars", type_="check")
        for name in ("funding", "visa_letter", "stars", "votes"):
            table.drop_column(name)
    with op.batch_alter_table("need") as table:
        table.drop_constraint("hosts_held", type_="check")
        table.drop_constraint("fk_need_programme_id", type_="foreignkey")
        table.drop_index("ix_need_programme_id")
        for name in ("programme_id", "funding", "visa_letter", "passed_over", "hosts_held"):
            table.drop_column(name)
    op.drop_table("programme")


def _add(table, column, default="0") -> None:
    """Add a column that rows which are there already need a value for."""
    column.nullable, column.server_default = False, sa.DefaultClause(default)
    table.add_column(column)


def _add_terms(table) -> None:
    _add(
        table,
        sa.Column(
            "visa_letter",
            sa.Boolean(),
            comment="a need: must have one from the host; an offer: writes one",
        ),
        sa.false(),
    )
    _add(
        table,
        sa.Column(
            "funding",
            sa.Boolean(),
            comment="a need: its costs must be borne; an offer: bears them",
        ),
        sa.false(),
    )


def _count_what_is_held() -> None:
    """Matches that were asked or agreed before needs counted them."""
    held = f"(SELECT count(*) FROM match WHERE match.need_id = need.id AND match.state IN {FOUND})"
    op.execute(f"UPDATE match SET holds_host = true WHERE state IN {FOUND}")
    op.execute(f"UPDATE need SET hosts_wanted = {held} WHERE hosts_wanted < {held}")
    op.execute(f"UPDATE need SET hosts_held = {held}")


def _forget_defaults() -> None:
    """The program gives every value; a default of the database would hide a forgotten one."""
    added = {
        "need": ("hosts_held", "passed_over", "visa_letter", "funding"),
        "offer": ("votes", "stars", "visa_letter", "funding"),
        "match": ("configuration_hash", "position", "holds_host", "met"),
    }
    for name, columns in added.items():
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.alter_column(column, server_default=None)
