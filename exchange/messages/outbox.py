"""Looking at a mail before it goes, changing its words, approving many. The caller commits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from exchange import steps
from exchange.clock import now
from exchange.config import LANGUAGES
from exchange.directory.models import Person
from exchange.errors import Conflict, Invalid
from exchange.extensions import db
from exchange.messages import actions, placeholders
from exchange.messages.actions import Addressee, reader_of
from exchange.messages.compose import Words, Written, compose, opening_of
from exchange.messages.kinds import MAILS
from exchange.messages.models import MailText, Message
from exchange.messages.packing import packed, unpacked
from exchange.messages.queries import text_of
from workflows.message import MessageState

# Nobody approves more than this in one go without looking.
AT_ONCE = 200


def words_in(message: Message, language: str) -> Words:
    """The mail in a language: as it is sent in its own, composed anew in another."""
    kind = MAILS.get(message.kind)
    if language == message.language or kind is None or not message.facts:
        return Words(message.subject, message.text, message.html, message.language)
    reader = reader_of(message, language)
    written = actions.written_for(kind.name, reader)
    return compose(
        kind, reader, unpacked(message.facts), message.link, key=message.key, written=written
    )


def languages_of(message: Message) -> Sequence[str]:
    """In which languages it can be read, its own first."""
    others = LANGUAGES if message.facts and message.kind in MAILS else ()
    return [message.language, *(code for code in others if code != message.language)]


def opening(message: Message) -> str:
    """Its first words: those of staff, or those of the house."""
    if message.opening:
        return message.opening
    found = text_of(message.kind, message.language)
    if found and found.opening:
        return placeholders.fill(found.opening, _plain(message))
    facts = unpacked(message.facts)
    return opening_of(MAILS[message.kind], reader_of(message), facts, message.link)


def _plain(message: Message) -> Mapping[str, Any]:
    return {"name": message.to_name, **message.facts}


def edit(message: Message, subject: str, opening: str) -> None:
    """Change what a held mail says; the rest of it stays.

    :raises Conflict: ``not_held``.
    :raises Invalid: ``bad_placeholder`` when there are braces in the words.
    """
    steps.lock(message)
    if message.state != MessageState.held or not message.facts:
        raise Conflict("not_held")
    for field, text in (("subject", subject), ("opening", opening)):
        placeholders.check(field, text, ())
    kind = MAILS[message.kind]
    words = compose(
        kind,
        reader_of(message),
        unpacked(message.facts),
        message.link,
        key=message.key,
        written=Written("", opening),
    )
    message.opening = opening
    message.subject = " ".join(subject.split())[:300]
    message.text = words.text
    message.html = words.html


def held(ids: Iterable[int]) -> Sequence[Message]:
    """Those of ``ids`` that are still held, with their readers."""
    query = select(Message).where(Message.id.in_(list(ids)), Message.state == MessageState.held)
    loaded = query.order_by(Message.id).limit(AT_ONCE).options(selectinload(Message.person))
    return db.session.scalars(loaded).all()


def release(ids: Iterable[int], *, actor: Person) -> int:
    """Approve mails; those that somebody else has taken meanwhile are left. Return how many."""
    found = held(ids)
    for message in found:
        actions.advance(message, "release", actor=actor, expected_state=MessageState.held)
    return len(found)


def write_text(
    kind: str, language: str, data: Mapping[str, str], *, seen_version: int, actor: Person
) -> MailText:
    """Write a new version of the words of a kind in a language.

    :raises Invalid: ``unknown_placeholder`` or ``bad_placeholder``, at the field.
    :raises Conflict: ``overtaken``, somebody else has written since.
    """
    if language not in LANGUAGES or kind not in MAILS:
        raise Invalid("language", "bad_value")
    for field in ("subject", "opening"):
        placeholders.check(field, data.get(field, ""), placeholders.known(kind))
    last = text_of(kind, language)
    if (last.version if last else 0) != seen_version:
        raise Conflict("overtaken")
    row = MailText(
        kind=kind,
        language=language,
        version=seen_version + 1,
        subject=data.get("subject", ""),
        opening=data.get("opening", ""),
        author=actor,
    )
    db.session.add(row)
    db.session.flush()
    return row


def send_test(kind: str, language: str, facts: Mapping[str, Any], *, actor: Person) -> Message:
    """Send a mail with an example to whoever asks, at once and in any language."""
    reader = Addressee(actor.name, actor.email, language, actor.time_zone)
    message = actions.write(kind, reader, facts=facts, link="/messages/templates")
    message.person, message.next_try_at, message.facts = actor, now(), packed(facts)
    return message
