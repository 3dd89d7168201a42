"""The evening after: what was written down becomes something. The caller commits."""

from collections.abc import Callable, Mapping
from enum import StrEnum, auto
from typing import Any

from exchange import steps
from exchange.catalogue import actions as catalogue
from exchange.catalogue.models import Need, Offer
from exchange.directory.models import Organisation, Person
from exchange.errors import Conflict, Invalid
from exchange.exchanges import proposals
from exchange.exchanges.linked_needs import OPEN_NEED
from exchange.extensions import db
from exchange.forums.capture import advance_item
from exchange.forums.items import ForumItem
from exchange.modules.models import ModuleTopic
from exchange.modules.topics import OF_TOPICS
from exchange.recommendations import actions as recommendations
from exchange.recommendations.models import Recommendation
from workflows.forum_item import ItemState

LONGEST_TITLE = 120


class Into(StrEnum):
    """What an item can become with one button."""

    need = auto()
    offer = auto()
    exchange = auto()
    topic = auto()


def become(
    item: ForumItem, into: Into, *, actor: Person, organisation_id: int | None = None
) -> Any:
    """Make of an item a draft need, a draft offer, a draft exchange or a topic of a module; the
    row knows where it comes from, and the item what became of it.

    :param organisation_id: whose it is, where the item does not say.
    :raises Conflict: ``became_already``, it has become one of these before.
    :raises Invalid: ``whose_is_it``, nobody said whose it is.
    """
    steps.lock(item)
    if any(noun in (into, f"module_{into}") for noun, _row in item.became):
        raise Conflict("became_already")
    if organisation_id is not None and item.organisation_id is None:
        item.organisation = db.session.get(Organisation, organisation_id)
    row = _MAKERS[into](item, actor)
    attach(item, row, actor=actor)
    return row


def attach(item: ForumItem, row: Any, *, actor: Person | None) -> ForumItem:
    """Note what an item has led to: a row that was made of it, or one that was there before."""
    setattr(item, _ATTRIBUTES[row.__tablename__], row)
    db.session.flush()
    if item.state != ItemState.taken_up:
        advance_item(item, "take_up", actor=actor)
    return item


def enter_register(item: ForumItem, data: Mapping[str, Any], *, actor: Person) -> Recommendation:
    """Write an item into the register of recommendations; with an owner and a day it is a
    commitment at once.

    :raises Conflict: ``became_already``.
    """
    steps.lock(item)
    if item.recommendation_id is not None:
        raise Conflict("became_already")
    row = recommendations.propose(data)
    attach(item, row, actor=actor)
    if row.owner_id and row.due_on:
        recommendations.advance_recommendation(row, "commit", actor=actor)
    return row


def title_of(text: str) -> str:
    """The first sentence of an item, or its beginning, as a title."""
    first = text.strip().splitlines()[0].split(". ")[0].rstrip(".")
    if len(first) <= LONGEST_TITLE:
        return first
    return first[:LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


def _whose(item: ForumItem) -> int:
    if item.organisation is None:
        raise Invalid("organisation_id", "whose_is_it")
    return item.organisation.id


def _need(item: ForumItem, actor: Person) -> Need:
    return catalogue.create(Need, _listing(item), actor=actor)


def _offer(item: ForumItem, actor: Person) -> Offer:
    return catalogue.create(Offer, _listing(item), actor=actor)


def _listing(item: ForumItem) -> dict[str, Any]:
    return {
        "organisation_id": _whose(item),
        "title": title_of(item.text),
        "text": item.text,
        "language": item.language,
    }


def _exchange(item: ForumItem, actor: Person) -> Any:
    """A draft of its organisation; the need that the item became is in it, when it is open."""
    needs = [item.need] if item.need is not None and item.need.state in OPEN_NEED else []
    title, proposer_id = title_of(item.text), _whose(item)
    row = proposals.start(proposer_id, title, needs, language=item.language, actor=actor)
    row.purpose = row.purpose or item.text
    return row


def _topic(item: ForumItem, _actor: Person) -> ModuleTopic:
    """With the themes and agendas of what the item has become before: those somebody confirmed."""
    row = ModuleTopic(title=title_of(item.text), text=item.text, language=item.language)
    before = [one for one in (item.need, item.offer, item.led_to) if one is not None]
    tags = [term for one in before for term in one.terms if term.vocabulary in OF_TOPICS]
    row.terms = list(dict.fromkeys(tags))
    db.session.add(row)
    return row


_MAKERS: dict[Into, Callable[[ForumItem, Person], Any]] = {
    Into.need: _need,
    Into.offer: _offer,
    Into.exchange: _exchange,
    Into.topic: _topic,
}
_ATTRIBUTES = {
    "need": "need",
    "offer": "offer",
    "exchange": "led_to",
    "module_topic": "topic",
    "recommendation": "recommendation",
}
