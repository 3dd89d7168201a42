"""What waits for a decision of staff, oldest first. One statement a kind, whatever the rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from exchange.catalogue.models import Need, Offer
from exchange.clock import now
from exchange.directory.models import Person
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.forums.items import ForumItem, ItemKind
from exchange.matching.models import Match, MatchQuestion
from exchange.messages.models import Message, Reply
from exchange.policy import scoped
from exchange.practices.models import Observatory
from exchange.reminders.models import Reminder, Word
from exchange.reminders.queries import is_silent
from workflows.exchange import ExchangeState
from workflows.forum_item import ItemState
from workflows.match import MatchState
from workflows.message import MessageState
from workflows.need import NeedState

SHOWN = 30
# A refusal that nobody took up in a month is no news any more.
FRESH = timedelta(days=30)


class Waiting(StrEnum):
    """The kinds of things that wait."""

    proposal = auto()
    question = auto()
    refusal = auto()
    mail = auto()
    silence = auto()
    answer = auto()
    note = auto()
    reply = auto()
    harvest = auto()


@dataclass(frozen=True)
class Item:
    """One thing that waits: since when, and the row it is about."""

    kind: Waiting
    since: datetime
    row: Any


@dataclass(frozen=True)
class Inbox:
    """The oldest things that wait, and how many there are of each kind."""

    items: list[Item]
    counts: dict[Waiting, int]


def inbox(actor: Person | None, only: Waiting | None = None) -> Inbox:
    """What waits for staff; with ``only``, the items of one kind. The counts are always of all."""
    found: dict[Waiting, list[Any]] = {kind: _rows(kind, actor) for kind in Waiting}
    counts = {kind: rows[0][-1] if rows else 0 for kind, rows in found.items()}
    kinds = [only] if only else list(Waiting)
    items = [Item(kind, row[1], row[0]) for kind in kinds for row in found[kind]]
    return Inbox(sorted(items, key=lambda item: item.since), counts)


def _rows(kind: Waiting, actor: Person | None) -> list[Any]:
    query, since = _SOURCES[kind](actor)
    counted = query.add_columns(since, func.count().over())
    return list(db.session.execute(counted.order_by(since).limit(SHOWN)).unique())


Source = tuple[Select[Any], Any]


def _proposals(actor: Person | None) -> Source:
    query = scoped(Exchange, actor).where(Exchange.state == ExchangeState.submitted)
    return query.options(joinedload(Exchange.proposer)), Exchange.state_since


def _sides(path: Any = None) -> list[Any]:
    need, offer = (path or joinedload)(Match.need), (path or joinedload)(Match.offer)
    return [need.joinedload(Need.organisation), offer.joinedload(Offer.organisation)]


def _questions(actor: Person | None) -> Source:
    alive = (MatchState.suggested, MatchState.proposed, MatchState.half_agreed)
    of_matches = select(Match.id).where(Match.state.in_(alive))
    query = scoped(MatchQuestion, actor).where(
        MatchQuestion.answered_at.is_(None), MatchQuestion.match_id.in_(of_matches)
    )
    above = joinedload(MatchQuestion.match)
    return query.options(*_sides(above.joinedload)), MatchQuestion.created_at


def _refusals(actor: Person | None) -> Source:
    """Refused lately, and the need still looks for somebody."""
    looking = Match.need.has(Need.state == NeedState.published)
    fresh = Match.state_since >= now() - FRESH
    query = scoped(Match, actor).where(Match.state == MatchState.declined, looking, fresh)
    return query.options(*_sides()), Match.state_since


def _mails(actor: Person | None) -> Source:
    query = scoped(Message, actor).where(Message.state == MessageState.failed)
    return query, Message.state_since


def _silences(actor: Person | None) -> Source:
    return scoped(Reminder, actor).where(is_silent()), Reminder.sent_at


def _answers(actor: Person | None) -> Source:
    """What people said to a reminder from their mail: stop it, or it is somebody else's."""
    query = scoped(Word, actor).where(Word.settled_at.is_(None))
    return query.options(joinedload(Word.exchange), joinedload(Word.reminder)), Word.created_at


def _replies(actor: Person | None) -> Source:
    """Mails to us that could not be put where they belong."""
    query = scoped(Reply, actor).where(Reply.settled_at.is_(None))
    return query.options(joinedload(Reply.exchange)), Reply.created_at


def _notes(actor: Person | None) -> Source:
    """What was written down at a forum and has led nowhere yet."""
    waits = (ForumItem.state == ItemState.captured, ForumItem.kind != ItemKind.expectation)
    query = scoped(ForumItem, actor).where(*waits)
    return query.options(joinedload(ForumItem.forum)), ForumItem.state_since


def _harvests(actor: Person | None) -> Source:
    """Observatories whose last look at night gave nothing."""
    query = scoped(Observatory, actor).where(Observatory.problem.is_not(None), Observatory.nightly)
    return query, Observatory.tried_at


_SOURCES: dict[Waiting, Callable[[Person | None], Source]] = {
    Waiting.proposal: _proposals,
    Waiting.question: _questions,
    Waiting.refusal: _refusals,
    Waiting.mail: _mails,
    Waiting.silence: _silences,
    Waiting.answer: _answers,
    Waiting.note: _notes,
    Waiting.reply: _replies,
    Waiting.harvest: _harvests,
}
