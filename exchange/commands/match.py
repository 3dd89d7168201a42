"""exchange match"""

from pathlib import Path
from typing import Any

import click

from exchange.commands.context import with_app

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUTPUT = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


@click.group()
def match() -> None:
    """Look for matches."""


@match.command()
@click.option("--programme", default="network", help="Code of the programme; else the network.")
@click.option("--publish", is_flag=True, help="Publish the draft where an officer would review it.")
@with_app
def run(programme: str, *, publish: bool) -> None:
    """Find the best hosts for all needs of a programme at once, and print the report.

    Workers that are running help. Where the program asks by itself, the cities are asked.
    """
    from exchange.commands import match_run  # late: the help of the command needs no models

    match_run.run(programme, publish=publish)


@match.command()
@click.option("--needs", type=FILE, required=True, help="JSON lines: id, text, what is known.")
@click.option("--offers", type=FILE, required=True, help="The same, of those who offer.")
@click.option("--mode", type=click.Choice(["rank", "assign"]), default="rank", show_default=True)
@click.option("--top", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--explain", is_flag=True, help="With evidence, and why a need has no offer.")
@click.option("--configuration", type=FILE, help="JSON: weights, floor, bonuses; else the usual.")
@click.option(
    "--encoder", default="builtin", show_default=True, help="builtin, http:URL, folder:DIR."
)
@click.option("--output", type=OUTPUT, required=True, help="JSON lines, a line a pair; - to print.")
def rank(**options: Any) -> None:
    """Rank the offers of a file for each need of another: no database, the very same engine.

    rank lists each need's best; assign gives every place of all offers to the needs at once.
    """
    from exchange.commands import match_rank  # late: the help needs no numpy

    match_rank.rank(match_rank.Options(**options))


@match.command()
@click.option("--truth", type=FILE, required=True, help="CSV: need,offer pairs that are right.")
@click.option("--ranks", type=FILE, required=True, help="What `exchange match rank` wrote.")
def evaluate(truth: Path, ranks: Path) -> None:
    """Say how often a right offer is first, among three, among ten, with 95 % intervals.

    A need may have several right offers; the best-placed counts.
    """
    from exchange.matching.files.evaluating import measure  # late: the help needs no reading
    from exchange.matching.files.lines import FileProblem
    from exchange.matching.files.ranks import read_ranks, read_truth

    try:
        found = measure(read_truth(truth), read_ranks(ranks))
    except FileProblem as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"needs      {found.needs:>6}")
    for name, share in [
        *((f"R@{depth}", one) for depth, one in found.recall.items()),
        ("MRR", found.mrr),
    ]:
        click.echo(f"{name:<10} {share.value:>6.3f}  [{share.low:.3f}, {share.high:.3f}]")
    click.echo(f"unranked   {found.unranked:>6}  of them without any offer: {found.missing}")
