"""What happened to one exchange, newest first: its moves, what people wrote, the mails it sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from exchange.directory.models import Person
from exchange.exchanges.models import Exchange
from exchange.exchanges.remarks import Audience, Remark
from exchange.extensions import db
from exchange.lessons.models import FollowUp, Note
from exchange.matching.models import Match
from exchange.messages.models import Message
from exchange.steps import Step
from workflows.message import MessageState

MOST = 20
# What hangs on an exchange and has a life of its own.
_OF_INSIDERS: dict[str, Any] = {"note": Note, "follow_up": FollowUp}
_OF_STAFF: dict[str, Any] = {**_OF_INSIDERS, "match": Match}


class Happened(StrEnum):
    """The kinds of entries that a reader may ask for."""

    moves = auto()
    remarks = auto()
    mails = auto()


@dataclass(frozen=True)
class Entry:
    """One thing that happened. ``row`` is a step, a remark or a message."""

    kind: Happened
    at: datetime
    row: Any


@dataclass(frozen=True)
class Timeline:
    """Some entries, and the instant before which the older ones lie; None when there are none.

    ``reasons``: whether the reader may know why something was moved.
    """

    entries: list[Entry]
    older: datetime | None
    reasons: bool


def timeline(
    exchange: Exchange,
    *,
    inside: bool,
    staff: bool,
    only: Happened | None = None,
    before: datetime | None = None,
) -> Timeline:
    """The last twenty entries before an instant; three statements at most.

    :param inside: the reader takes part: reasons, remarks and mails are for them.
    :param staff: the reader is of the secretariat: remarks to itself and the moves of matches.
    """
    readers = {Happened.moves: _moves(exchange, inside, staff)}
    if inside:
        readers[Happened.remarks] = _remarks(exchange, staff)
        readers[Happened.mails] = _mails(exchange)
    found: list[Entry] = []
    for kind, (query, instant) in readers.items():
        if only in (None, kind):
            found += _entries(kind, query, instant, before)
    found.sort(key=lambda entry: (entry.at, entry.row.id), reverse=True)
    shown = found[:MOST]
    return Timeline(shown, shown[-1].at if len(found) > MOST else None, inside)


def _entries(kind: Happened, query: Any, instant: Any, before: datetime | None) -> list[Entry]:
    if before is not None:
        query = query.where(instant < before)
    rows = db.session.scalars(query.order_by(instant.desc()).limit(MOST + 1))
    return [Entry(kind, getattr(row, instant.key), row) for row in rows]


def _about(model: type[Any], exchange: Exchange, others: dict[str, Any]) -> ColumnElement[bool]:
    clauses = [and_(model.subject_type == "exchange", model.subject_id == exchange.id)]
    for name, noun in others.items():
        of_exchange = select(noun.id).where(noun.exchange_id == exchange.id)
        clauses.append(and_(model.subject_type == name, model.subject_id.in_(of_exchange)))
    return or_(*clauses)


def _moves(exchange: Exchange, inside: bool, staff: bool) -> tuple[Any, Any]:
    others = _OF_STAFF if staff else _OF_INSIDERS if inside else {}
    query = select(Step).where(_about(Step, exchange, others))
    return query.options(joinedload(Step.actor).lazyload(Person.affiliations)), Step.happened_at


def _remarks(exchange: Exchange, staff: bool) -> tuple[Any, Any]:
    query = select(Remark).where(Remark.exchange_id == exchange.id)
    if not staff:
        query = query.where(Remark.audience == Audience.insiders)
    return query.options(joinedload(Remark.author).lazyload(Person.affiliations)), Remark.created_at


def _mails(exchange: Exchange) -> tuple[Any, Any]:
    about = _about(Message, exchange, _OF_INSIDERS)
    query = select(Message).where(about, Message.state != MessageState.skipped)
    return query, Message.created_at
