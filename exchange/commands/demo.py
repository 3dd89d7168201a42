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
    """Remove everything that is marked as demonstration."""
    with transaction():
        actions.clear()
    prepared.forget(load_settings())
    click.echo("The demonstration is gone.")
