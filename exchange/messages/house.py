"""What every mail says of the program that sends it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from flask import Flask

from exchange.extensions import of_app


@dataclass(frozen=True)
class Quiet:
    """The hours at which nobody is written to, by the reader's clock; equal ends are: none."""

    begins_at: time = time(0)
    ends_at: time = time(0)
    weekends: bool = False


@dataclass(frozen=True)
class House:
    """Where links lead, who answers questions, what links are signed with, when it is quiet."""

    public_url: str = "http://127.0.0.1:8000"
    contact: str = "Peer Exchange"
    language: str = "en"
    # id of a match, language → why it fits, a sentence each: the words are at the edge
    why: Callable[[int | None, str], Sequence[str]] = lambda _match_id, _language: ()
    # the newest last
    keys: tuple[str, ...] = ("no key was given",)
    # "reply+{token}@example.org"; empty: replies go to the contact of the exchange
    reply: str = ""
    quiet: Quiet = Quiet()
    # mails to one person within this time go together
    gather: timedelta = timedelta()


def use(app: Flask, house: House) -> None:
    """Say what the mails of ``app`` say of it."""
    app.extensions["house"] = house


def house() -> House:
    """What mails say of the program that runs: each application its own."""
    known: House = of_app("house") or House()
    return known


def absolute(link: str) -> str:
    """``link`` as an address that works in a mail."""
    return house().public_url.rstrip("/") + link if link.startswith("/") else link
