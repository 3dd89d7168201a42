"""One run of a programme at work at a time; why a run was begun; pairs that are only suggested."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

AT_WORK = sa.text("state IN ('queued', 'comparing', 'solving')")
NOW_TAKEN_OVER = "how often another worker had to take it over"


def _words(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


BEFORE = _words("outcome", "drafted", "asked", "dropped")
AFTER = _words("outcome", "drafted", "asked", "suggested", "dropped")


def upgrade() -> None:
    occasion = _words("occasion", "officer", "command", "night", "changes")
    with op.batch_alter_table("matching_run") as table:
        table.add_column(sa.Column("occasion", occasion, server_default="officer", nullable=False))
        table.alter_column("attempts", existing_type=sa.Integer(), comment=NOW_TAKEN_OVER)
    with op.batch_alter_table("matching_run") as table:
        table.alter_column("occasion", existing_type=occasion, server_default=None)
        table.create_index(
            "uq_matching_run_at_work",
            ["programme_code"],
            unique=True,
            sqlite_where=AT_WORK,
            postgresql_where=AT_WORK,
        )
    _change_outcome(BEFORE, AFTER)
    op.create_index(
        "ix_matching_run_pair_outcome_run_id", "matching_run_pair", ["outcome", "run_id"]
    )


def downgrade() -> None:
    op.drop_index("ix_matching_run_pair_outcome_run_id", "matching_run_pair")
    op.execute("UPDATE matching_run_pair SET outcome = 'dropped' WHERE outcome = 'suggested'")
    _change_outcome(AFTER, BEFORE)
    with op.batch_alter_table("matching_run") as table:
        table.drop_index("uq_matching_run_at_work")
        table.drop_constraint("occasion", type_="check")
        table.drop_column("occasion")
        table.alter_column("attempts", existing_type=sa.Integer(), comment=None)


def _change_outcome(old: sa.Enum, new: sa.Enum) -> None:
    with op.batch_alter_table("matching_run_pair") as table:
        table.alter_column("outcome", existing_type=old, type_=new, existing_nullable=False)
