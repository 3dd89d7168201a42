"""What a note passes on: the road map, the transferability sheet, the channels it travelled by.

The caller commits.
"""

from collections.abc import Mapping
from typing import Any

from exchange import events, steps
from exchange.clock import today
from exchange.directory.contacts import require_contact
from exchange.directory.models import Person
from exchange.errors import Invalid
from exchange.exchanges.actions import try_advance
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.lessons.models import Dissemination, Note, RoadMapAction, Transferability
from exchange.parties import parties_of
from exchange.steps import Step
from exchange.vocabularies.queries import terms_by_codes
from workflows.note import NoteState
from workflows.road_map_action import ROAD_MAP_ACTION


def add_road_map_action(
    exchange: Exchange, data: Mapping[str, Any], *, actor: Person | None
) -> RoadMapAction:
    """Add an action to the road map.

    :raises Invalid: ``not_partner``, its owner does not take part in the exchange.
    """
    action = RoadMapAction()
    with db.session.no_autoflush:
        exchange.road_map_actions.append(action)
        return edit_road_map_action(action, data, actor=actor)


def edit_road_map_action(
    action: RoadMapAction, data: Mapping[str, Any], *, actor: Person | None
) -> RoadMapAction:
    """Change an action.

    :raises Invalid: ``not_partner``, its owner does not take part in the exchange; ``not_of_this``,
        its contact is nobody of the owner.
    """
    owner_id = data.get("owner_id")
    if owner_id is not None and owner_id not in parties_of(action.exchange).everyone:
        raise Invalid("owner_id", "not_partner")
    _check_contact(action, data)
    for name, value in data.items():
        setattr(action, name, value)
    db.session.flush()
    events.publish("road_map_action.save", id=action.id, by_id=actor.id if actor else None)
    return action


def _check_contact(action: RoadMapAction, data: Mapping[str, Any]) -> None:
    """The contact is somebody of the organisation that acts; without one, of any partner."""
    owner_id = data.get("owner_id", action.owner_id)
    concerned = {owner_id} if owner_id is not None else parties_of(action.exchange).everyone
    require_contact(data.get("contact_id"), concerned, kept=action.contact_id)


def advance_road_map_action(
    action: RoadMapAction,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move an action one step and write the step down."""
    return steps.advance(
        ROAD_MAP_ACTION, action, trigger, actor=actor, note=note, expected_state=expected_state
    )


def save_transferability(
    exchange: Exchange, data: Mapping[str, Any], *, actor: Person | None
) -> Transferability:
    """Write what another city must know before it re-uses the practice; one sheet an exchange."""
    steps.lock(exchange)
    sheet = exchange.transferability or Transferability()
    for name, value in data.items():
        setattr(sheet, name, value)
    exchange.transferability = sheet
    db.session.flush()
    events.publish("transferability.save", id=sheet.id, by_id=actor.id if actor else None)
    return sheet


def record_dissemination(
    note: Note, data: Mapping[str, Any], *, actor: Person | None
) -> Dissemination:
    """Record a channel by which the note travelled; the first one opens the follow-up.

    :raises Invalid: ``not_published``, or the channel is not in its vocabulary.
    """
    if note.state != NoteState.published:
        raise Invalid("channel", "not_published")
    facts = dict(data)
    channel = terms_by_codes("channel", [facts.pop("channel")], field="channel")[0]
    row = Dissemination(channel=channel, **{"happened_on": today(), **facts})
    note.disseminations.append(row)
    db.session.flush()
    events.publish("dissemination.record", id=row.id, exchange_id=note.exchange_id)
    try_advance(note.exchange, "start_follow_up", actor=actor)
    return row
