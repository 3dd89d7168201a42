"""A virus scanner beside the program: clamd, asked over its own protocol (INSTREAM).

When it cannot be asked nothing is taken: a file is rarely urgent, and one that was let in unseen
stays in. Files are looked at before anything else, outside of any transaction.
"""

import socket
import struct
from contextlib import closing
from urllib.parse import urlsplit

import structlog

from exchange.errors import Invalid

CHUNK = 64 * 1024
# clamd answers in well under a second; reading its own signatures again takes it some ten.
PATIENCE = 20.0
LONGEST_ANSWER = 4096

log = structlog.get_logger()


class Unscanned(OSError):
    """The scanner cannot be reached, or says nothing that can be understood."""


def found_in(content: bytes, clamd: str, patience: float = PATIENCE) -> str:
    """The name of what clamd finds in ``content``; empty when it is clean.

    :param clamd: ``unix:/PATH`` or ``tcp://HOST:PORT``.
    :param patience: seconds for each step.
    :raises Unscanned: no answer, or none that is one.
    """
    try:
        with closing(_connected(clamd, patience)) as line:
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(content), CHUNK):
                piece = content[at : at + CHUNK]
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
            said = _answer(line)
    except OSError as problem:
        raise Unscanned(str(problem)) from problem
    if said.endswith(" OK"):
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND").partition(": ")[2] or "unknown"
    raise Unscanned(said)


def require_clean(field: str, content: bytes, clamd: str) -> None:
    """Refuse what the scanner knows, and everything while it does not answer.

    :param clamd: its address; empty where there is none, and nothing is looked at.
    :raises Invalid: ``upload_infected``; ``upload_unscanned``.
    """
    if not clamd:
        return
    try:
        name = found_in(content, clamd)
    except Unscanned as problem:
        log.error("the virus scanner does not answer", problem=str(problem))
        raise Invalid(field, "upload_unscanned") from None
    if name:
        log.warning("an infected file was refused", found=name, size=len(content))
        raise Invalid(field, "upload_infected", name=name)


def is_there(clamd: str, patience: float = 5.0) -> bool:
    """Does the scanner answer at all?"""
    try:
        with closing(_connected(clamd, patience)) as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"
    except OSError:
        return False


def _connected(clamd: str, patience: float) -> socket.socket:
    if clamd.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(patience)
        try:
            line.connect(clamd.removeprefix("unix:"))
        except OSError:
            line.close()
            raise
        return line
    parts = urlsplit(clamd)
    return socket.create_connection((parts.hostname or "", parts.port or 3310), patience)


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace")
