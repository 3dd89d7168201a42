"""Mails to us are read here: from a Maildir, an IMAP server, or the pipe of a mail server.

A mail is marked as seen only after the commit: whoever dies in between brings it again, and it is
known by its Message-ID. No mail is deleted. One that cannot be read keeps no other waiting.
"""

import imaplib
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from exchange.config import MailInbox
from exchange.messages.incoming import LARGEST
from exchange.messages.replies import Outcome, keep_unread, receive
from exchange.transaction import transaction

log = structlog.get_logger()
# A box that was not read for long is read in several sweeps.
AT_ONCE = 200
SEEN = ":2,S"


def take_in(raw: bytes) -> Outcome:
    """Take one mail in, in transactions of its own.

    :raises SQLAlchemyError: the database does not take it now; it is to be brought again.
    """
    try:
        with transaction():
            outcome = receive(raw)
    except IntegrityError:  # another process took the same mail at this moment
        with transaction():
            outcome = receive(raw)
    except (SQLAlchemyError, OSError):
        raise
    except Exception as problem:  # what no program can read is kept for people
        log.exception("mail.unread")
        with transaction():
            outcome = keep_unread(raw, type(problem).__name__)
    log.info("mail.came", outcome=str(outcome))
    return outcome


def collect(inbox: MailInbox, *, timeout: int = 20) -> Counter[Outcome]:
    """Take in what is new in a box; return what became of it.

    :param timeout: how many seconds a server may think.
    :raises OSError: the folder or the server is not there, or does not let us in.
    """
    if inbox.kind == "maildir":
        return Counter(_of_folder(inbox.path))
    if inbox:
        with _signed_in(inbox, timeout) as server:
            return Counter(_of_server(server))
    return Counter()


def _of_folder(path: Path) -> Iterator[Outcome]:
    """Mails move from ``new`` to ``cur`` with the mark of what was seen, as Maildir has it."""
    for file in sorted((path / "new").iterdir())[:AT_ONCE]:
        with suppress(FileNotFoundError):  # another worker was faster
            with file.open("rb") as mail:
                raw = mail.read(LARGEST + 1)
            yield take_in(raw)
            file.rename(path / "cur" / f"{file.name.partition(':')[0]}{SEEN}")


@contextmanager
def _signed_in(inbox: MailInbox, timeout: int) -> Iterator[imaplib.IMAP4]:
    server: imaplib.IMAP4
    try:
        if inbox.kind == "imaps":
            context = ssl.create_default_context()
            server = imaplib.IMAP4_SSL(inbox.host, inbox.port, ssl_context=context, timeout=timeout)
        else:
            server = imaplib.IMAP4(inbox.host, inbox.port, timeout=timeout)
        try:
            server.login(inbox.user, inbox.password)
            _said(server.select(f'"{inbox.folder}"'))
            yield server
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                server.logout()
    except imaplib.IMAP4.error as problem:
        raise OSError(str(problem)) from problem


def _of_server(server: imaplib.IMAP4) -> Iterator[Outcome]:
    (found,) = _said(server.uid("SEARCH", "UNSEEN"))
    for uid in (found or b"").split()[:AT_ONCE]:
        raw = _fetched(server, uid.decode("ascii"))
        if raw is None:  # somebody deleted it meanwhile
            continue
        yield take_in(raw)
        _said(server.uid("STORE", uid.decode("ascii"), "+FLAGS.SILENT", r"(\Seen)"))


def _fetched(server: imaplib.IMAP4, uid: str) -> bytes | None:
    """A mail, as far as we read it; looking does not mark it as seen."""
    parts = _said(server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST + 1}>)"))
    return next((part[1] for part in parts if isinstance(part, tuple)), None)


def _said(answer: tuple[str, list[Any]]) -> list[Any]:
    """:raises IMAP4.error: the server said no."""
    word, data = answer
    if word != "OK":
        raise imaplib.IMAP4.error(f"{word} {data!r}"[:300])
    return data
