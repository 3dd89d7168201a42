"""What people answer by mail becomes a remark on the exchange. The caller commits.

Whoever knows the reply address of an exchange has had a mail of it; whoever may write remarks there
is known by the address they write from. What cannot be placed waits for staff with the reason; what
a program sent by itself is left; what came back makes its mail a failed one.
"""

from dataclasses import dataclass
from enum import StrEnum, auto

from sqlalchemy import select

from exchange import policy, steps
from exchange.clock import now
from exchange.directory.models import Person
from exchange.errors import Conflict, Invalid
from exchange.exchanges.models import Exchange
from exchange.exchanges.remarks import Remark, remark
from exchange.extensions import db
from exchange.messages.claims import LONGEST_REASON, fingerprint
from exchange.messages.compose import phrase
from exchange.messages.house import house
from exchange.messages.incoming import Bounce, Incoming, read
from exchange.messages.models import Message, Reply
from exchange.messages.tokens import exchange_of_reply
from workflows.exchange import EXCHANGE
from workflows.message import MESSAGE

# As long as a remark may be that is written on its page.
LONGEST_REMARK = 5000


class Outcome(StrEnum):
    """What became of a mail that came."""

    remarked = auto()
    waits = auto()
    known = auto()
    ignored = auto()
    bounced = auto()


def receive(raw: bytes) -> Outcome:
    """Take a mail in: as a remark, for staff, as the failure of one of ours, or not at all."""
    mail = read(raw, house().reply)
    if _is_known(mail.key):
        return Outcome.known
    if mail.bounce is not None:
        return _came_back(mail, mail.bounce)
    if mail.automatic:
        return Outcome.ignored
    place = _place_of(mail)
    row = _row(mail, place)
    if place.reason or place.exchange is None or place.person is None:
        return Outcome.waits
    written = remark(place.exchange, _words(mail, place.person), actor=place.person)
    row.remark_id, row.text, row.settled_at = written.id, "", now()
    return Outcome.remarked


def keep_unread(raw: bytes, why: str) -> Outcome:
    """What cannot even be read waits for staff as it came."""
    mail = read(raw[:65536], "")
    if _is_known(mail.key):
        return Outcome.known
    row = _row(mail, _Place(f"fault: {why}"))
    row.text = row.text or raw[:65536].decode("utf-8", "replace").replace("\x00", "")
    return Outcome.waits


@dataclass(frozen=True)
class _Place:
    """Where a mail belongs; ``reason`` says why it cannot be put there."""

    reason: str = ""
    exchange: Exchange | None = None
    person: Person | None = None


def _is_known(key: str) -> bool:
    return db.session.scalars(select(Reply.id).where(Reply.key == key)).first() is not None


def _place_of(mail: Incoming) -> _Place:
    ids = [found for token in mail.tokens if (found := exchange_of_reply(token)) is not None]
    exchange = db.session.get(Exchange, ids[0]) if ids else None
    person = db.session.scalars(
        select(Person).where(Person.email == mail.email, Person.disabled_at.is_(None))
    ).first()
    return _Place(_why_not(mail, exchange, person), exchange, person)


def _why_not(mail: Incoming, exchange: Exchange | None, person: Person | None) -> str:
    """Why a mail is no remark (a code); empty when it is one."""
    if exchange is None:
        return "no_exchange"
    if person is None:
        return "unknown_sender"
    if not _may_remark(person, exchange):
        return "not_of_exchange"
    return "exchange_over" if EXCHANGE.is_final(exchange.state) else _too_much(mail)


def _too_much(mail: Incoming) -> str:
    if mail.too_large:
        return "too_large"
    if not mail.new:
        return "nothing_new"
    return "too_long" if len(mail.new) > LONGEST_REMARK else ""


def _may_remark(person: Person, exchange: Exchange) -> bool:
    seen = policy.scoped(Exchange, person).where(Exchange.id == exchange.id)
    known = db.session.scalars(seen).unique().first() is not None
    return known and policy.allowed(person, "exchange.remark", exchange)


def _row(mail: Incoming, place: _Place) -> Reply:
    row = Reply(
        key=mail.key,
        from_name=mail.name,
        from_email=mail.email,
        subject=mail.subject,
        text=mail.text,
        attachments=list(mail.attachments),
        reason=place.reason,
        exchange=place.exchange,
        person=place.person,
    )
    db.session.add(row)
    db.session.flush()  # of two who bring the same mail, the second fails here and writes nothing
    return row


def _words(mail: Incoming, person: Person) -> str:
    if not mail.attachments:
        return mail.new
    names = ", ".join(mail.attachments)
    return f"{mail.new}\n\n{phrase('not_taken.txt', person.language, names=names)}"


def _came_back(mail: Incoming, bounce: Bounce) -> Outcome:
    """A report of delivery: only the last word of a server counts, not that it still tries."""
    if not bounce.gone:
        return Outcome.ignored
    message = db.session.get(Message, bounce.message_id) if bounce.message_id else None
    ours = message is not None and fingerprint(message) == bounce.fingerprint
    row = _row(mail, _Place("bounced" if ours else "bounce_unknown"))
    if message is None or not ours:
        return Outcome.waits
    row.text, row.settled_at, row.exchange_id = "", now(), message.exchange_id
    if not MESSAGE.unmet("bounce", message):
        message.reason = f"bounced: {bounce.reason}"[:LONGEST_REASON]
        steps.advance(MESSAGE, message, "bounce", actor=None, note=message.reason)
    return Outcome.bounced


def place(reply: Reply, reference: str, text: str, *, actor: Person) -> Remark:
    """Staff put a mail where it belongs: a remark of theirs, which says whose words it holds.

    :param text: the words of the remark.
    :raises Invalid: ``no_such_exchange``, at the reference.
    :raises Conflict: ``settled_already``.
    """
    query = policy.scoped(Exchange, actor).where(Exchange.reference == reference.strip().upper())
    exchange = db.session.scalars(query).unique().first()
    if exchange is None:
        raise Invalid("reference", "no_such_exchange")
    settle(reply, actor=actor)
    written = remark(exchange, text, actor=actor)
    reply.remark_id, reply.exchange = written.id, exchange
    return written


def settle(reply: Reply, *, actor: Person) -> None:
    """Staff have dealt with it.

    :raises Conflict: ``settled_already``, a colleague was faster.
    """
    steps.lock(reply)
    if reply.settled_at is not None:
        raise Conflict("settled_already")
    reply.settled_at, reply.settled_by = now(), actor
