"""Rows of what an exchange has taught."""

from datetime import date
from typing import Any, NamedTuple

from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.lessons import actions
from exchange.lessons.models import REQUIRED_PARTS, Horizon, Note
from exchange.visits.models import Visit
from tests import factories
from workflows.exchange import ExchangeState


class Story(NamedTuple):
    """An exchange whose visit is evaluated, and the people around it."""

    exchange: Exchange
    host: Organisation
    learner: Organisation
    author: Person
    officer: Person


def evaluated(**facts: Any) -> Story:
    """An exchange in evaluation; its visit ended on 14 May 2026."""
    host = factories.organisation("Surabaya", country_code="ID")
    learner = factories.organisation("Nampula", country_code="MZ")
    facts.setdefault("state", ExchangeState.evaluating)
    facts.setdefault("title", "Markets that do not flood")
    exchange = factories.exchange(host=host, learner=learner, **facts)
    visit = Visit(starts_on=date(2026, 5, 12), ends_on=date(2026, 5, 14), place="Surabaya")
    exchange.visits.append(visit)
    db.session.commit()
    officer = factories.officer(name="Officer")
    return Story(exchange, host, learner, factories.person("Ana", of=learner), officer)


def written(story: Story, **facts: Any) -> Note:
    """A complete draft with a reviewer."""
    note = actions.begin_note(story.exchange, actor=story.author)
    parts: dict[str, str] = {part: f"About the {part}." for part in REQUIRED_PARTS}
    parts |= facts.pop("parts", {})
    data = {"reviewer_id": story.officer.id, "parts": parts, **facts}
    actions.edit_note(note, data, actor=story.author)
    db.session.commit()
    return note


def road_map(story: Story) -> None:
    """One action, owned by the learner."""
    data = {
        "text": "Clean the drains before the rains",
        "horizon": Horizon.immediate,
        "owner_id": story.learner.id,
        "due_on": date(2026, 10, 1),
    }
    actions.add_road_map_action(story.exchange, data, actor=story.author)
    db.session.commit()


def published(story: Story | None = None, **facts: Any) -> Note:
    """A published note of an exchange that disseminates it."""
    story = story or evaluated()
    note = written(story, **facts)
    road_map(story)
    actions.advance_note(note, "submit", actor=story.author)
    actions.advance_note(note, "publish", actor=story.officer)
    db.session.commit()
    return note
