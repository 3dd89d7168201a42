"""exchange db"""

import time
from collections.abc import Callable

import click
import flask_migrate
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from exchange import preflight
from exchange.checks import revisions
from exchange.commands.context import with_app
from exchange.contention import contention
from exchange.transaction import transaction
from exchange.vocabularies.reference import load_reference

# Seconds between two tries at a migration that somebody's work stood in the way of.
PAUSES = (1, 2, 4, 8, 15)


def patiently(migrate: Callable[[], None]) -> None:
    """Migrate while people write: begin again when a lock did not come in time, or when the
    database took the other side. What is done by then stays done."""
    for pause in PAUSES:
        try:
            return migrate()
        except SQLAlchemyError as problem:
            if contention(problem) not in ("busy", "overtaken"):
                raise
            click.echo(f"others are at work on the database: again in {pause} s", err=True)
            time.sleep(pause)
    return migrate()


@click.group()
def db() -> None:
    """Bring the database up or down to a migration."""


@db.command()
@click.argument("revision", default="head")
@with_app
def upgrade(revision: str) -> None:
    """Run the migrations up to REVISION (the newest).

    At the newest, themes, goals, countries and cities that are missing are written, too.
    """
    settings = current_app.config["EXCHANGE"]
    if settings.sqlite_file:  # the first command on a new machine
        preflight.check_folder(settings.sqlite_file.parent)
    patiently(lambda: flask_migrate.upgrade(revision=revision))
    if revision == "head":
        with transaction():
            added = load_reference(cities_from=settings.cities_from)
        click.echo(f"{added:,} entries of the vocabularies and cities added")


@db.command()
@click.argument("revision", default="-1")
@with_app
def downgrade(revision: str) -> None:
    """Take migrations back down to REVISION (one step)."""
    patiently(lambda: flask_migrate.downgrade(revision=revision))


@db.command()
@with_app
def current() -> None:
    """Print the migration the database is at."""
    click.echo(", ".join(sorted(revisions())) or "none")


@db.command()
@click.option("--message", "-m", required=True, help="What it does, in a few words.")
@with_app
def revision(message: str) -> None:
    """Write a migration from the difference between the models and the database."""
    flask_migrate.revision(message=message, autogenerate=True)


@db.command()
@with_app
def check() -> None:
    """Do the migrations make what the models say? Exit code 1 when not."""
    flask_migrate.check()
