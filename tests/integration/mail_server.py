"""A real SMTP server in this process: it takes mails, or says what it is told to say."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller

from exchange.config import MailServer
from exchange.messages.deliver import Post


class Mails:
    """What arrived. ``answers`` maps an address to what the server says of it."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: dict[str, str] = {}
        self.on_mail: Callable[[], None] = lambda: None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.on_mail()
        self.arrived.append(message_from_bytes(envelope.content, policy=default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def mail_server(**options) -> Iterator[tuple[Mails, Post]]:
    """Start one; give what it gets and how to reach it."""
    mails = Mails()
    controller = Controller(mails, hostname="127.0.0.1", port=_free_port(), **options)
    controller.start()
    try:
        server = MailServer(kind="smtp", host="127.0.0.1", port=controller.port)
        yield mails, Post(server, SENDER, "https://px.test", 5)
    finally:
        controller.stop()


SENDER = "Peer Exchange <px@px.test>"
