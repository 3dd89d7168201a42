"""What happens to messages. The caller commits; delivery is in ``claims.py`` and ``deliver.py``.

A mail passes claim, retry and delivery many times a day, by the program alone: those moves change
the row (``state``, ``attempts``, ``sent_at``, ``reason``) and write no step, for a step each would
be three rows a mail that nobody reads. What a person does, and what ends badly, is a step.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby
from typing import Any

from sqlalchemy import delete, select, update

from exchange import events, steps
from exchange.clock import now
from exchange.directory.models import Person
from exchange.extensions import db
from exchange.messages.compose import Reader, Written, compose, language_of
from exchange.messages.house import Quiet, house
from exchange.messages.kinds import DIGEST, MAILS, MailKind
from exchange.messages.models import Delivery, Message, Preference, QuietHours, Reply, new_key
from exchange.messages.packing import packed
from exchange.messages.queries import (
    delivery_of,
    had_one_since,
    held_until,
    is_held,
    preferences_of,
    quiet_of,
    text_of,
    with_key,
)
from exchange.messages.times import after_quiet, instant, local_day, next_time
from exchange.steps import Step
from workflows.message import MESSAGE, MessageState

# Before the working day begins, so that one look at the mail is enough.
DIGEST_AT = time(7)


def write(  # noqa: PLR0913 - whom, what, whereto: a mail has no fewer parts
    kind: str,
    person: Reader,
    *,
    facts: Mapping[str, Any],
    link: str,
    subject: tuple[str, int] | None = None,
    dedupe_key: str | None = None,
    exchange_id: int | None = None,
    hold: bool = False,
) -> Message:
    """Write a message; the worker delivers it after the commit.

    It may be held for the reader's daily digest, or be skipped with the reason: the row is there in
    any case. The same ``dedupe_key`` gives the message that is there already.

    :param kind: a name in ``messages.kinds.MAILS``.
    :param person: a person of the directory, or somebody with a name, an address and a language.
    :param link: the one address of the mail; a path is taken as one of this program.
    :param exchange_id: the exchange in whose thread it stands.
    :param hold: it waits until staff have approved it.
    :param subject: (name of a workflow or noun, id) of what it is about.
    """
    there = with_key(dedupe_key) if dedupe_key else None
    if there is not None:
        return there
    message = _composed(MAILS[kind], person, facts, link)
    message.subject_type, message.subject_id = subject or ("", None)
    message.dedupe_key, message.exchange_id = dedupe_key, exchange_id
    db.session.add(message)
    db.session.flush()
    _choose_way(message, MAILS[kind], person)
    if message.state == MessageState.queued and (hold or _is_held(exchange_id)):
        move(message, "hold", at=now())
    events.publish("message.written", id=message.id)
    return message


def _is_held(exchange_id: int | None) -> bool:
    return exchange_id is not None and is_held(exchange_id)


def _composed(kind: MailKind, reader: Reader, facts: Mapping[str, Any], link: str) -> Message:
    key = new_key()
    words = compose(kind, reader, facts, link, key=key, written=written_for(kind.name, reader))
    return Message(
        key=key,
        facts=packed(facts),
        link=link,
        kind=kind.name,
        person=reader if isinstance(reader, Person) else None,
        to_name=reader.name,
        to_email=reader.email,
        language=words.language,
        action_required=kind.action_required,
        subject=words.subject,
        text=words.text,
        html=words.html,
    )


@dataclass(frozen=True)
class Addressee:
    """Whom a message was written to, in any language."""

    name: str
    email: str
    language: str
    time_zone: str = ""


def reader_of(message: Message, language: str = "") -> Reader:
    """Whom a message is for: the person, or the address it was written to."""
    if message.person is not None and not language:
        return message.person
    zone = message.person.time_zone if message.person else ""
    return Addressee(message.to_name, message.to_email, language or message.language, zone)


def written_for(kind: str, reader: Reader) -> Written | None:
    """What staff wrote for this kind in the language of ``reader``."""
    found = text_of(kind, language_of(reader))
    return Written(found.subject, found.opening) if found else None


def _choose_way(message: Message, kind: MailKind, reader: Reader) -> None:
    """At once, in the digest, or not at all: and then why."""
    if not message.to_email:
        skip(message, "no_address")
    elif isinstance(reader, Person):
        wanted = delivery_of(reader.id, kind)
        if reader.disabled_at:
            skip(message, "person_disabled")
        elif wanted == Delivery.never:
            skip(message, "opted_out")
        elif wanted == Delivery.digest:
            message.bundled = True
            message.next_try_at = next_time(DIGEST_AT, reader.time_zone, after=now())
        else:
            message.bundled = wanted == Delivery.one_a_day
            message.next_try_at = _when(message, kind, reader)
    else:
        message.next_try_at = _when(message, kind, reader)


def _when(message: Message, kind: MailKind, reader: Reader) -> datetime:
    """Now; for what can wait: after the quiet hours, and after the mail of the day."""
    if kind.urgent:
        return now()
    quiet, time_zone, moment = quiet_hours(reader), getattr(reader, "time_zone", ""), now()
    if message.bundled and isinstance(reader, Person):
        moment = _next_slot(reader, moment)
    return after_quiet(moment, quiet, time_zone)


def _next_slot(person: Person, at: datetime) -> datetime:
    """When the mail of the day of ``person`` goes: soon, or tomorrow when there was one today."""
    if _had_one_today(person, at):
        return next_time(DIGEST_AT, person.time_zone, after=at)
    return at + house().gather


def _had_one_today(person: Person, at: datetime) -> bool:
    day = local_day(at, person.time_zone)
    return had_one_since(person.id, instant(day, time.min, person.time_zone))


def quiet_hours(reader: Reader) -> Quiet:
    """When a reader wants no mail that can wait: as they chose, or the habit of the house."""
    chosen = quiet_of(reader.id) if isinstance(reader, Person) else None
    return Quiet(chosen.begins_at, chosen.ends_at, chosen.weekends) if chosen else house().quiet


def skip(message: Message, reason: str) -> None:
    """Note that a message will not be sent by itself, and why (a code of ``labels/mails.py``)."""
    move(message, "skip", at=now())
    message.reason = reason


def move(message: Message, trigger: str, *, at: datetime) -> None:
    """Move a message by the table, without a step (see the head of this file)."""
    MESSAGE.fire(trigger, message)
    message.state_since = at


def advance(
    message: Message,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Make a person's move: send again what failed, or do not send what waits."""
    # Before the move: the database takes no skipped message without its reason.
    message.reason = f"by_hand: {note.strip()}" if trigger == "skip" else message.reason
    step = steps.advance(
        MESSAGE, message, trigger, actor=actor, note=note, expected_state=expected_state
    )
    if trigger == "release":
        message.next_try_at = _when(message, MAILS[message.kind], reader_of(message))
    if trigger == "send_again":
        message.reason = ""
        message.attempts, message.next_try_at, message.bundled = 0, now(), False
        message.to_email, message.to_name = present_address(message)
    return step


