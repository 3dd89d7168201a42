"""Reading notes, road maps and follow-ups."""

import json
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, Text, cast, or_, select
from sqlalchemy.orm import joinedload

from exchange.accounts.queries import hashed
from exchange.clock import today
from exchange.directory.models import Affiliation, Organisation, Person
from exchange.directory.queries import acts_for_ids
from exchange.exchanges.models import Exchange, Partner
from exchange.extensions import db
from exchange.lessons.models import (
    Dissemination,
    FollowUp,
    FollowUpLink,
    Note,
    RecordedChange,
    RoadMapAction,
)
from exchange.listing import folded
from exchange.parties import parties_of
from exchange.vocabularies.models import Term
from workflows.follow_up import FollowUpState
from workflows.note import NoteState

NOTE_SORTS = {
    "published": Note.published_on,
    "number": Note.number,
    "title": Note.title,
    "since": Note.state_since,
}
ACTION_SORTS = {"due": RoadMapAction.due_on}
FOLLOW_UP_SORTS = {"due": FollowUp.due_on, "since": FollowUp.state_since}
CHANGE_SORTS = {"recorded": RecordedChange.recorded_on}
DISSEMINATION_SORTS = {"happened": Dissemination.happened_on}


def listed(query: Select[tuple[Note]], filters: Mapping[str, Any]) -> Select[tuple[Note]]:
    """Narrow notes by ``filters`` and load what a list shows, at the same cost for any length."""
    clauses = [clause(filters[name]) for name, clause in _CLAUSES.items() if filters.get(name)]
    whole = joinedload(Note.exchange)
    return query.where(*clauses).options(
        whole.selectinload(Exchange.terms),
        whole.selectinload(Exchange.partners),
        whole.selectinload(Exchange.visits),
        joinedload(Note.author),
        joinedload(Note.reviewer),
    )


def published() -> Select[Any]:
    """The public notes: what anybody may read."""
    return select(Note).where(Note.state == NoteState.published)


def insiders(exchange: Exchange) -> list[Person]:
    """The people who may write or review: of the organisations that take part, and staff."""
    inside = Person.affiliations.any(Affiliation.organisation_id.in_(parties_of(exchange).everyone))
    query = select(Person).where(
        Person.disabled_at.is_(None), inside | Person.staff_role.is_not(None)
    )
    return list(db.session.scalars(query.order_by(Person.name)))


def published_as(slug: str) -> Note | None:
    """The public note at an address, with all that its page shows; found by its number alone when
    the words after it are others."""
    whole = joinedload(Note.exchange)
    number = re.match(r"pln-(\d{1,9})(?:-|$)", slug)
    query = published().where(Note.number == int(number[1]) if number else Note.slug == slug)
    found: Note | None = db.session.scalars(
        query.options(
            whole.selectinload(Exchange.terms),
            whole.selectinload(Exchange.partners),
            whole.selectinload(Exchange.visits),
            whole.selectinload(Exchange.road_map_actions).joinedload(RoadMapAction.owner),
            whole.selectinload(Exchange.recorded_changes),
            whole.selectinload(Exchange.transferability),
        )
    ).first()
    return found


def countries_of(note: Note) -> list[str]:
    """Codes of the countries that took part, each once."""
    codes = (partner.organisation.country_code for partner in note.exchange.partners)
    return list(dict.fromkeys(code for code in codes if code))


def subjects_of(note: Note) -> list[Term]:
    """Themes and agendas of the exchange that a note tells of, and the goals of its targets."""
    terms = note.exchange.terms
    goals = {term.parent for term in terms if term.vocabulary == "sdg_target" and term.parent}
    kept = [term for term in terms if term.vocabulary in ("theme", "agenda")]
    return [*kept, *sorted(goals, key=lambda term: term.position)]


def actions_listed(
    query: Select[tuple[RoadMapAction]], filters: Mapping[str, Any]
) -> Select[tuple[RoadMapAction]]:
    """Narrow the actions of road maps by state and horizon."""
    for name, column in (("state", RoadMapAction.state), ("horizon", RoadMapAction.horizon)):
        if filters.get(name):
            query = query.where(column == filters[name])
    return query.options(joinedload(RoadMapAction.owner))


def follow_ups_listed(
    query: Select[tuple[FollowUp]], filters: Mapping[str, Any], actor: Person | None
) -> Select[tuple[FollowUp]]:
    """Narrow follow-ups by ``filters``; ``mine`` are those the actor's organisations answer."""
    for name, column in (
        ("state", FollowUp.state),
        ("months", FollowUp.months),
        ("exchange", FollowUp.exchange_id),
        ("organisation", FollowUp.organisation_id),
    ):
        if filters.get(name):
            query = query.where(column == filters[name])
    if filters.get("mine"):
        query = query.where(FollowUp.organisation_id.in_(acts_for_ids(actor)))
    if filters.get("overdue"):
        waits = FollowUp.state.in_((FollowUpState.planned, FollowUpState.asked))
        query = query.where(waits, FollowUp.due_on < today())
    if filters.get("q"):
        query = query.where(_follow_up_words(filters["q"]))
    return query.options(joinedload(FollowUp.exchange))


def link_of(secret: str) -> FollowUpLink | None:
    """The link behind a secret, expired or not; None when there never was one."""
    query = select(FollowUpLink).where(FollowUpLink.secret_hash == hashed(secret))
    return db.session.scalars(query.options(joinedload(FollowUpLink.follow_up))).first()


def actions_owned(follow_up: FollowUp) -> list[RoadMapAction]:
    """The actions of the road map that the partner asked has taken on."""
    query = select(RoadMapAction).where(
        RoadMapAction.exchange_id == follow_up.exchange_id,
        RoadMapAction.owner_id == follow_up.organisation_id,
    )
    return list(db.session.scalars(query.order_by(RoadMapAction.due_on, RoadMapAction.id)))


def _note_words(text: str) -> Any:
    """In the title, the parts (kept as JSON, where "é" is written \\u00e9) or a partner's name."""
    written = json.dumps(text)[1:-1]
    named = Organisation.folded_name.like(f"%{folded(text)}%")
    return or_(
        Note.title.icontains(text, autoescape=True),
        cast(Note.parts, Text).icontains(written, autoescape=True),
        Note.exchange.has(Exchange.partners.any(Partner.organisation.has(named))),
    )


def _follow_up_words(text: str) -> Any:
    named = Organisation.folded_name.like(f"%{folded(text)}%")
    return or_(
        FollowUp.organisation.has(named),
        FollowUp.exchange.has(Exchange.title.icontains(text, autoescape=True)),
    )


def _sdg(code: str) -> Any:
    """A goal ("11") stands for all its targets; a target ("11.5") for itself."""
    wanted = Term.code == code if "." in code else Term.code.startswith(f"{code}.")
    return Note.exchange.has(Exchange.terms.any((Term.vocabulary == "sdg_target") & wanted))


_CLAUSES: dict[str, Any] = {
    "q": _note_words,
    "theme": lambda code: Note.exchange.has(Exchange.terms.any(vocabulary="theme", code=code)),
    "sdg": _sdg,
    "country": lambda code: Note.exchange.has(
        Exchange.partners.any(Partner.organisation.has(country_code=code.upper()))
    ),
    "section": lambda code: Note.exchange.has(
        Exchange.partners.any(
            Partner.organisation.has(Organisation.terms.any(vocabulary="section", code=code))
        )
    ),
    "language": lambda code: Note.language == code,
    "state": lambda state: Note.state == state,
}
