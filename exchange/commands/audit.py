"""exchange audit"""

import sys
from pathlib import Path

import click

from exchange.audit import anchors
from exchange.audit.chain import extend, last_link
from exchange.audit.verify import problems
from exchange.clock import now
from exchange.commands.context import with_app
from exchange.config import load
from exchange.transaction import read_only, transaction


@click.group()
def audit() -> None:
    """Look after the audit trail."""


@audit.command()
@click.option("--anchor", "given", multiple=True, help="POSITION:HASH, as it was written down")
@with_app
def verify(given: tuple[str, ...]) -> None:
    """Read the whole trail. Exit code 1 when something was changed, removed or put in."""
    try:
        known = anchors.read(load().var / anchors.FILE) | dict(map(anchors.parsed, given))
    except ValueError as problem:
        raise click.ClickException(str(problem)) from problem
    chain_all()
    bad = 0
    with read_only():
        for found in problems(now=now(), anchors=known):
            click.echo(f"WRONG  {found}")
            bad += 1
        position, digest = last_link()
    click.echo(f"{'WRONG ' if bad else 'ok    '} {position} entries in the chain, {bad} problems")
    click.echo(f"anchor {anchors.line((position, digest))}")
    sys.exit(1 if bad else 0)


@audit.command()
@with_app
def anchor() -> None:
    """Print the end of the chain, to be kept elsewhere, and add it to VAR/audit-anchors.txt."""
    chain_all()
    click.echo(anchors.line(anchors.keep(Path(load().var))))


def chain_all() -> None:
    """Chain whatever waits, in short transactions."""
    more = 1
    while more:
        with transaction():
            more = extend(now=now(), whole=True)
