"""What happens to notes, road maps and what follows from them. The caller commits."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from exchange import events, steps
from exchange.clock import today
from exchange.directory.models import Person
from exchange.errors import Conflict, Invalid, NotAllowed
from exchange.exchanges import actions as exchanges
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.lessons.assemble import Assembly, Words, plain
from exchange.lessons.follow_ups import (
    advance_follow_up,
    answer,
    ask,
    count_unanswered_due,
    plan_follow_ups,
    plan_missing,
    record_change,
)
from exchange.lessons.models import Note, NotePart
from exchange.lessons.sharing import (
    add_road_map_action,
    advance_road_map_action,
    edit_road_map_action,
    record_dissemination,
    save_transferability,
)
from exchange.lessons.translations import mark_of, note_behind
from exchange.listing import folded
from exchange.parties import parties_of
from exchange.predicates import reviewer, staff
from exchange.steps import Step
from workflows.engine import TransitionRefused
from workflows.exchange import RULES, ExchangePhase, ExchangeState
from workflows.note import NOTE, NoteState

__all__ = [
    "add_road_map_action",
    "advance_follow_up",
    "advance_note",
    "advance_road_map_action",
    "answer",
    "ask",
    "assemble_part",
    "begin_note",
    "count_unanswered_due",
    "edit_note",
    "edit_part",
    "edit_road_map_action",
    "is_open",
    "plan_follow_ups",
    "plan_missing",
    "record_change",
    "record_dissemination",
    "require_open",
    "save_transferability",
    "seen_mark",
]

# Note no. 33 (Cologne, 2022) is the last of the published series that is known (domain file 2.10,
# September 2023): ours go on from there.
LAST_KNOWN_NUMBER = 33
NUMBER_TRIES = 20

# The move of a note → the move of its exchange that goes with it.
TOGETHER = {"submit": "submit_note", "return_to_author": "return_note", "publish": "publish_note"}
AFTER_THE_NOTE = (ExchangePhase.dissemination, ExchangePhase.follow_up, ExchangePhase.closed)
NOTHING_HAPPENED = (ExchangeState.declined, ExchangeState.cancelled)


def begin_note(exchange: Exchange, *, actor: Person | None, words: Words = plain) -> Note:
    """Begin the peer-learning note with what the exchange already holds; the one it has, if any.

    :param words: gives the words for a code in the language of the exchange.
    :raises TransitionRefused: the visit has not been evaluated.
    """
    steps.lock(exchange)
    if exchange.note is not None:
        return exchange.note
    _require_evaluated(exchange)
    parts = Assembly(exchange, exchange.language, words).all_parts()
    note = Note(title=exchange.title, language=exchange.language, parts=parts, author=actor)
    exchange.note = note
    db.session.flush()
    events.publish("note.begin", id=note.id, exchange_id=exchange.id)
    exchanges.try_advance(exchange, "draft_note", actor=actor)
    return note


def is_open(note: Note, actor: Person | None) -> bool:
    """Whether it is this person's turn: partners write a draft, the reviewer what is in review;
    staff corrects what is out."""
    in_review = note.state == NoteState.in_review and reviewer(actor, note)
    return note.state == NoteState.drafting or in_review or staff(actor, note)


def require_open(note: Note, actor: Person | None) -> None:
    """:raises NotAllowed: ``note_closed``, it is not this person's turn to write."""
    if not is_open(note, actor):
        raise NotAllowed("note_closed")


def edit_note(note: Note, data: Mapping[str, Any], *, actor: Person) -> Note:
    """Change a note: title, language, author, reviewer, and those ``parts`` that are given.

    :raises NotAllowed: ``note_closed``, it is in review or published and the actor only writes.
    :raises Invalid: author or reviewer is neither staff nor of a partner; or a published note would
        lose a part that a reader cannot do without.
    """
    require_open(note, actor)
    for name in ("author_id", "reviewer_id"):
        if data.get(name) is not None:
            require_insider(note.exchange, data[name], field=name)
    for name, value in data.items():
        setattr(note, name, {**note.parts, **value} if name == "parts" else value)
    if note.state == NoteState.published and note.missing_parts:
        raise Invalid("parts", "note_incomplete")
    note_behind(note)
    db.session.flush()
    return note


