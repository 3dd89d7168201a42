"""exchange demo"""

import click

from exchange import prepared
from exchange.commands.context import with_app
from exchange.config import load as load_settings
from exchange.demo import actions
from exchange.transaction import transaction


@click.group()
def demo() -> None:
    """Load or remove the demonstration network."""


@demo.command()
@with_app
def load() -> None:
    """Load the demonstration; what is there already stays as it is."""
    with transaction():
        actions.load()
    prepared.forget(load_settings())
    for who, email, password in actions.sign_ins():
        click.echo(f"{who:<34} {email}  {password}")


@demo.command()
@with_app
def clear() -> None:
    """Remove the demonstration; what others work with stays, and is listed."""
    with transaction():
        stays = actions.clear()
    prepared.forget(load_settings())
    for words in stays:
        click.echo(words)
    click.echo("All this stays: others refer to it." if stays else "The demonstration is gone.")
