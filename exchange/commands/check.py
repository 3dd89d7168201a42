"""exchange check"""

import sys
from itertools import chain

import click

from exchange.checks import around, findings
from exchange.clock import now
from exchange.commands.context import with_app
from exchange.config import load


@click.command()
@with_app
def check() -> None:
    """Look at settings, database, states, overdue work, queue, disk, workers.

    Exit code 1 when something is wrong."""
    settings = load()
    click.echo("ok     settings: all accepted")
    bad = 0
    looked = findings(now=now(), sweep_seconds=settings.sweep_seconds, clamd=settings.clamd)
    for finding in chain(looked, around(settings, now=now())):
        click.echo(f"{'ok    ' if finding.good else 'WRONG '} {finding.text}")
        bad += not finding.good
    sys.exit(1 if bad else 0)
