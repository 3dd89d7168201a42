"""What a next version may do to the database while this one runs: `python -m … up` and `… down`.

It adds what the rule of migrations allows (see CONTRIBUTING): a table, columns that may be empty or
have a default, an index; on the tables that requests write to, and on exchanges.
"""

import sys

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from exchange.app import create_app
from exchange.extensions import db

TABLES = ("person", "need", "message", "exchange")


def up(op: Operations) -> None:
    """Add."""
    op.create_table("of_next_version", sa.Column("id", sa.Integer(), primary_key=True))
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("next_word", sa.String(40), nullable=True))
            batch.add_column(
                sa.Column("next_number", sa.Integer(), nullable=False, server_default="0")
            )
        op.create_index(f"ix_{table}_next_number", table, ["next_number"])


def down(op: Operations) -> None:
    """Take it away again."""
    for table in TABLES:
        op.drop_index(f"ix_{table}_next_number", table)
        for name in ("next_number", "next_word"):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    op.drop_table("of_next_version")


def main() -> None:
    """One way or the other, in one transaction, as `exchange db` does it."""
    with create_app().app_context(), db.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        {"up": up, "down": down}[sys.argv[1]](Operations(context))


if __name__ == "__main__":
    main()
