"""Reading messages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from exchange.directory.models import Person
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.messages.kinds import DIGEST, MAILS, MailKind
from exchange.messages.models import Delivery, MailHold, MailText, Message, Preference, QuietHours
from workflows.message import MessageState

SORTS = {"newest": Message.id, "due": Message.next_try_at, "kind": Message.kind}
# One digest or a few in one transaction, so that nobody waits for its locks; see ``held_until``.
HELD_AT_ONCE, READERS_AT_ONCE = 500, 50
# Of five that are taken together one goes by its age alone: no pile starves the others.
BY_AGE = 5


def with_key(dedupe_key: str) -> Message | None:
    """The message that was written with this key."""
    return db.session.scalars(select(Message).where(Message.dedupe_key == dedupe_key)).first()


def with_mail_key(key: str) -> Message | None:
    """The message whose links are signed for this key."""
    return db.session.scalars(select(Message).where(Message.key == key)).first()


def delivery_of(person_id: int, kind: MailKind) -> Delivery:
    """How a person wants a kind of mail; a choice that the kind does not offer counts as none."""
    query = select(Preference.delivery).where(
        Preference.person_id == person_id, Preference.kind == kind.name
    )
    chosen = db.session.scalars(query).first()
    return chosen if chosen in kind.choices else kind.choices[0]


def quiet_of(person_id: int) -> QuietHours | None:
    """The quiet hours that a person chose."""
    query = select(QuietHours).where(QuietHours.person_id == person_id)
    return db.session.scalars(query).first()


def had_one_since(person_id: int, since: datetime) -> bool:
    """Whether a person was sent a mail since then that could have waited."""
    urgent = [kind.name for kind in MAILS.values() if kind.urgent and kind.name != DIGEST.name]
    query = select(Message.id).where(
        Message.person_id == person_id,
        Message.kind.not_in(urgent),
        or_(Message.sent_at >= since, Message.state == MessageState.sending),
    )
    return db.session.scalars(query.limit(1)).first() is not None


def text_of(kind: str, language: str) -> MailText | None:
    """What staff last wrote for a kind in a language."""
    query = select(MailText).where(MailText.kind == kind, MailText.language == language)
    return db.session.scalars(query.order_by(MailText.version.desc()).limit(1)).first()


def applies() -> ColumnElement[bool]:
    """A hold that counts now: of all mails, or of the step by which its exchange stands there."""
    still = and_(MailHold.state == Exchange.state, MailHold.created_at >= Exchange.state_since)
    return and_(MailHold.ended_at.is_(None), or_(MailHold.state == "", still))


def is_held(exchange_id: int) -> bool:
    """Whether staff hold the mails that are written now for an exchange."""
    query = select(MailHold.id).join(Exchange).where(MailHold.exchange_id == exchange_id, applies())
    return db.session.scalars(query.limit(1)).first() is not None


def preferences_of(person_id: int) -> dict[str, Preference]:
    """What a person chose, by kind."""
    query = select(Preference).where(Preference.person_id == person_id)
    return {row.kind: row for row in db.session.scalars(query)}


def deliveries_of(person_id: int) -> dict[str, Delivery]:
    """How a person gets every kind of mail that leaves a choice."""
    chosen = preferences_of(person_id)
    return {
        kind.name: _valid(chosen.get(kind.name), kind)
        for kind in MAILS.values()
        if len(kind.choices) > 1
    }


def _valid(preference: Preference | None, kind: MailKind) -> Delivery:
    chosen = preference.delivery if preference else None
    return chosen if chosen in kind.choices else kind.choices[0]


def to_claim(at: datetime, limit: int) -> Sequence[Message]:
    """Messages whose claim ran out and messages that are due, locked; those locked by others are
    left out.

    What goes first (``MailKind.first``) goes before older ones, but a part of the places is kept
    for these. Each question is answered from an index, however many wait.
    """
    due = and_(_waits(bundled=False), Message.next_try_at <= at)
    abandoned = and_(Message.state == MessageState.sending, Message.claimed_until <= at)
    first = Message.kind.in_([kind.name for kind in MAILS.values() if kind.first])
    taken = _oldest(abandoned, limit)
    taken += _oldest(and_(due, first), limit - limit // BY_AGE - len(taken))
    return taken + _oldest(
        and_(due, Message.id.not_in([one.id for one in taken])), limit - len(taken)
    )


def _waits(*, bundled: bool) -> ColumnElement[bool]:
    return and_(Message.state == MessageState.queued, Message.bundled.is_(bundled))


def _oldest(which: ColumnElement[bool], limit: int) -> list[Message]:
    return list(_locked(which, Message.next_try_at, limit)) if limit > 0 else []


def _locked(which: ColumnElement[bool], order: Any, limit: int | None = None) -> Sequence[Message]:
    query = (
        select(Message)
        .where(which)
        .order_by(order, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .options(selectinload(Message.person))
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def held_until(at: datetime) -> Sequence[Message]:
    """Held messages that are due, locked: as many as are dealt with in one short transaction, and
    all of a reader together, however many these are."""
    due = and_(_waits(bundled=True), Message.next_try_at <= at)
    oldest = select(Message.id, Message.person_id).where(due).limit(HELD_AT_ONCE)
    found = db.session.execute(oldest.order_by(Message.next_try_at, Message.id)).all()
    if gone := [row.id for row in found if row.person_id is None]:
        return _locked(and_(due, Message.id.in_(gone)), Message.next_try_at)
    readers = list(dict.fromkeys(row.person_id for row in found))[:READERS_AT_ONCE]
    return _locked(and_(due, Message.person_id.in_(_free(readers, due))), Message.person_id)


def _free(readers: list[int], due: ColumnElement[bool]) -> list[int]:
    """The first of ``readers``, as many as fit into a piece; none whose digest another worker
    writes: between the two it would be cut in pieces."""
    count = select(Message.person_id, func.count()).where(due, Message.person_id.in_(readers))
    held = dict(iter(db.session.execute(count.group_by(Message.person_id))))
    sums = accumulate(held.get(reader, 0) for reader in readers)
    few = [reader for reader, total in zip(readers, sums, strict=True) if total <= HELD_AT_ONCE]
    # Not for an update of their keys: somebody may go on and write to them meanwhile.
    free = select(Person.id).where(Person.id.in_(few or readers[:1]))
    return list(db.session.scalars(free.with_for_update(skip_locked=True, key_share=True)))


def listed(query: Select[tuple[Message]], filters: Mapping[str, Any]) -> Select[tuple[Message]]:
    """Narrow ``query`` by ``filters``."""
    clauses = [clause(filters[name]) for name, clause in _CLAUSES.items() if filters.get(name)]
    return query.where(*clauses)


def _words(text: str) -> Any:
    pattern = f"%{text}%"
    return or_(
        Message.subject.ilike(pattern),
        Message.to_name.ilike(pattern),
        Message.to_email.ilike(pattern),
    )


_CLAUSES: dict[str, Any] = {
    "q": _words,
    "state": lambda value: Message.state == value,
    "mail": lambda value: Message.kind == value,
    "exchange": lambda value: Message.exchange_id == value,
    "reason": lambda value: Message.reason.startswith(value, autoescape=True),
}


def written_to(person: Person) -> Select[Any]:
    """The messages of one person."""
    return select(Message).where(Message.person_id == person.id)


def counts() -> dict[str, int]:
    """How many messages there are in each state; one statement."""
    query = select(Message.state, func.count()).group_by(Message.state)
    found = {str(state): number for state, number in db.session.execute(query)}
    return {state.value: found.get(state.value, 0) for state in MessageState}


def ids_of(query: Select[tuple[Message]]) -> Sequence[int]:
    """The ids of a list."""
    return db.session.scalars(query.with_only_columns(Message.id)).all()


def texts_of(kind: str, language: str) -> Sequence[MailText]:
    """What staff wrote for a kind in a language, the last version first."""
    query = select(MailText).where(MailText.kind == kind, MailText.language == language)
    loaded = query.options(joinedload(MailText.author)).order_by(MailText.version.desc())
    return db.session.scalars(loaded).all()


def written_texts() -> dict[tuple[str, str], int]:
    """The last version of what staff wrote, by kind and language, when it says anything."""
    last = select(MailText.kind, MailText.language, func.max(MailText.version).label("version"))
    newest = last.group_by(MailText.kind, MailText.language).subquery()
    same = (
        (MailText.kind == newest.c.kind)
        & (MailText.language == newest.c.language)
        & (MailText.version == newest.c.version)
    )
    rows = db.session.scalars(select(MailText).join(newest, same))
    return {(row.kind, row.language): row.version for row in rows if row.subject or row.opening}
