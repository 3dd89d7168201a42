"""Claims: taking messages for delivery and writing down their fate. The caller commits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import update

from exchange import steps
from exchange.extensions import db, touched
from exchange.messages.actions import move, skip
from exchange.messages.headers import headers_of
from exchange.messages.models import Message
from exchange.messages.queries import to_claim
from workflows.message import MESSAGE, MessageState

# A server that says "later" is asked again after these; then somebody must look.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
KEPT = "kept_in_mailbox"
LONGEST_REASON = 500


@dataclass(frozen=True)
class Letter:
    """What delivery needs of a claimed message, free of the database."""

    id: int
    attempt: int
    kind: str
    to_name: str
    to_email: str
    language: str
    subject: str
    text: str
    html: str
    fingerprint: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fate:
    """What became of a letter: deliver, retry or fail; and why: a code, then the server's words."""

    trigger: str
    reason: str = ""


def claim(*, at: datetime, limit: int, lease: timedelta, to_demo: bool) -> list[Letter]:
    """Take up to ``limit`` messages that are due, and those whose claim ran out, for ``lease``.

    Whoever else looks at the same time does not see them.

    :param to_demo: whether people of the demonstration are written to: never by a real server.
    """
    return [
        _take(message, at, lease)
        for message in to_claim(at, limit)
        if _may_still_go(message, at, to_demo=to_demo)
    ]


def _may_still_go(message: Message, at: datetime, *, to_demo: bool) -> bool:
    person = message.person
    if message.state == MessageState.sending:
        if message.attempts > len(WAITS):
            _give_up(message, Fate("retry", "cut_off"))
            return False
        move(message, "retry", at=at)
    if person is not None and person.disabled_at:
        skip(message, "person_disabled")
    elif person is not None and person.demo and not to_demo:
        skip(message, "demonstration")
    return message.state == MessageState.queued


def _take(message: Message, at: datetime, lease: timedelta) -> Letter:
    move(message, "claim", at=at)
    message.claimed_until = at + lease
    return _letter(message)


def hold(letter: Letter, *, at: datetime, lease: timedelta) -> Letter | None:
    """Begin an attempt at a claimed letter, and renew its claim; None when the claim ran out and
    the message is somebody else's. Only now it counts: what waited behind a letter whose worker
    died was not tried, and is not given up for it."""
    mine = update(Message).where(
        Message.id == letter.id,
        Message.state == MessageState.sending,
        Message.attempts == letter.attempt,
    )
    begun = letter.attempt + 1
    ours = touched(mine.values(claimed_until=at + lease, attempts=begun)) == 1
    return replace(letter, attempt=begun) if ours else None


def _letter(message: Message) -> Letter:
    return Letter(
        id=message.id,
        attempt=message.attempts,
        kind=message.kind,
        to_name=message.to_name,
        to_email=message.to_email,
        language=message.language,
        subject=message.subject,
        text=message.text,
        html=message.html,
        fingerprint=f"{message.id}.{fingerprint(message)}",
        headers=headers_of(message),
    )


def fingerprint(message: Message) -> str:
    """What stands in its Message-ID beside its number: whoever names both has had the mail."""
    seed = f"{message.id} {message.dedupe_key} {message.created_at.isoformat()}"
    return sha256(seed.encode()).hexdigest()[:20]


def settle(letter: Letter, fate: Fate, *, at: datetime) -> None:
    """Write down what became of a letter.

    Nothing is written when its claim ran out and somebody else has taken the message since.
    """
    message = db.session.get(
        Message, letter.id, with_for_update={"of": Message}, populate_existing=True
    )
    if message is None or message.state != MessageState.sending:
        return
    if message.attempts != letter.attempt:
        return
    message.claimed_until = None
    message.reason = fate.reason[:LONGEST_REASON]
    if fate.trigger == "deliver":
        move(message, "deliver", at=at)
        message.sent_at = at
    elif fate.trigger == "retry" and message.attempts <= len(WAITS):
        move(message, "retry", at=at)
        message.next_try_at = at + WAITS[max(message.attempts - 1, 0)]
    else:
        _give_up(message, fate)


def _give_up(message: Message, fate: Fate) -> None:
    """A failure is a step: somebody will ask when it was, and send again."""
    code = "gave_up" if fate.trigger == "retry" else ""
    message.reason = f"{code}: {fate.reason}"[:LONGEST_REASON] if code else message.reason
    moved = MESSAGE.fire("fail", message)
    steps.record(MESSAGE, message, "fail", moved, actor=None, note=message.reason)
