"""What happens to practices. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import events, steps, tags
from exchange.clock import now
from exchange.directory.models import Organisation, Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Conflict, Invalid, NotAllowed
from exchange.exchanges.models import PartnerRole
from exchange.extensions import db
from exchange.lessons.models import Note, NotePart
from exchange.lessons.queries import subjects_of
from exchange.practices.models import CitySize, Practice, PracticeText
from exchange.predicates import staff
from exchange.steps import Step
from workflows.note import NoteState
from workflows.practice import PRACTICE, PracticeState

WRITTEN = ("title", "summary", "text")
# Inhabitants from which on a city is intermediary, and metropolitan.
INTERMEDIARY, METROPOLITAN = 50_000, 1_000_000


def create(data: Mapping[str, Any], *, actor: Person) -> Practice:
    """Write a practice as a draft.

    :raises Invalid: ``not_yours``, the actor does not speak for the organisation; or a code that is
        not in its vocabulary.
    """
    practice = Practice(author=actor, language=data["language"])
    db.session.add(practice)
    with db.session.no_autoflush:
        _fill(practice, data, actor)
    db.session.flush()
    events.publish("practice.create", id=practice.id)
    return practice


def edit(practice: Practice, data: Mapping[str, Any], *, actor: Person) -> Practice:
    """Change a practice, and its text in the language that it was first written in.

    :raises Invalid: as for ``create``.
    :raises NotAllowed: ``finished``, it is withdrawn.
    :raises Conflict: ``moved_on``, somebody saved it since the caller read it.
    """
    seen = practice.version_id
    steps.lock(practice)
    if practice.version_id != seen:
        raise Conflict("moved_on")
    _require_open(practice)
    with db.session.no_autoflush:
        _fill(practice, {**data, "language": practice.language}, actor)
        practice.updated_at = now()
    db.session.flush()
    return practice


def translate(practice: Practice, language: str, data: Mapping[str, Any]) -> PracticeText:
    """Write the text in one language, beside those that are there.

    :raises NotAllowed: ``finished``, the practice is withdrawn.
    """
    _require_open(practice)
    row = write(practice, language, data)
    practice.updated_at = now()
    db.session.flush()
    return row


def advance_practice(
    practice: Practice,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a practice one step and write the step down."""
    step = steps.advance(
        PRACTICE, practice, trigger, actor=actor, note=note, expected_state=expected_state
    )
    if step.to_state == PracticeState.published:
        practice.published_at = practice.published_at or now()
    return step


def from_note(note: Note, *, actor: Person) -> Practice:
    """A practice from a published note: its host, its words in all languages, its tags. The one
    that was taken from it before, if any.

    :raises Invalid: ``not_published``, the note is not.
    """
    query = select(Practice).where(Practice.origin_id == note.id)
    found = db.session.scalars(query).first()
    if found is not None:
        return found
    if note.state != NoteState.published:
        raise Invalid("note", "not_published")
    hosts = note.exchange.with_role(PartnerRole.host)
    host = hosts[0].organisation if hosts else note.exchange.proposer
    practice = Practice(language=note.language, origin=note, organisation=host, author=actor)
    place(practice)
    db.session.add(practice)
    for code in (note.language, *note.translations):
        title, summary = note.said("title", code)[0], note.said("summary", code)[0]
        told = note.parts.get(NotePart.practices, "") if code == note.language else ""
        write(practice, code, {"title": title, "summary": summary or title, "text": told})
    practice.terms = subjects_of(note)
    practice.innovative = any(need.innovative for need in note.exchange.needs)
    practice.demo = note.exchange.demo
    db.session.flush()
    events.publish("practice.create", id=practice.id)
    return practice


def place(practice: Practice) -> None:
    """Note the country and the size of the organisation: lists are narrowed by them."""
    whose = practice.organisation
    if whose is not None:
        practice.country_code = whose.country_code
        practice.size = size_of(whose)


def size_of(organisation: Organisation) -> CitySize:
    """How big a city is, by its inhabitants."""
    people = organisation.population or (organisation.place and organisation.place.population) or 0
    if not people:
        return CitySize.unknown
    if people < INTERMEDIARY:
        return CitySize.small
    return CitySize.intermediary if people < METROPOLITAN else CitySize.metropolitan


def _require_open(practice: Practice) -> None:
    if practice.state == PracticeState.withdrawn:
        raise NotAllowed("finished")


def _fill(practice: Practice, data: Mapping[str, Any], actor: Person) -> None:
    facts = dict(data)
    organisation_id = facts.get("organisation_id", practice.organisation_id)
    changes = organisation_id != practice.organisation_id
    if changes and not staff(actor, None) and organisation_id not in acts_for_ids(actor):
        raise Invalid("organisation_id", "not_yours")
    words = {name: facts.pop(name) for name in WRITTEN if name in facts}
    language = facts["language"]
    if words:
        write(practice, language, words)
    tags.apply(practice, facts)
    if changes and organisation_id is not None:
        practice.organisation = db.session.get_one(Organisation, organisation_id)
    place(practice)


def write(practice: Practice, language: str, data: Mapping[str, Any]) -> PracticeText:
    """Write the words of one language; those that are not given stay."""
    row = practice.text_in(language)
    if row is None:
        row = PracticeText(language=language, title="", summary="", text="")
        practice.texts.append(row)
    title, summary, text = (data.get(name, getattr(row, name)) for name in WRITTEN)
    row.write(title, summary, text)
    return row


def as_form(practice: Practice) -> dict[str, Any]:
    """The values of a practice by the fields of its form."""
    first = practice.said(practice.language)
    return {name: getattr(first, name) for name in WRITTEN} | {
        "sdg_goals": [term.code for term in practice.tagged("sdg_goal")]
    }
