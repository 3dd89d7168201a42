"""exchange match"""

import click

from exchange.commands.context import with_app


@click.group()
def match() -> None:
    """Look for matches."""


@match.command()
@with_app
def run() -> None:
    """Look for offers for every published need, and print what was found and what was not."""
    from exchange.matching import runs  # late: the help of the command needs no models

    report = runs.run()
    click.echo(f"{report.needs} needs, {report.offers} offers, {report.pairs} pairs looked at")
    for code, count in sorted(report.removed.items(), key=lambda item: (-item[1], item[0])):
        click.echo(f"{count:>8}  {code}")
    click.echo(f"{report.fits:>8}  fit; {report.served} needs have at least one offer")
