"""A mail that somebody sent to us, as values: who, what, whereto, or what came back (pure).

It believes nothing and refuses nothing: what cannot be read is read as well as it can be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr
from hashlib import sha256

from exchange.messages.quoting import new_text, text_of_html, unfolded

# What is larger holds pictures and tables: its head is read, the rest stays with the mail server.
LARGEST = 10 * 1024 * 1024
LONGEST_TEXT = 100_000
# The most particular first: the address this copy was delivered to.
_ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_BULK = {"bulk", "junk", "list", "auto_reply"}
_OURS = re.compile(r"<(\d{1,9})\.([0-9a-f]{20})@[^<>\s]+>")


@dataclass(frozen=True)
class Bounce:
    """A mail of ours came back. ``message_id`` and ``fingerprint`` are those of our Message-ID;
    0 when the report does not tell. ``gone`` is false when the server still tries."""

    message_id: int
    fingerprint: str
    gone: bool
    reason: str


@dataclass(frozen=True)
class Incoming:
    """A mail that came. ``tokens`` are those of our reply address; ``new`` is what it adds."""

    key: str
    name: str
    email: str
    subject: str
    text: str
    new: str
    tokens: tuple[str, ...]
    attachments: tuple[str, ...]
    automatic: bool
    bounce: Bounce | None
    too_large: bool = False


def is_mail(raw: bytes) -> bool:
    """Whether this is a mail at all: it says from whom it is, or where to."""
    head = message_from_bytes(raw[:65536], policy=compat32)
    return any(head[name] for name in ("From", "To", "Message-ID", "Return-Path"))


def read(raw: bytes, reply_address: str) -> Incoming:
    """Read a mail.

    :param reply_address: ours, with ``{token}`` in it; empty when we have none.
    """
    too_large = len(raw) > LARGEST
    mail = message_from_bytes(raw[:65536] if too_large else raw, policy=compat32)
    name, email = parseaddr(_header(mail, "From"))
    text, attachments = ("", ()) if too_large else _body(mail)
    return Incoming(
        key=_key(mail, raw),
        name=_clean(name)[:200],
        email=_clean(email).lower()[:254],
        subject=" ".join(_clean(_header(mail, "Subject")).split())[:300],
        text=_clean(text)[:LONGEST_TEXT],
        new=new_text(_clean(text)[:LONGEST_TEXT]),
        tokens=_tokens(mail, reply_address),
        attachments=attachments,
        automatic=_is_automatic(mail),
        bounce=None if too_large else _bounce(mail),
        too_large=too_large,
    )


def _header(mail: Message, name: str) -> str:
    """A header as people read it."""
    raw = str(mail.get(name, ""))
    try:
        return str(make_header(decode_header(raw)))
    except (HeaderParseError, LookupError, ValueError):
        return raw


def _clean(text: str) -> str:
    """Without what no database takes: zero bytes, and halves of letters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _key(mail: Message, raw: bytes) -> str:
    """The same for every copy of one mail."""
    name = str(mail.get("Message-ID", "")).strip()
    return sha256(name.encode("utf-8", "replace") if name else raw).hexdigest()


def _tokens(mail: Message, reply_address: str) -> tuple[str, ...]:
    before, marked, after = reply_address.partition("{token}")
    if not marked:
        return ()
    shape = re.escape(before) + r"(\d{1,9}-[a-z2-7]{16})" + re.escape(after)
    said = " ".join(str(value) for name in _ADDRESSED for value in mail.get_all(name, []))
    return tuple(dict.fromkeys(found.lower() for found in re.findall(shape, said, re.I | re.A)))


def _is_automatic(mail: Message) -> bool:
    """A program wrote it (RFC 3834, and what older programs say): nobody wants to read it."""
    submitted = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    return (
        submitted != "no"
        or str(mail.get("Precedence", "")).strip().lower() in _BULK
        or any(name in mail for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder"))
        or str(mail.get("Return-Path", "")).strip() == "<>"
    )


def _leaves(part: Message) -> Iterator[Message]:
    """The parts that hold something; a mail within a mail is one part."""
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for inner in part.get_payload():
            if isinstance(inner, Message):
                yield from _leaves(inner)
    else:
        yield part


def _body(mail: Message) -> tuple[str, tuple[str, ...]]:
    """The text of a mail, and the names of what is attached."""
    plain, html, attached = "", "", []
    for part in _leaves(mail):
        kind, file = part.get_content_type(), part.get_filename()
        if file or part.get_content_disposition() == "attachment":
            attached.append(_clean(str(file or kind))[:100])
        elif kind == "text/plain" and not plain:
            plain = _decoded(part)
            plain = unfolded(plain) if part.get_param("format") == "flowed" else plain
        elif kind == "text/html" and not html:
            html = _decoded(part)
    return plain.strip() or text_of_html(html), tuple(attached[:20])


def _decoded(part: Message) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return raw.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("cp1252", "replace")


def _bounce(mail: Message) -> Bounce | None:
    """What a report of delivery says (RFC 3464); None when the mail is none."""
    if mail.get_content_type() != "multipart/report":
        return None
    reports = [p for p in _leaves(mail) if p.get_content_type() == "message/delivery-status"]
    if not reports:
        return None
    blocks = [block for block in _blocks(reports[0]) if block.get("Action")]
    failed = [b for b in blocks if str(b["Action"]).strip().lower() == "failed"]
    number, fingerprint = _of_ours(mail)
    reason = _why(failed[0]) if failed else ""
    return Bounce(number, fingerprint, bool(failed), reason)


def _blocks(report: Message) -> list[Message]:
    inside = report.get_payload()
    return [part for part in inside if isinstance(part, Message)] if report.is_multipart() else []


def _why(block: Message) -> str:
    said = str(block.get("Diagnostic-Code", "")).partition(";")[2] or str(block.get("Status", ""))
    return " ".join(_clean(said).split())[:300]


def _of_ours(mail: Message) -> tuple[int, str]:
    """Our Message-ID, from the mail that the report brings back or from the thread it stands in."""
    said = []
    for part in _leaves(mail):
        if part.get_content_type() == "message/rfc822":
            said += [str(inner.get("Message-ID", "")) for inner in _blocks(part)]
        elif part.get_content_type() == "text/rfc822-headers":
            said.append(_decoded(part))
    said += [str(mail.get(name, "")) for name in ("In-Reply-To", "References")]
    found = _OURS.search(" ".join(said))
    return (int(found.group(1)), found.group(2)) if found else (0, "")
