"""exchange diagram"""

import click

from workflows.diagram import mermaid
from workflows.registry import WORKFLOWS


@click.command()
@click.argument("name", type=click.Choice(list(WORKFLOWS)), required=False)
def diagram(name: str | None) -> None:
    """Print a workflow as Mermaid text; without NAME, all of them."""
    for one in [name] if name else list(WORKFLOWS):
        click.echo(mermaid(one))
