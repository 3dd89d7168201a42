"""The backlog: topics that modules should take up. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import events, steps, tags
from exchange.directory.models import Person
from exchange.errors import Invalid, NotAllowed
from exchange.extensions import db
from exchange.lessons.models import Note
from exchange.modules.models import Module, ModuleTopic
from exchange.multilingual import LANGUAGES
from exchange.steps import Step
from workflows.module_topic import MODULE_TOPIC, TopicState
from workflows.note import NoteState

OF_TOPICS = ("theme", "agenda")


def propose(data: Mapping[str, Any]) -> ModuleTopic:
    """Put a topic on the backlog.

    :raises Invalid: a tag is not in its vocabulary; ``no_such_module``.
    """
    row = ModuleTopic()
    _fill(row, data)
    db.session.add(row)
    db.session.flush()
    events.publish("module_topic.create", id=row.id)
    return row


def edit(row: ModuleTopic, data: Mapping[str, Any]) -> ModuleTopic:
    """Change a topic, or name the module that shall take it up.

    :raises Invalid: as for ``propose``.
    :raises NotAllowed: ``finished``, a module has taken it up.
    """
    if MODULE_TOPIC.is_final(row.state):
        raise NotAllowed("finished")
    _fill(row, data)
    db.session.flush()
    return row


def _fill(row: ModuleTopic, data: Mapping[str, Any]) -> None:
    facts = dict(data)
    module_id = facts.pop("module_id", row.module_id)
    with db.session.no_autoflush:
        row.module = db.session.get(Module, module_id) if module_id is not None else None
        if module_id is not None and row.module is None:
            raise Invalid("module_id", "no_such_module")
        tags.apply(row, facts)


def from_note(note: Note) -> ModuleTopic:
    """A topic from a published note, with the tags of its exchange; the one that was made of it
    before, if any.

    :raises Invalid: ``not_published``, the note is not.
    """
    query = select(ModuleTopic).where(ModuleTopic.note_id == note.id)
    found = db.session.scalars(query).first()
    if found is not None:
        return found
    if note.state != NoteState.published:
        raise Invalid("note", "not_published")
    row = propose({"title": note.title, "text": note.summary, "language": note.language})
    row.note, row.demo = note, note.exchange.demo
    row.terms = [term for term in note.exchange.terms if term.vocabulary in OF_TOPICS]
    db.session.flush()
    return row


def advance_topic(
    row: ModuleTopic,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a topic one step and write the step down. It becomes a module with that one step: a
    draft with its words and tags, unless ``module`` names one that takes it up."""
    step = steps.advance(
        MODULE_TOPIC, row, trigger, actor=actor, note=note, expected_state=expected_state
    )
    if step.to_state == TopicState.in_module and row.module is None:
        row.module = _module_of(row)
        db.session.flush()
        events.publish("module.create", id=row.module.id)
    return step


def _module_of(row: ModuleTopic) -> Module:
    language = row.language if row.language in LANGUAGES else LANGUAGES[0]
    return Module(
        code=f"topic-{row.id}",
        titles={language: row.title},
        texts={language: row.text} if row.text else {},
        terms=list(row.terms),
        demo=row.demo,
    )
