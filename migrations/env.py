"""Runs migrations on the database of the application, SQLite or PostgreSQL."""

from alembic import context
from flask import current_app

from exchange import models
from exchange.extensions import Base
from exchange.fulltext import is_ours

models.configure_mappers()  # every table is known
database = current_app.extensions["migrate"].db


def run() -> None:
    """Upgrade or downgrade, each migration in a transaction of its own: one holds the locks of few
    tables, and not for long, while people read and write."""
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            include_object=is_ours,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("migrations run on a database, not into a file")
run()
