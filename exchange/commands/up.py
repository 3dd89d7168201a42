"""exchange up"""

import http.client
import os
import signal
import sys

import click

from exchange import preflight, prepared
from exchange.config import Settings, load
from exchange.processes import die_with_parent
from exchange.supervisor import Supervisor, prepare, programs

LOCAL_NAMES = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104  # nosec B104 - compared, not bound


@click.command()
@click.option(
    "--with-parent",
    is_flag=True,
    help="Stop when the process that started this one ends (make run uses it).",
)
def up(*, with_parent: bool) -> None:
    """Prepare the database, then run web, worker and scheduler until Ctrl-C."""
    if with_parent:
        die_with_parent(signal.SIGTERM, parent=os.getppid())
    settings = load()
    preflight.check(settings)
    if not prepared.is_current(settings):
        code = prepare(os.environ)
        if code:
            sys.exit(code if code > 0 else 1)
    supervisor = Supervisor(
        programs(threads=settings.worker_threads, level=settings.log_level),
        environ=os.environ,
        ready=lambda: answers(settings),
        when_ready=lambda: greet(settings),
    )
    sys.exit(supervisor.run())


def answers(settings: Settings) -> bool:
    """Does the web server say that it is well?"""
    host = LOCAL_NAMES.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def greet(settings: Settings) -> None:
    """Print the address and the sign-ins of the demonstration."""
    click.echo(f"\nPeer Exchange is at {settings.public_url}  (Ctrl-C stops it)")
    if text := prepared.welcome(settings):
        click.echo(text)
    click.echo("")
