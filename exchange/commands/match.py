"""exchange match"""

from pathlib import Path

import click

from exchange.commands.context import with_app

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


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
@click.option("--truth", type=FILE, required=True, help="CSV: need,offer pairs that are right.")
@click.option("--ranks", type=FILE, required=True, help="What `exchange match rank` wrote.")
def evaluate(truth: Path, ranks: Path) -> None:
    """Say how often a right offer is first, among three, among ten, with 95 % intervals.

    A need may have several right offers; the best-placed counts.
    """
    from exchange.matching.evaluating import measure  # late: the help needs no reading
    from exchange.matching.lines import FileProblem
    from exchange.matching.ranks import read_ranks, read_truth

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
