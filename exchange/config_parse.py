"""From the text of an environment variable to a value; ValueError says what is accepted."""

import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

TLS = ("starttls", "implicit", "none")
SHORTEST_SECRET = 32


class ConfigError(Exception):
    """A setting is wrong; the message names the variable, the value and what is accepted."""


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mails go: the in-app mailbox, or an SMTP server."""

    kind: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    tls: str = "none"

    def __str__(self) -> str:
        if self.kind == "mailbox":
            return "mailbox:"
        return (
            f"smtp://{self.user + '@' if self.user else ''}{self.host}:{self.port}?tls={self.tls}"
        )

    def __repr__(self) -> str:
        return f"<MailServer {self}>"


@dataclass(frozen=True, kw_only=True)
class MailInbox:
    """Where mails to us lie until they are read: nowhere, a folder of files, or on a server."""

    kind: str = ""
    path: Path = Path()
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    folder: str = "INBOX"

    def __bool__(self) -> bool:
        return bool(self.kind)

    def __str__(self) -> str:
        if self.kind == "maildir":
            return f"maildir://{self.path}"
        where = f"{quote(self.user)}@{self.host}:{self.port}/{quote(self.folder)}"
        return f"{self.kind}://{where}" if self.kind else ""

    def __repr__(self) -> str:
        return f"<MailInbox {self}>"


def text(raw: str) -> str:
    """Any text."""
    return raw


def words(raw: str) -> tuple[str, ...]:
    """A list with commas."""
    return tuple(word.strip() for word in raw.split(",") if word.strip())


def switch(raw: str) -> bool:
    """On or off."""
    if raw not in ("0", "1"):
        raise ValueError("it must be 0 or 1")
    return raw == "1"


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number between two others."""

    def parse(raw: str) -> int:
        if not (raw.isascii() and raw.isdigit() and low <= int(raw) <= high):
            raise ValueError(f"it must be a whole number from {low} to {high}")
        return int(raw)

    return parse


def number_of(*accepted: int) -> Callable[[str], int]:
    """One of some numbers."""
    choose = one_of(*(str(number) for number in accepted))
    return lambda raw: int(choose(raw))


def one_of(*accepted: str) -> Callable[[str], str]:
    """One of some words."""

    def parse(raw: str) -> str:
        if raw not in accepted:
            raise ValueError(f"it must be one of {', '.join(accepted)}")
        return raw

    return parse


def folder(raw: str) -> Path:
    """A folder that is there or can be made; it is made later."""
    path = Path(raw).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError("it must be a folder, and this is a file")
    return path


def scanner(raw: str) -> str:
    """A clamd: a socket of this machine, or a host."""
    if raw and not re.fullmatch(r"unix:/.+|tcp://[^/\s:]+(:\d{1,5})?", raw):
        raise ValueError("it must be unix:/PATH or tcp://HOST:PORT")
    return raw


def database(raw: str) -> str:
    """A SQLite file or a PostgreSQL server; its driver is added."""
    scheme, _, rest = raw.partition("://")
    if scheme == "sqlite" and rest in ("", "/:memory:"):
        return raw
    if scheme == "sqlite" and rest.startswith("/"):
        return f"sqlite:///{Path(rest[1:]).absolute()}"
    if scheme in ("postgres", "postgresql", "postgresql+psycopg") and rest:
        return f"postgresql+psycopg://{rest}"
    raise ValueError("it must look like sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")


def broker(raw: str) -> str:
    """A queue that Celery speaks and that was tried."""
    schemes = ("filesystem", "redis", "rediss", "amqp", "amqps", "memory")
    if raw.partition("://")[0] not in schemes or "://" not in raw:
        raise ValueError(
            "it must begin with filesystem://, redis://, rediss://, amqp:// or amqps://"
        )
    return raw


def encoder(raw: str) -> str:
    """What compares texts. Whether a service or folder is there is seen when it is used."""
    kind, _, where = raw.partition(":")
    if raw != "builtin" and (kind not in ("http", "https", "folder") or not where):
        raise ValueError("it must be builtin, http:URL or folder:PATH")
    if "@" in urlsplit(where if "://" in where else raw).netloc:
        raise ValueError("its address must hold no password: that is what the key is for")
    return raw


def counters(raw: str) -> str:
    """Where the rate limits count."""
    if raw != "memory://" and not raw.startswith(("redis://", "rediss://")):
        raise ValueError("it must be memory:// or begin with redis:// or rediss://")
    return raw


def web_address(raw: str) -> str:
    """An http or https address without a last slash."""
    parts = urlsplit(raw)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("it must look like https://exchange.example.org")
    return raw.rstrip("/")


def provider(raw: str) -> str:
    """Empty, or the https address of a provider; http only on this machine, to try it out."""
    here = urlsplit(raw).hostname in ("localhost", "127.0.0.1", "::1")
    if raw and urlsplit(web_address(raw)).scheme != "https" and not here:
        raise ValueError("it must begin with https://: who somebody is comes from there")
    return raw.rstrip("/")


