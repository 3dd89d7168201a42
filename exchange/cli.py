"""The command `exchange`. Its help imports no application: each subcommand comes when called."""

import sys
from importlib import import_module

import click

from exchange.config import ConfigError
from exchange.errors import DomainError

# name → (where the command is, what it does). The order is that of the help.
COMMANDS = {
    "up": ("exchange.commands.up:up", "Run everything on this machine until Ctrl-C."),
    "config": ("exchange.commands.config:config", "Print every setting and why it is there."),
    "check": ("exchange.commands.check:check", "Look for what is wrong with the installation."),
    "db": ("exchange.commands.db:db", "Bring the database up or down to a migration."),
    "backup": ("exchange.commands.backup:backup", "Save database and files into one archive."),
    "restore": ("exchange.commands.backup:restore", "Put such an archive in its place."),
    "demo": ("exchange.commands.demo:demo", "Load or remove the demonstration."),
    "user": ("exchange.commands.user:user", "Invite a person, such as the first administrator."),
    "match": ("exchange.commands.match:match", "Look for matches."),
    "reminders": ("exchange.commands.reminders:reminders", "Plan reminders, or send due ones."),
    "mail": ("exchange.commands.mail:mail", "Take in what people answer to our mails."),
    "privacy": ("exchange.commands.privacy:privacy", "Look after personal data."),
    "audit": ("exchange.commands.audit:audit", "Look after the audit trail."),
    "import": ("exchange.commands.import_:import_", "Import a spreadsheet, or keep.eu projects."),
    "search": ("exchange.commands.search:search", "Look after what search knows of."),
    "diagram": ("exchange.commands.diagram:diagram", "Draw a workflow as Mermaid text."),
    "vocabularies": (
        "exchange.commands.vocabularies:vocabularies",
        "Import official texts, code lists and cities.",
    ),
}


class LazyGroup(click.Group):
    """A group that knows the names of its commands and imports only the one called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; none when there is no such name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="peer-exchange", prog_name="exchange")
def exchange() -> None:
    """Peer Exchange: from a need to a lesson used twelve months later."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command; what a person can put right is one line and exit code 2."""
    try:
        code = exchange.main(arguments, prog_name="exchange", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as problem:
        _say(problem.format_message())
    except ConfigError as problem:
        _say(str(problem))
    except DomainError as problem:
        _say(in_words(problem))
    sys.exit(code if isinstance(code, int) else 0)


def in_words(problem: DomainError) -> str:
    """The sentence of an error code, in English; the code itself when it has none."""
    from exchange.labels.errors import ERRORS  # late: the help needs no labels

    if problem.code not in ERRORS:
        return str(problem)
    return str(ERRORS[problem.code]) % problem.facts


def _say(line: str) -> None:
    """One line on stderr, and exit code 2."""
    click.echo(f"exchange: {' '.join(line.split())}", err=True)
    sys.exit(2)
