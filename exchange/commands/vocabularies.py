"""exchange vocabularies"""

from pathlib import Path

import click

from exchange.commands.context import with_app
from exchange.transaction import transaction

KINDS = ("sdg", "iati", "cities")


@click.group()
def vocabularies() -> None:
    """Bring official texts, code lists and larger lists of cities in."""


@vocabularies.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@with_app
def import_(kind: str, files: tuple[Path, ...]) -> None:
    """Import CSV files: all of them or, when a row is wrong, nothing.

    KIND is "sdg" (goals, targets or indicators with their official texts), "iati" (code lists,
    sectors of development aid) or "cities" (places of GeoNames). Importing again changes nothing.
    """
    from exchange.vocabularies.imports import IMPORTS  # late: the help needs no database

    with transaction():
        done = [(file, IMPORTS[kind](file)) for file in files]
    for file, counts in done:
        click.echo(
            f"{file.name}: {counts.added} added, {counts.changed} changed, "
            f"{counts.unchanged} as they were"
        )
