"""What a next version may do to the database while this one runs: `python -m … up` and `… down`.

It adds what the rule of migrations allows (see CONTRIBUTING): a table, columns that may be empty or
have a default, an index; on the tables that requests write to, and on exchanges.
"""

import sys
from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from exchange.app import create_app
from exchange.commands.db import patiently
from exchange.extensions import db

TABLES = ("person", "need", "message", "exchange")


def steps(way: str) -> list[Callable[[Operations], None]]:
    """What each migration does, in its order."""
    if way == "up":
        return [_new_table, *(partial(_widen, table=table) for table in TABLES)]
    return [*(partial(_narrow, table=table) for table in TABLES), _no_table]


def _new_table(op: Operations) -> None:
    op.create_table("of_next_version", sa.Column("id", sa.Integer(), primary_key=True))


def _no_table(op: Operations) -> None:
    op.drop_table("of_next_version")


def _widen(op: Operations, table: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column("next_word", sa.String(40), nullable=True))
        batch.add_column(sa.Column("next_number", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(f"ix_{table}_next_number", table, ["next_number"])


def _narrow(op: Operations, table: str) -> None:
    op.drop_index(f"ix_{table}_next_number", table)
    for name in ("next_number", "next_word"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")


def _do(step: Callable[[Operations], None]) -> None:
    with db.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        step(Operations(context))


def main() -> None:
    """One way or the other, each migration in a transaction, as `exchange db` does it."""
    with create_app().app_context():
        for step in steps(sys.argv[1]):
            patiently(partial(_do, step))


if __name__ == "__main__":
    main()
