"""What happens to challenges. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import steps, tags
from exchange.challenges.models import AnswerKind, Challenge
from exchange.directory.models import Organisation, Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Invalid
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.labs.models import Lab
from exchange.modules.models import ModuleTopic
from exchange.policy import scoped
from exchange.predicates import regional_officer, staff
from exchange.steps import Step
from workflows.challenge import CHALLENGE, ChallengeState

# The fields of which an answer of a kind asks for one; the first is where it is said.
ASKED = {
    AnswerKind.exchange: ("reference",),
    AnswerKind.module_topic: ("topic_id",),
    AnswerKind.lab: ("lab_id", "lab_url"),
    AnswerKind.none: ("reason",),
}


def write(data: Mapping[str, Any], *, actor: Person, forum_item_id: int | None = None) -> Challenge:
    """Write a challenge into the log.

    :param forum_item_id: the note of a forum that it was taken from.
    :raises Invalid: ``no_such_organisation``; ``not_yours``, the actor does not speak for it.
    """
    row = Challenge(forum_item_id=forum_item_id)
    _fill(row, data, actor)
    db.session.add(row)
    db.session.flush()
    return row


def edit(row: Challenge, data: Mapping[str, Any], *, actor: Person) -> Challenge:
    """Change the words of a challenge, whose it is, or until when it is to be answered.

    :raises Invalid: ``no_such_organisation``; ``not_yours``.
    """
    _fill(row, data, actor)
    db.session.flush()
    return row


def answer(row: Challenge, data: Mapping[str, Any], *, actor: Person) -> Challenge:
    """Say what answers a challenge, and count it as answered; answering again corrects it.

    :param data: ``answer`` with the field it asks for (``ASKED``); the others are emptied.
    :raises Invalid: ``answer_asks_for_it``; ``no_such_exchange``; ``no_such_topic``;
        ``no_such_lab``.
    :raises TransitionRefused: it was set aside.
    """
    steps.lock(row)
    kind = AnswerKind(data["answer"])
    if not any(data.get(name) for name in ASKED[kind]):
        raise Invalid(ASKED[kind][0], "answer_asks_for_it")
    is_exchange, is_topic = kind == AnswerKind.exchange, kind == AnswerKind.module_topic
    row.exchange_id = _exchange(data["reference"], actor) if is_exchange else None
    row.topic_id = _topic(data["topic_id"]) if is_topic else None
    is_lab = kind == AnswerKind.lab
    row.lab_id = _lab(data.get("lab_id"), actor) if is_lab else None
    row.lab_url = data.get("lab_url", "") if is_lab else ""
    row.answer, row.reason = kind, data.get("reason") or ""
    if row.state != ChallengeState.answered:
        advance_challenge(row, "answer", actor=actor)
    db.session.flush()
    db.session.expire(row, ["answered_by", "topic", "lab"])
    return row


def advance_challenge(
    row: Challenge,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a challenge one step and write the step down."""
    return steps.advance(
        CHALLENGE, row, trigger, actor=actor, note=note, expected_state=expected_state
    )


def _fill(row: Challenge, data: Mapping[str, Any], actor: Person) -> None:
    organisation_id = data.get("organisation_id", row.organisation_id)
    with db.session.no_autoflush:
        found = db.session.get(Organisation, organisation_id) if organisation_id else None
    if found is None:
        raise Invalid("organisation_id", "no_such_organisation")
    if organisation_id != row.organisation_id and not _speaks_for(actor, found):
        raise Invalid("organisation_id", "not_yours")
    with db.session.no_autoflush:
        tags.apply(row, data)


def _speaks_for(actor: Person, organisation: Organisation) -> bool:
    own = organisation.id in acts_for_ids(actor)
    return own or staff(actor, None) or regional_officer(actor, organisation)


def _exchange(reference: str, actor: Person) -> int:
    query = scoped(Exchange, actor).where(Exchange.reference == reference.strip().upper())
    found: Exchange | None = db.session.scalars(query).first()
    if found is None:
        raise Invalid("reference", "no_such_exchange")
    return found.id


def _lab(lab_id: int | None, actor: Person) -> int | None:
    query = scoped(Lab, actor).where(Lab.id == lab_id)
    if lab_id is not None and db.session.scalars(query).first() is None:
        raise Invalid("lab_id", "no_such_lab")
    return lab_id


def _topic(topic_id: int) -> int:
    if db.session.scalars(select(ModuleTopic.id).where(ModuleTopic.id == topic_id)).first() is None:
        raise Invalid("topic_id", "no_such_topic")
    return topic_id
