"""exchange mail"""

import sys

import click

# The words of sysexits.h that mail servers understand: done, this is no mail, try again later.
TAKEN, NO_MAIL, TRY_AGAIN = 0, 65, 75


@click.group()
def mail() -> None:
    """Take in what people answer to our mails."""


@mail.command()
def receive() -> None:
    """Read one mail from the standard input, as a mail server pipes it.

    Exit codes: 0 taken in, 65 this is no mail, 75 try again later.
    """
    from exchange.messages.incoming import LARGEST, is_mail  # late: --help needs none of it

    raw = sys.stdin.buffer.read(LARGEST + 1)
    while sys.stdin.buffer.read(1 << 20):
        pass  # whoever pipes wants to be rid of all of it
    if not is_mail(raw):
        click.echo("exchange: this is no mail", err=True)
        sys.exit(NO_MAIL)
    try:
        click.echo(_taken_in(raw))
    except Exception as problem:  # noqa: BLE001 - whatever it is, the mail server keeps the mail
        click.echo(f"exchange: try again later: {type(problem).__name__}: {problem}", err=True)
        sys.exit(TRY_AGAIN)


def _taken_in(raw: bytes) -> str:
    from exchange.app import create_app  # late, and what it says is caught: a setting may be wrong
    from exchange.messages.mailboxes import take_in

    with create_app().app_context():
        return str(take_in(raw))


@mail.command()
def collect() -> None:
    """Take in what is new in EXCHANGE_MAIL_INBOX; the worker does it each minute."""
    from exchange.app import create_app
    from exchange.config import load
    from exchange.messages import mailboxes

    settings = load()
    if not settings.mail_inbox:
        raise click.ClickException("EXCHANGE_MAIL_INBOX is not set")
    with create_app(settings).app_context():
        try:
            found = mailboxes.collect(settings.mail_inbox, timeout=settings.mail_timeout)
        except OSError as problem:
            raise click.ClickException(f"{settings.mail_inbox}: {problem}") from problem
    click.echo(f"{found.total()} mails: {dict(found)}" if found else "Nothing is new.")
