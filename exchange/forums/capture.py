"""Writing down what people say at a forum, and comparing it afterwards. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from exchange import steps
from exchange.directory.models import Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.forums.items import ForumItem, ItemKind
from exchange.forums.models import Forum, ForumSession, Guest
from exchange.predicates import staff
from exchange.steps import Step
from workflows.forum_item import FORUM_ITEM


def capture(
    forum: Forum,
    data: Mapping[str, Any],
    *,
    language: str,
    actor: Person | None,
    guest: Guest | None = None,
) -> ForumItem:
    """Write an item down. The same ``key`` again is the same item, whatever was sent with it.

    :raises Invalid: ``not_yours``, the actor does not speak for the organisation.
    """
    facts = dict(data)
    facts["session_id"] = _session_id(forum, facts.get("session_id"))
    item = ForumItem(forum_id=forum.id, language=language, person=actor, guest=guest, **facts)
    item.organisation_id = _whose(facts.get("organisation_id"), actor, guest)
    if item.kind == ItemKind.expectation:
        item.due_on = forum.ends_on
    try:
        with db.session.begin_nested():
            db.session.add(item)
    except IntegrityError:
        return _sent_before(forum, facts["key"])
    return item


def _sent_before(forum: Forum, key: str) -> ForumItem:
    query = select(ForumItem).where(ForumItem.forum_id == forum.id, ForumItem.key == key)
    return db.session.scalars(query).one()


def _session_id(forum: Forum, session_id: int | None) -> int | None:
    """A slot that was taken out meanwhile is no reason to lose what was said in it."""
    found = db.session.get(ForumSession, session_id) if session_id is not None else None
    return found.id if found is not None and found.forum_id == forum.id else None


def _whose(wanted: int | None, actor: Person | None, guest: Guest | None) -> int | None:
    if wanted is None:
        return guest.organisation_id if guest else None
    if not staff(actor, None) and wanted not in acts_for_ids(actor):
        raise Invalid("organisation_id", "not_yours")
    return wanted


def edit(item: ForumItem, data: Mapping[str, Any]) -> ForumItem:
    """Correct an item: typed in a hurry, in the wrong session, of another kind.

    :raises Invalid: ``not_an_expectation``, it was compared with the results already.
    """
    if item.verdict is not None and data.get("kind", item.kind) != ItemKind.expectation:
        raise Invalid("kind", "not_an_expectation")
    for name, value in data.items():
        known = _session_id(item.forum, value) if name == "session_id" else value
        setattr(item, name, known)
    item.due_on = item.forum.ends_on if item.kind == ItemKind.expectation else None
    db.session.flush()
    return item


def compare(item: ForumItem, data: Mapping[str, Any]) -> ForumItem:
    """Say whether an expectation was met.

    :raises Invalid: ``not_an_expectation``.
    """
    if item.kind != ItemKind.expectation:
        raise Invalid("verdict", "not_an_expectation")
    item.verdict, item.verdict_note = data["verdict"], data.get("verdict_note", "")
    db.session.flush()
    return item


def advance_item(
    item: ForumItem,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move an item one step and write the step down."""
    return steps.advance(
        FORUM_ITEM, item, trigger, actor=actor, note=note, expected_state=expected_state
    )