def edit_part(
    note: Note, part: NotePart, text: str, *, actor: Person, seen: str | None = None
) -> Note:
    """Write one part.

    :param seen: ``seen_mark`` of the text that the writer started from.
    :raises Conflict: ``moved_on``, somebody else has changed this part meanwhile.
    """
    steps.lock(note)
    if seen is not None and seen != seen_mark(note, part):
        raise Conflict("moved_on", part=str(part))
    return edit_note(note, {"parts": {part: text}}, actor=actor)


def seen_mark(note: Note, part: NotePart) -> str:
    """A short mark of a part's present text: two equal marks are the same text."""
    return mark_of(note.parts.get(part, ""))


def assemble_part(
    note: Note,
    part: NotePart,
    *,
    actor: Person,
    words: Words = plain,
    replace: bool = False,
) -> Note:
    """Bring into one part what the exchange holds now.

    What was typed stays, and what is new comes below it; ``replace`` writes over it.
    """
    steps.lock(note)
    typed = note.parts.get(part, "").strip()
    fresh = Assembly(note.exchange, note.language, words).part(part)
    if not replace and typed:
        fresh = typed if not fresh or fresh in typed else f"{typed}\n\n{fresh}"
    return edit_note(note, {"parts": {part: fresh}}, actor=actor)


def advance_note(
    row: Note,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a note one step, and its exchange with it: both or neither.

    Publishing gives the note its number and its address, and plans the follow-ups.

    :raises TransitionRefused: the note or its exchange cannot go there now, with the facts missing.
    """
    step = steps.advance(NOTE, row, trigger, actor=actor, note=note, expected_state=expected_state)
    if trigger == "publish":
        row.published_on = today()
        _give_number(row)
        plan_follow_ups(row.exchange)
    _take_along(row.exchange, trigger, actor=actor, note=note)
    return step


def _require_evaluated(exchange: Exchange) -> None:
    if exchange.state == ExchangeState.on_hold or exchange.state in NOTHING_HAPPENED:
        raise TransitionRefused("draft_note", exchange.state)
    if RULES[exchange.state].phase not in (ExchangePhase.lessons, *AFTER_THE_NOTE):
        raise TransitionRefused("draft_note", exchange.state, ("evaluation_is_open",))


def require_insider(exchange: Exchange, person_id: int, *, field: str) -> None:
    """:raises Invalid: ``not_an_insider``, the person is neither staff nor of a partner."""
    person = db.session.get(Person, person_id)
    inside = person and (
        person.staff_role or person.organisation_ids() & parties_of(exchange).everyone
    )
    if not inside:
        raise Invalid(field, "not_an_insider")


def _take_along(exchange: Exchange, trigger: str, *, actor: Person | None, note: str) -> None:
    """Make the move of the exchange that goes with a move of its note.

    An exchange that is past its note already stays where it is: the note came late.
    """
    late = RULES[exchange.state].phase in AFTER_THE_NOTE
    if late and exchange.state not in NOTHING_HAPPENED:
        return
    exchanges.advance(exchange, TOGETHER[trigger], actor=actor, note=note)


def _give_number(note: Note) -> None:
    """Take the next number of the series.

    Two notes that are published at once want the same one: the second waits for the first, sees
    that the number is taken, and takes the next. A refused publication leaves no gap.
    """
    for tries_left in reversed(range(NUMBER_TRIES)):
        wanted = max(db.session.scalar(select(func.max(Note.number))) or 0, LAST_KNOWN_NUMBER) + 1
        try:
            with db.session.begin_nested():
                note.number, note.slug = wanted, slug_of(wanted, note.title)
            return
        except IntegrityError:
            db.session.refresh(note)
            if not tries_left:
                raise


def slug_of(number: int, title: str) -> str:
    """The address of a published note: ``pln-34-markets-that-do-not-flood``."""
    words = re.findall(r"[a-z0-9]+", folded(title))
    return "-".join(["pln", str(number), *words])[:100].rstrip("-")
