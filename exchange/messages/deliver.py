"""From a row to the mail server. SMTP happens between two short transactions, inside none.

A message is claimed and the claim is committed; then it is handed over; then its fate is written.
A worker that dies in between leaves a claim that runs out, and the message is taken again with
the same Message-ID, by which mail stores recognise the copy. Nothing is lost, and the only mail
that may go twice is the one whose handing over was cut off: just before it hands a letter over, a
worker makes sure that the claim is still its own, and a fate that the database does not take is
written again when the database is back.
"""

import smtplib
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime
from urllib.parse import urlsplit

import structlog
from sqlalchemy.exc import SQLAlchemyError

from exchange import tracing
from exchange.clock import now
from exchange.config import MailServer, Settings
from exchange.messages import actions, claims
from exchange.messages.claims import Fate, Letter
from exchange.transaction import PATIENCE_MS, transaction

# Few at a time, and not for long until the turn of each comes: what a killed worker had claimed
# waits until its claim runs out. A letter that is not begun by then may be somebody else's.
BATCH = 10
BEGUN_WITHIN = timedelta(seconds=10)
# A letter has at most these turns with a server, each of which may last as long as our patience.
TURNS = 10
# A claim outlasts three waits for a lock: one before the letter goes, two before its fate.
LOCKS = timedelta(milliseconds=3 * PATIENCE_MS)
# A database that restarts is back within some of these seconds.
PAUSES = (0.5, 1, 2, 4, 8)

log = structlog.get_logger("exchange.mail")


@dataclass(frozen=True)
class Post:
    """Where mails go and whom they come from. ``timeout`` is in seconds; ``bounces`` is where a
    mail server sends back what it cannot deliver (empty: to the sender)."""

    server: MailServer
    sender: str
    public_url: str
    timeout: int = 20
    bounces: str = ""

    @classmethod
    def of(cls, settings: Settings) -> "Post":
        """As the settings say."""
        return cls(
            settings.mail_url,
            settings.mail_from,
            settings.public_url,
            settings.mail_timeout,
            settings.mail_reply.replace("{token}", "bounces"),
        )

    @property
    def lease(self) -> timedelta:
        """How long the claim of a letter holds once its turn has come: longer than the slowest
        server can make one letter last."""
        return LOCKS + timedelta(seconds=TURNS * self.timeout)


def deliver_due(post: Post, *, limit: int = 500) -> int:
    """Bundle digests that are due and deliver up to ``limit`` messages, a piece of the one and a
    batch of the other in turn; return how many were handed over, put off or given up.

    It opens its own transactions, against the habit that the caller does: no caller could keep one
    open while a mail server thinks.
    """
    done = 0
    while done < limit:
        with transaction():
            bundled = actions.bundle_digests(at=now())
        with transaction():
            letters = claims.claim(
                at=now(),
                limit=min(BATCH, limit - done),
                lease=BEGUN_WITHIN,
                to_demo=post.server.kind == "mailbox",
            )
        if not letters and not bundled:
            break
        begun = time.perf_counter()
        for letter, fate in hand_over(_still_ours(letters, post), post):
            _settle(letter, fate)
            _say(letter, fate, time.perf_counter() - begun)
            begun = time.perf_counter()
        done += len(letters)
    return done


def _still_ours(letters: Iterable[Letter], post: Post) -> Iterator[Letter]:
    """Renew the claim of each letter when its turn comes. One that ran out while this worker waited
    or slept is somebody else's by now."""
    for letter in letters:
        with transaction():
            ours = claims.hold(letter, at=now(), lease=post.lease)
        if ours is not None:
            yield ours


def _settle(letter: Letter, fate: Fate) -> None:
    """Write a fate down; the server has the letter already, so a database that is away is waited
    for: to forget the fate would be to send the letter again."""
    for pause in PAUSES:
        try:
            with transaction():
                claims.settle(letter, fate, at=now())
        except SQLAlchemyError as problem:
            log.warning(
                "fate of a message not written yet", message=letter.id, problem=str(problem)
            )
            time.sleep(pause)
        else:
            return
    with transaction():
        claims.settle(letter, fate, at=now())


def _say(letter: Letter, fate: Fate, seconds: float) -> None:
    """One line a mail: which, and what became of it; nothing of whom it is for."""
    written_by = letter.headers.get("X-Request-ID", "")
    facts = {"message_id": letter.id, "kind": letter.kind, "written_by": written_by}
    log.info("mail", fate=fate.trigger, attempt=letter.attempt, **facts)
    tracing.mail(letter.kind, fate.trigger, written_by, seconds)


