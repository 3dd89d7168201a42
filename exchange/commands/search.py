"""exchange search"""

import click

from exchange.commands.context import with_app


@click.group()
def search() -> None:
    """Look after what search knows of."""


@search.command()
@with_app
def keep() -> None:
    """Read again what is newer than search knows; the worker does it by itself."""
    from exchange.search.keeping import keep_all  # late: its sources need every model

    click.echo(f"{keep_all()} rows were read again.")


@search.command()
@with_app
def rebuild() -> None:
    """Forget what search knows and read every row anew."""
    from exchange.search import keeping  # late, as above

    click.echo(f"{keeping.rebuild()} rows can be found.")