def present_address(message: Message) -> tuple[str, str]:
    """(address, name) of its reader as they are now; as they were for whoever is no person here."""
    person = message.person
    return (person.email, person.name) if person else (message.to_email, message.to_name)


def forget(email: str) -> int:
    """Take the address and the text out of what was written to somebody without an account; what
    still waits is not sent. What they sent to us goes. Return how many messages.

    That something was sent, when, and what about, stays.
    """
    db.session.execute(delete(Reply).where(Reply.from_email == email, Reply.person_id.is_(None)))
    query = select(Message).where(Message.to_email == email, Message.person_id.is_(None))
    found = list(db.session.scalars(query))
    for message in found:
        if not MESSAGE.unmet("skip", message):
            message.reason = "erased"
            skip(message, "erased")
        message.to_name = message.to_email = message.text = message.html = message.opening = ""
        message.facts = {}
    return len(found)


def bundle_digests(*, at: datetime) -> int:
    """Write one digest for each of the next readers whose held messages are due; return how many
    messages were dealt with: none when none is left.

    A held message is then skipped, and its reason names the digest that carries it. What was dealt
    with is due no more: whoever dies between two calls leaves the rest to the next sweep.
    """
    due = held_until(at)
    for person, group in groupby(due, key=lambda message: message.person):
        held = list(group)
        if person is None:
            for message in held:
                skip(message, "person_gone")
            continue
        if _wait_for_tomorrow(person, held, at):
            continue
        if len(held) == 1 and delivery_of(person.id, MAILS[held[0].kind]) != Delivery.digest:
            held[0].bundled = False  # alone on this day: it goes as it is
            continue
        digest = _digest(person, held)
        for message in held:
            skip(message, f"in_digest: {digest.id}")
    return len(due)


def _wait_for_tomorrow(person: Person, held: list[Message], at: datetime) -> bool:
    """Another mail of today was quicker: these wait, unless their reader chose the digest."""
    chosen = preferences_of(person.id)
    digest = {kind for kind, row in chosen.items() if row.delivery == Delivery.digest}
    if any(message.kind in digest for message in held) or not _had_one_today(person, at):
        return False
    slot = after_quiet(_next_slot(person, at), quiet_hours(person), person.time_zone)
    for message in held:
        message.next_try_at = slot
    return True


def _digest(person: Person, held: list[Message]) -> Message:
    return write(
        DIGEST.name,
        person,
        facts={"items": [message.subject for message in held]},
        link="/my/messages",
        dedupe_key=f"digest:{person.id}:{held[0].id}",
    )


def choose(person: Person, chosen: Mapping[str, Delivery]) -> None:
    """Keep how a person wants each kind of mail; held mails of a kind go out once it is at once.

    :param chosen: kind to delivery; what a kind does not offer is left as it was.
    """
    known = preferences_of(person.id)
    for kind, delivery in chosen.items():
        if kind not in MAILS or delivery not in MAILS[kind].choices:
            continue
        if kind in known:
            known[kind].delivery = delivery
        else:
            db.session.add(Preference(person_id=person.id, kind=kind, delivery=delivery))
        if delivery == Delivery.at_once:
            _release(person, kind)


def choose_quiet(person: Person, quiet: Quiet) -> None:
    """Keep when a person wants no mail that can wait."""
    row = quiet_of(person.id) or QuietHours(person_id=person.id)
    row.begins_at, row.ends_at, row.weekends = quiet.begins_at, quiet.ends_at, quiet.weekends
    db.session.add(row)


def leave(message: Message) -> None:
    """Its reader wants no more of its kind; after a digest: none of all that can be left out."""
    kinds = [message.kind] if message.kind != DIGEST.name else list(MAILS)
    if message.person is not None:
        choose(message.person, dict.fromkeys(kinds, Delivery.never))


def _release(person: Person, kind: str) -> None:
    db.session.execute(
        update(Message)
        .where(Message.person_id == person.id, Message.kind == kind, Message.bundled)
        .values(bundled=False, next_try_at=now())
    )