def hand_over(letters: Iterable[Letter], post: Post) -> Iterator[tuple[Letter, Fate]]:
    """Give each letter to the mail server, or keep it for the mailbox page; tell its fate."""
    if post.server.kind == "mailbox":
        yield from ((letter, Fate("deliver", claims.KEPT)) for letter in letters)
        return
    line = _Line(post)
    try:
        for letter in letters:
            yield letter, line.send(letter)
    finally:
        line.close()


class _Line:
    """One connection for a batch, opened again when the server hangs up."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self.smtp: smtplib.SMTP | None = None
        self.down: Fate | None = None

    def send(self, letter: Letter) -> Fate:
        """Hand one letter over."""
        try:
            mail = as_mail(letter, self.post, at=now())
        except (ValueError, MessageError) as problem:
            return Fate("fail", f"bad_address: {problem}")
        smtp = self._open()
        if smtp is None:
            return self.down or Fate("retry", "unreachable")
        try:
            smtp.send_message(mail, from_addr=self.post.bounces or None)
        except OSError as problem:
            if not isinstance(problem, smtplib.SMTPException) or _hung_up(problem):
                self._drop()
            return fate_of(problem)
        return Fate("deliver")

    def _open(self) -> smtplib.SMTP | None:
        """The connection; None once the server could not be reached in this batch."""
        if self.smtp is None and self.down is None:
            try:
                self.smtp = connect(self.post)
            except OSError as problem:
                self.down = Fate("retry", f"unreachable: {_short(problem)}")
        return self.smtp

    def close(self) -> None:
        """Say goodbye."""
        if self.smtp is not None:
            # All is settled by now: a server that does not answer "goodbye" changes nothing.
            with suppress(OSError):
                self.smtp.quit()
            self._drop()

    def _drop(self) -> None:
        if self.smtp is not None:
            self.smtp.close()
            self.smtp = None


def connect(post: Post) -> smtplib.SMTP:
    """Open the connection that the settings ask for.

    :raises OSError: the server is not there, or does not let us in (all SMTP errors are OSErrors).
    """
    server, secure = post.server, ssl.create_default_context()
    if server.tls == "implicit":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=post.timeout, context=secure
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=post.timeout)
    try:
        if server.tls == "starttls":
            smtp.starttls(context=secure)
        if server.user:
            smtp.login(server.user, server.password)
    except OSError:
        smtp.close()
        raise
    return smtp


def fate_of(problem: OSError) -> Fate:
    """What a refusal means: 4xx is "later", 5xx is "never" (RFC 5321, 4.2.1)."""
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        return Fate("fail", f"not_supported: {_short(problem)}")
    code, text = _answer(problem)
    if code is None or _hung_up(problem):
        return Fate("retry", f"broken_off: {_short(problem)}")
    said = f"{code} {text}".strip()
    return Fate("fail", f"refused: {said}") if code >= 500 else Fate("retry", f"later: {said}")


def _answer(problem: OSError) -> tuple[int | None, str]:
    said: bytes | str
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(problem.recipients.values()))
    elif isinstance(problem, smtplib.SMTPResponseException):
        code, said = problem.smtp_code, problem.smtp_error
    else:
        return None, ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return code, " ".join(text.split())


def _hung_up(problem: OSError) -> bool:
    """421: the server closes the line; it says nothing about this letter."""
    return isinstance(problem, smtplib.SMTPServerDisconnected) or _answer(problem)[0] == 421


def _short(problem: OSError) -> str:
    return " ".join(str(problem).split())[:300]


def message_id(letter: Letter, post: Post) -> str:
    """The same for every try of one message."""
    return f"<{letter.fingerprint}@{urlsplit(post.public_url).hostname or 'localhost'}>"


def as_mail(letter: Letter, post: Post, *, at: datetime) -> EmailMessage:
    """The mail as it travels: plain text, and the same as HTML.

    :raises ValueError, MessageError: the address or the name cannot stand in a header.
    """
    mail = EmailMessage(policy=POLICY)
    mail["Subject"] = _on_one_line(letter.subject)
    mail["From"] = post.sender
    mail["To"] = Address(_on_one_line(letter.to_name), addr_spec=letter.to_email)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id(letter, post)
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers.items():
        mail[name] = value
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    # Last: a part that becomes one of two takes the Content- headers with it.
    mail["Content-Language"] = letter.language
    return mail


def _on_one_line(text: str) -> str:
    """A break of any kind would end the header, and a lone one is not refused by the library."""
    return " ".join(text.split())
