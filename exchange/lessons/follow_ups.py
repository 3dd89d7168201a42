"""Follow-ups after 3, 6 and 12 months, and what changed. The caller commits."""

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from exchange import events, steps
from exchange.accounts.queries import hashed
from exchange.clock import now, today
from exchange.directory.models import Person
from exchange.errors import Invalid
from exchange.exchanges.actions import try_advance
from exchange.exchanges.models import Exchange, PartnerRole
from exchange.extensions import db
from exchange.lessons.models import ChangeKind, FollowUp, FollowUpLink, RecordedChange, UsedIt
from exchange.parties import parties_of
from exchange.steps import Step
from workflows.exchange import ExchangeState
from workflows.follow_up import FOLLOW_UP, FollowUpState

# Months after the visit → days, as the field counts them (domain file 6).
PERIODS = {3: 90, 6: 180, 12: 365}
LINK_LIFE = timedelta(days=60)
PATIENCE = timedelta(days=30)
FOLLOWING_UP = (
    ExchangeState.following_up_3,
    ExchangeState.following_up_6,
    ExchangeState.following_up_12,
)


def plan_follow_ups(exchange: Exchange) -> list[FollowUp]:
    """Plan the three follow-ups of every host and learner that committed; return the new ones.

    Planning again adds who is missing and moves those not yet asked to the right day: the days
    are counted from the end of the last visit, or from the publication when there was none.
    """
    known = {(f.organisation_id, f.months): f for f in exchange.follow_ups}
    last_day = _counted_from(exchange)
    new = []
    for organisation_id in sorted(_asked_organisations(exchange)):
        for months, days in PERIODS.items():
            row = known.get((organisation_id, months))
            if row is None:
                row = FollowUp(organisation_id=organisation_id, months=months)
                new.append(row)
            elif row.state != FollowUpState.planned:
                continue
            row.due_on = last_day + timedelta(days=days)
    exchange.follow_ups.extend(new)
    db.session.flush()
    _not_before_today(exchange)
    return new


def _not_before_today(exchange: Exchange) -> None:
    """What comes late (a note published a year after the visit) is asked today, not never."""
    for follow_up in exchange.follow_ups:
        if follow_up.state == FollowUpState.planned and follow_up.due_on < today():
            follow_up.due_on = today()
    db.session.flush()


def plan_missing() -> int:
    """Plan the follow-ups of exchanges that came into follow-up another way; return how many."""
    query = select(Exchange).where(Exchange.state.in_(FOLLOWING_UP), ~Exchange.follow_ups.any())
    return sum(len(plan_follow_ups(exchange)) for exchange in db.session.scalars(query).all())


def ask(follow_up: FollowUp, *, actor: Person | None = None) -> str:
    """Ask the partner; return the secret of a fresh link, which is kept nowhere.

    The link works for 60 days, as those given before do, until one of them has answered. Whoever
    was asked before stays asked since that day.

    :raises TransitionRefused: it is answered.
    """
    steps.lock(follow_up)
    if follow_up.state not in (FollowUpState.asked, FollowUpState.unanswered):
        steps.advance(FOLLOW_UP, follow_up, "ask", actor=actor)
    secret = secrets.token_urlsafe(32)
    link = FollowUpLink(secret_hash=hashed(secret), expires_on=today() + LINK_LIFE)
    follow_up.links.append(link)
    db.session.flush()
    return secret


def answer(
    follow_up: FollowUp,
    answers: Mapping[str, Any],
    answered_by: str,
    *,
    actor: Person | None = None,
) -> Step:
    """Keep the answers of a partner, record the change they tell, and let the exchange go on.

    :param answered_by: who answered, in words; ``actor`` is the person when somebody signed in.
    :raises TransitionRefused: it was answered before.
    """
    steps.lock(follow_up)
    if follow_up.state != FollowUpState.answered:
        follow_up.answers = {k: v for k, v in answers.items() if v not in ("", None)}
        follow_up.answered_at, follow_up.answered_by = now(), answered_by[:200]
    step = steps.advance(FOLLOW_UP, follow_up, "answer", actor=actor)
    if answers.get("what_changed") and answers["used_it"] != UsedIt.no:
        record_change(follow_up.exchange, _change_told(follow_up, answers), actor=actor)
    settle(follow_up.exchange, actor=actor)
    return step


def advance_follow_up(
    row: FollowUp,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a follow-up one step (count it as "no answer"), and let the exchange go on."""
    step = steps.advance(
        FOLLOW_UP, row, trigger, actor=actor, note=note, expected_state=expected_state
    )
    settle(row.exchange, actor=actor)
    return step


def count_unanswered_due(today: date) -> int:
    """Count what was asked 30 days before ``today`` or earlier as unanswered; return how many."""
    since = datetime.combine(today - PATIENCE, time.max, UTC)
    query = select(FollowUp).where(
        FollowUp.state == FollowUpState.asked, FollowUp.state_since <= since
    )
    silent = db.session.scalars(query.order_by(FollowUp.id)).all()
    for follow_up in silent:
        advance_follow_up(follow_up, "count_unanswered", actor=None)
    return len(silent)


def settle(exchange: Exchange, *, actor: Person | None) -> None:
    """Take the exchange as far as its follow-ups allow: to the next period, and to its end."""
    while try_advance(exchange, "continue_follow_up", "close", actor=actor):
        _not_before_today(exchange)


def record_change(
    exchange: Exchange, data: Mapping[str, Any], *, actor: Person | None
) -> RecordedChange:
    """Write down what changed at one of the partners.

    :raises Invalid: ``not_partner``, the organisation does not take part.
    """
    if data["organisation_id"] not in parties_of(exchange).everyone:
        raise Invalid("organisation_id", "not_partner")
    facts = {"recorded_on": today(), **data}
    change = RecordedChange(**facts)
    exchange.recorded_changes.append(change)
    db.session.flush()
    events.publish("recorded_change.record", id=change.id, by_id=actor.id if actor else None)
    return change


def _change_told(follow_up: FollowUp, answers: Mapping[str, Any]) -> dict[str, Any]:
    evidence = str(answers.get("evidence") or "").strip()
    is_link = re.fullmatch(r"https?://[^\s<>\"']{1,490}", evidence)
    return {
        "organisation_id": follow_up.organisation_id,
        "follow_up_id": follow_up.id,
        "kind": answers.get("change_kind") or ChangeKind.practice,
        "text": answers["what_changed"],
        "evidence_url": evidence if is_link else "",
    }


def _asked_organisations(exchange: Exchange) -> set[int]:
    partners = exchange.with_role(PartnerRole.host, PartnerRole.learner)
    return {partner.organisation_id for partner in partners if partner.committed_on}


def _counted_from(exchange: Exchange) -> date:
    ends = [visit.ends_on for visit in exchange.visits if visit.ends_on]
    published = exchange.note.published_on if exchange.note else None
    return max(ends) if ends else published or today()
