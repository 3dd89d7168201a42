"""``python -m tests.matrix``: ask every route, print the table, say what differs from it.

``--new`` asks only the routes that have no row, and writes theirs.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import click

from exchange import logs
from exchange.config import load
from tests.matrix import answers
from tests.matrix.asking import ask
from tests.matrix.routes import Route, routes
from tests.matrix.world import World


def main() -> int:
    """Returns how many routes answer otherwise than the table says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--new", action="store_true", help="write the rows of new routes")
    logs.configure(load({"EXCHANGE_LOG_LEVEL": "ERROR"}))
    only_new = parser.parse_args().new
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        known = answers.read()
        asked = [r for r in routes(world.app) if not (only_new and r.line in known)]
        seen = {route.line: _asked(world, route) for route in asked}
        order = [route.line for route in routes(world.app)]
    if only_new:
        answers.write({r: row for r, row in (known | seen).items() if r in order}, order)
    for line in answers.lines(seen, order):
        click.echo(line)
    return 0 if only_new else _differences(known, seen)


def _asked(world: World, route: Route) -> dict[str, answers.Answers]:
    return dict(ask(world, route))


def _differences(known: answers.Table, seen: answers.Table) -> int:
    wrong = sorted(route for route in seen if seen[route] != known.get(route))
    click.echo(f"{len(seen)} routes, {len(wrong)} answer otherwise than {answers.FILE.name} says")
    for route in wrong:
        click.echo(f"  {route}: expected {known.get(route)}, got {seen[route]}")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(bool(main()))
