"""What a mail says of its subject, and the one address it leads to."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from babel import Locale
from sqlalchemy import select

from exchange.exchanges.models import Exchange, PartnerRole
from exchange.extensions import db
from exchange.lessons.follow_ups import PATIENCE, ask
from exchange.lessons.models import FollowUp
from exchange.messages.times import local_day
from exchange.reminders.kinds import Kind
from exchange.steps import Step
from exchange.visits.actions import make_participant_link

Facts = dict[str, Any]
# Whoever has not said after a month what became of an expectation has forgotten it.
MONTH = timedelta(days=30)


def link_for(kind: Kind, subject: Any) -> str:
    """The path of the mail. A secret in it is made now, and only its hash is kept."""
    values = {"id": subject.id, "pair_id": getattr(subject, "pair_id", subject.id)}
    values["exchange_id"] = getattr(subject, "exchange_id", subject.id)
    if "{secret}" in kind.link:
        asks: Callable[[Any], str] = ask if isinstance(subject, FollowUp) else make_participant_link
        values["secret"] = asks(getattr(subject, "participant", subject))
    return kind.link.format(**values)


def facts_for(kind: Kind, subject: Any, *, at: datetime) -> Facts:
    """What the templates of ``kind`` may say. ``due_on`` is the day until which to act, if any."""
    facts: Facts = {"note": _last_note(kind, subject.id), **_FACTS[kind.about](subject)}
    facts["due_on"] = _still_to_come(facts.get("due_on"), at) if kind.action else None
    return facts


def _still_to_come(day: date | None, at: datetime) -> date | None:
    """A day that is over is no day to act until."""
    return day if day and day >= local_day(at, "UTC") else None


def _last_note(kind: Kind, subject_id: int) -> str:
    """What was written with the last step: why information is missing, why a note came back."""
    query = select(Step.note).where(
        Step.subject_type == kind.about, Step.subject_id == subject_id, Step.note != ""
    )
    return db.session.scalars(query.order_by(Step.id.desc()).limit(1)).first() or ""


def _exchange(exchange: Exchange) -> Facts:
    visit = exchange.current_visit
    owner = exchange.owner
    facts: Facts = {
        "title": exchange.title,
        "reference": exchange.reference,
        "host": " · ".join(one.organisation.name for one in exchange.with_role(PartnerRole.host)),
        "due_on": exchange.due_on,
        "since": exchange.due_on,
        "visit_start": visit.starts_on if visit else None,
        "visit_end": visit.ends_on if visit else None,
    }
    if owner and not owner.disabled_at:
        facts["contact"] = f"{owner.name} <{owner.email}>"
    return facts


def _match(match: Any) -> Facts:
    return {
        "title": match.need.title,
        "offer_title": match.offer.title,
        "need_city": match.need.organisation.name,
        "offer_city": match.offer.organisation.name,
        "match_id": match.id,
        "due_on": match.answer_by,
    }


def _participant(participant: Any) -> Facts:
    visit = participant.visit
    facts = _exchange(visit.exchange)
    facts.update(
        visit_start=visit.starts_on, visit_end=visit.ends_on, place=visit.place, due_on=None
    )
    return facts


def _of_exchange(row: Any) -> Facts:
    return {**_exchange(row.exchange), "due_on": getattr(row, "due_on", None)}


def _translation(row: Any) -> Facts:
    own_name = Locale(row.language).get_display_name(row.language)
    return {**_exchange(row.exchange), "due_on": None, "into": own_name}


def _action(action: Any) -> Facts:
    return {**_of_exchange(action), "text": action.text, "day_of_action": action.due_on}


def _follow_up(follow_up: FollowUp) -> Facts:
    return {
        **_of_exchange(follow_up),
        "months": follow_up.months,
        "due_on": follow_up.due_on + PATIENCE,
    }


def _forum_item(item: Any) -> Facts:
    titles = item.forum.titles
    return {
        "forum": titles.get(item.language) or titles.get("en") or item.forum.code,
        "text": item.text,
        "due_on": item.due_on + MONTH if item.due_on else None,
    }


def _recommendation(row: Any) -> Facts:
    return {
        "title": row.title,
        "text": row.text or row.title,
        "due_on": row.due_on,
        "day_of_action": row.due_on,
    }


def _challenge(row: Any) -> Facts:
    return {
        "title": row.text,
        "text": row.text,
        "organisation": row.organisation.name,
        "due_on": row.due_on,
        "day_of_action": row.due_on,
    }


def _consultation(row: Any) -> Facts:
    title = row.titles.get("en") or next(iter(row.titles.values()), "")
    return {"title": title, "due_on": row.due_on, "day_of_action": row.due_on}


def _method(row: Any) -> Facts:
    return {"title": row.titles.get("en") or next(iter(row.titles.values()), "")}


def _pilot(row: Any) -> Facts:
    return {"title": row.title, "due_on": row.ends_on, "day_of_action": row.ends_on}


def _lab(row: Any) -> Facts:
    return {"title": row.title, "due_on": row.ends_on, "day_of_action": row.ends_on}


def _lab_cycle(row: Any) -> Facts:
    due = {"due_on": row.due_on, "day_of_action": row.due_on}
    return {"title": row.lab.title, "text": row.question, **due}


def _mechanism_pair(pair: Any) -> Facts:
    return {"title": pair.need.title, "offer_title": pair.offer.title}


def _activity(row: Any) -> Facts:
    return {
        "title": row.pair.called,
        "text": row.text,
        "city": row.organisation.name,
        "due_on": row.due_on,
        "day_of_action": row.due_on,
    }


def _agreement(row: Any) -> Facts:
    return {"title": row.pair.called, "text": row.text, "expires_on": row.ends_on}


def _review(row: Any) -> Facts:
    title = row.titles.get("en") or next(iter(row.titles.values()), "")
    return {"title": title, "due_on": row.due_on, "day_of_action": row.held_on}


def _listing(listing: Any) -> Facts:
    return {"title": listing.title, "expires_on": listing.expires_on}


_FACTS: dict[str, Callable[[Any], Facts]] = {
    "exchange": _exchange,
    "match": _match,
    "participant": _participant,
    "photo_person": lambda row: _participant(row.participant),
    "note": _of_exchange,
    "note_translation": _translation,
    "road_map_action": _action,
    "follow_up": _follow_up,
    "forum_item": _forum_item,
    "recommendation": _recommendation,
    "consultation": _consultation,
    "challenge": _challenge,
    "module_topic": lambda topic: {"title": topic.title},
    "method": _method,
    "method_pilot": _pilot,
    "lab": _lab,
    "lab_cycle": _lab_cycle,
    "mechanism_listing": _listing,
    "mechanism_pair": _mechanism_pair,
    "pair_activity": _activity,
    "pair_agreement": _agreement,
    "partnership_review": _review,
    "need": _listing,
    "offer": _listing,
    "adoption": lambda adoption: {"title": adoption.practice.title},
    "practice": lambda practice: {"title": practice.title},
}
