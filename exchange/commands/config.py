"""exchange config"""

import click

from exchange.config import explain, load


@click.command()
def config() -> None:
    """Print every setting with its value (secrets hidden) and why it is there."""
    for variable, value, why in explain(load()):
        click.echo(f"{variable}={value}\n    {why}")
