"""A real SMTP server that counts what arrives, and can be told to fail in every way there is."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.e2e.running import free_port

# How it may fail, each once for an address: refuse for now, refuse for good, say nothing, hang up
# in the middle of a mail, take a mail and hang up before it says so.
FAULTS = ("later", "never", "hang", "drop", "cut")
LATER, NEVER = "451 4.7.1 Come back later", "550 5.1.1 No such user"
# A mail takes its time: whoever is killed is killed in the middle of one.
SECONDS_A_MAIL = 0.03


class Arrivals:
    """What arrived, by address; ``faults`` says what the next mail to an address meets."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}
        self.faults: dict[str, str] = {}
        self.seconds = SECONDS_A_MAIL
        self.met: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, address: str) -> None:
        """Note that a mail to an address is here."""
        with self._lock:
            self.times.setdefault(address, []).append(time.monotonic())

    def fault(self, address: str) -> str:
        """The fault that waits for an address; it is met once."""
        with self._lock:
            found = self.faults.pop(address, "")
            self.met[found] += bool(found)
            return found

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Refuse here what is to be refused."""
        server.meets = self.fault(address)
        if server.meets == "later":
            return LATER
        if server.meets == "never":
            return NEVER
        if server.meets == "hang":
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take it; and hang up before the sender knows, when so asked."""
        await asyncio.sleep(self.seconds)
        for address in envelope.rcpt_tos:
            self.take(address)
        if server.meets == "cut":
            server.transport.abort()
        return "250 OK"


class Faulty(SMTP):
    """Hangs up in the middle of a mail, when so asked."""

    meets = ""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - the name is aiosmtpd's
        """Take a line of the mail and go."""
        if self.meets != "drop":
            return await super().smtp_DATA(arg)
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        await self._reader.readline()
        self.transport.abort()
        return None


class _Controller(Controller):
    def factory(self) -> SMTP:
        return Faulty(self.handler, **self.SMTP_kwargs)


@contextmanager
def arrivals() -> Iterator[tuple[Arrivals, str]]:
    """Start one; give what arrives, and the address for the settings."""
    taken = Arrivals()
    controller = _Controller(taken, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield taken, f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()