def sentry(raw: str) -> str:
    """Empty, or the address that a Sentry gives to a project."""
    parts = urlsplit(raw)
    here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    number = parts.path.rpartition("/")[2]
    safe = parts.scheme == "https" or (here and parts.scheme == "http")
    if raw and not (safe and parts.username and parts.hostname and number.isdigit()):
        raise ValueError("it must look like https://KEY@HOST/NUMBER")
    return raw


def collector(raw: str) -> str:
    """Empty, or the address of a collector, without the path of a signal and without a password:
    the library has a variable of its own for what a collector wants to hear."""
    parts = urlsplit(raw)
    if raw and (parts.username or parts.path.rstrip("/").endswith("/v1/traces")):
        raise ValueError("it must look like http://collector:4318")
    return web_address(raw) if raw else raw


def time_zone(raw: str) -> str:
    """A name of the IANA time zone database."""
    try:
        return ZoneInfo(raw).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("it must be a time zone such as Europe/Madrid or Africa/Maputo") from None


def mail_from(raw: str) -> str:
    """A sender: `Name <address>` or an address."""
    address = parseaddr(raw)[1]
    if "@" not in address or any(ord(letter) < 32 for letter in raw):
        raise ValueError("it must look like Peer Exchange <exchange@example.org>")
    return raw


def reply_address(raw: str) -> str:
    """Empty, or an address that holds {token}."""
    if raw and (raw.count("{token}") != 1 or "@" not in raw.partition("{token}")[2]):
        raise ValueError("it must look like reply+{token}@example.org")
    return raw


def hours(raw: str) -> tuple[str, str]:
    """From one hour of the day to another."""
    try:
        first, last = (time.fromisoformat(part.strip()) for part in raw.split("-"))
    except ValueError:
        raise ValueError("it must look like 20:00-08:00") from None
    return f"{first:%H:%M}", f"{last:%H:%M}"


def mail(raw: str) -> MailServer:
    """`mailbox:` or an SMTP server."""
    if raw == "mailbox:":
        return MailServer(kind="mailbox")
    parts = urlsplit(raw)
    if parts.scheme != "smtp" or not parts.hostname:
        raise ValueError(
            "it must be mailbox: or look like smtp://USER:PASSWORD@HOST:587?tls=starttls"
        )
    tls = parse_qs(parts.query).get("tls", ["none"])[0]
    if tls not in TLS:
        raise ValueError(f"tls must be one of {', '.join(TLS)}")
    return MailServer(
        kind="smtp",
        host=parts.hostname,
        port=parts.port or {"implicit": 465, "starttls": 587, "none": 25}[tls],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
    )


def inbox(raw: str) -> MailInbox:
    """Nothing, a folder in the form of Maildir, or a folder of an IMAP server."""
    parts = urlsplit(raw)
    if not raw:
        return MailInbox()
    if parts.scheme == "maildir" and not parts.netloc and parts.path not in ("", "/"):
        return MailInbox(kind="maildir", path=Path(unquote(parts.path)))
    if parts.scheme not in ("imap", "imaps") or not (parts.hostname and parts.username):
        raise ValueError(
            "it must look like maildir:///PATH or imaps://USER:PASSWORD@HOST/FOLDER "
            "(special letters of the password as %40)"
        )
    return MailInbox(
        kind=parts.scheme,
        host=parts.hostname,
        port=parts.port or {"imap": 143, "imaps": 993}[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


def secret(raw: str) -> str:
    """A key that cannot be guessed."""
    if len(raw) < SHORTEST_SECRET:
        raise ValueError(
            f"it must have at least {SHORTEST_SECRET} characters (openssl rand -hex 32 makes one)"
        )
    return raw


def kept_secret(var: Path, *, production: bool) -> str:
    """The secret key of this installation, made at its first start; not on a public server."""
    if production:
        raise ConfigError(
            "EXCHANGE_PRODUCTION=1 needs EXCHANGE_SECRET_KEY (openssl rand -hex 32 makes one)"
        )
    path = var / "secret_key"
    try:
        if not path.exists():
            _make_secret(path)
        return path.read_text(encoding="ascii").strip()
    except OSError as problem:
        raise ConfigError(
            f"cannot keep the secret key in the folder {var} ({problem.strerror}): "
            "set EXCHANGE_VAR to a folder that can be written to"
        ) from None


def _make_secret(path: Path) -> None:
    """Write a new key; of two processes that start together, the first to finish wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mine = path.with_name(f".secret_key.{os.getpid()}.{secrets.token_hex(4)}")
    mine.touch(mode=0o600)
    try:
        mine.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
        path.hardlink_to(mine)
    except FileExistsError:
        return
    finally:
        mine.unlink()


def without_password(url: str) -> str:
    """The address as it may be shown."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return url.replace(f":{parts.password}@", ":(hidden)@", 1)
