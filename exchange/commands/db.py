"""exchange db"""

import click
import flask_migrate
from flask import current_app

from exchange.checks import revisions
from exchange.commands.context import with_app
from exchange.transaction import transaction
from exchange.vocabularies.reference import load_reference


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
    flask_migrate.upgrade(revision=revision)
    if revision == "head":
        with transaction():
            added = load_reference(cities_from=current_app.config["EXCHANGE"].cities_from)
        click.echo(f"{added:,} entries of the vocabularies and cities added")


@db.command()
@click.argument("revision", default="-1")
@with_app
def downgrade(revision: str) -> None:
    """Take migrations back down to REVISION (one step)."""
    flask_migrate.downgrade(revision=revision)


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
