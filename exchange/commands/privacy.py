"""exchange privacy"""

import json

import click
from flask_babel import force_locale

from exchange.accounts.queries import by_email
from exchange.audit.seeing import saw
from exchange.clock import now
from exchange.commands.context import with_app
from exchange.directory.models import Person
from exchange.labels.privacy import former_member
from exchange.privacy.erasing import alone_for
from exchange.privacy.erasing import erase as erase_person
from exchange.privacy.holdings import annotated
from exchange.privacy.periods import PERIODS
from exchange.privacy.taking import data_of
from exchange.transaction import transaction


@click.group()
def privacy() -> None:
    """Look after personal data."""


@privacy.command()
@with_app
def show() -> None:
    """Print every column that tells of a person, and how long things are kept."""
    for table, column, said in annotated():
        click.echo(f"{table.name}.{column.name}: {said.datum}, {said.purpose}, {said.erased}")
    for period in PERIODS:
        click.echo(f"{period.what}: {period.days} days")


@privacy.command()
@click.argument("email")
@with_app
def export(email: str) -> None:
    """Print all that is held of a person, as JSON."""
    person = _person(email)
    with transaction():
        saw("person", person.id, "personal_data")
    click.echo(json.dumps(data_of(person, now=now()), ensure_ascii=False, indent=1))


@privacy.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_app
def erase(email: str, yes: bool) -> None:
    """Erase a person at their request; the record of the exchanges stays."""
    person = _person(email)
    for organisation in alone_for(person):
        click.echo(f"{organisation.name} has no other coordinator.", err=True)
    if not yes:
        click.confirm(f"Erase {person.name} for good?", abort=True)
    with transaction(), force_locale(person.language):
        former = former_member(person)
        erase_person(person, former)
    click.echo(f"Erased: {former}")


def _person(email: str) -> Person:
    person = by_email(email.strip().lower())
    if person is None:
        raise click.ClickException(f"nobody has the address {email}")
    return person
