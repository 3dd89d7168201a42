"""exchange reminders"""

import click

from exchange.commands.context import with_app
from exchange.reminders.send import plan_now, send_due


@click.group()
def reminders() -> None:
    """Plan reminders, or send those that are due."""


@reminders.command()
@with_app
def plan() -> None:
    """Bring the plan up to date."""
    click.echo(f"{plan_now()} new reminders are planned.")


@reminders.command()
@with_app
def send() -> None:
    """Write the mails of reminders that are due; the worker delivers them."""
    click.echo(f"{send_due()} reminders are sent.")
