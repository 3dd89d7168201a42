"""exchange search"""

import click

from exchange.commands.context import with_app
from exchange.search.keeping import keep_all
from exchange.search.keeping import rebuild as make_anew


@click.group()
def search() -> None:
    """Look after what search knows of."""


@search.command()
@with_app
def keep() -> None:
    """Read again what is newer than search knows; the worker does it by itself."""
    click.echo(f"{keep_all()} rows were read again.")


@search.command()
@with_app
def rebuild() -> None:
    """Forget what search knows and read every row anew."""
    click.echo(f"{make_anew()} rows can be found.")
