"""The log: every step of every noun, who made it, when, from where to where."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import time, timedelta
from enum import StrEnum, auto
from typing import Any

from marshmallow import fields
from sqlalchemy import Select, String, cast, func, literal, select, union_all

from exchange.catalogue.models import Need, Offer
from exchange.challenges.models import Challenge
from exchange.config import LANGUAGES
from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.forums.items import ForumItem
from exchange.labs.models import Lab, LabCycle
from exchange.lessons.models import FollowUp, Note, RoadMapAction
from exchange.lessons.translations import NoteTranslation
from exchange.matching.models import Match
from exchange.mechanisms.models import MechanismListing, MechanismPair
from exchange.messages.models import Message
from exchange.messages.times import instant
from exchange.methods.models import Method, Pilot
from exchange.modules.models import Module, ModuleTopic
from exchange.partnerships.models import Partnership
from exchange.practices.models import Practice, PracticeText
from exchange.practices.reuse import Adoption
from exchange.privacy.models import ErasureRequest
from exchange.recommendations.models import Recommendation
from exchange.reminders.models import Reminder
from exchange.runs.models import Run
from exchange.schemas import Choice, Filter, Text
from exchange.steps import Step
from exchange.strategies.models import Consultation
from exchange.visits.models import Participant

SORTS = {"newest": Step.id}
AT_ONCE = 500


class LogNoun(StrEnum):
    """The nouns that take steps."""

    exchange = auto()
    need = auto()
    offer = auto()
    match = auto()
    matching_run = auto()
    participant = auto()
    note = auto()
    note_translation = auto()
    practice = auto()
    adoption = auto()
    method = auto()
    method_pilot = auto()
    lab = auto()
    lab_cycle = auto()
    road_map_action = auto()
    follow_up = auto()
    forum_item = auto()
    recommendation = auto()
    challenge = auto()
    consultation = auto()
    module = auto()
    module_topic = auto()
    mechanism_listing = auto()
    mechanism_pair = auto()
    partnership = auto()
    erasure = auto()
    message = auto()
    reminder = auto()
    webhook_delivery = auto()


class LogFilter(Filter):
    """How the log is narrowed."""

    noun = Choice(LogNoun)
    who = Text(longest=200)
    since = fields.Date()
    until = fields.Date()


def listed(filters: Mapping[str, Any], time_zone: str) -> Select[Any]:
    """The steps that ``filters`` leave; days are those of ``time_zone``."""
    clauses = [clause(filters[name]) for name, clause in _CLAUSES.items() if filters.get(name)]
    first, after = filters.get("since"), filters.get("until")
    if first:
        clauses.append(Step.happened_at >= instant(first, time.min, time_zone))
    if after:
        clauses.append(Step.happened_at < instant(after + timedelta(days=1), time.min, time_zone))
    return select(Step).where(*clauses)


_CLAUSES: dict[str, Any] = {
    "noun": lambda value: Step.subject_type == str(value),
    "who": lambda value: Step.actor.has(Person.name.ilike(f"%{value}%")),
    "q": lambda value: Step.note.ilike(f"%{value}%"),
}

# What a row is called in the log.
_NAMES: dict[LogNoun, tuple[Any, Any]] = {
    LogNoun.exchange: (Exchange, Exchange.reference),
    LogNoun.need: (Need, Need.title),
    LogNoun.offer: (Offer, Offer.title),
    LogNoun.match: (Match, select(Need.title).where(Need.id == Match.need_id).scalar_subquery()),
    LogNoun.matching_run: (Run, Run.id),
    LogNoun.participant: (Participant, Participant.name),
    LogNoun.note: (Note, Note.title),
    LogNoun.note_translation: (
        NoteTranslation,
        select(Note.title).where(Note.id == NoteTranslation.note_id).scalar_subquery(),
    ),
    LogNoun.practice: (
        Practice,
        select(func.min(PracticeText.title))
        .where(PracticeText.practice_id == Practice.id)
        .scalar_subquery(),
    ),
    LogNoun.adoption: (
        Adoption,
        select(Organisation.name)
        .where(Organisation.id == Adoption.organisation_id)
        .scalar_subquery(),
    ),
    LogNoun.method: (
        Method,
        func.coalesce(*(Method.titles[code].as_string() for code in LANGUAGES)),
    ),
    LogNoun.method_pilot: (Pilot, Pilot.title),
    LogNoun.lab: (Lab, Lab.title),
    LogNoun.lab_cycle: (LabCycle, LabCycle.question),
    LogNoun.road_map_action: (RoadMapAction, RoadMapAction.text),
    LogNoun.follow_up: (FollowUp, FollowUp.months),
    LogNoun.forum_item: (ForumItem, ForumItem.text),
    LogNoun.recommendation: (Recommendation, Recommendation.title),
    LogNoun.challenge: (Challenge, Challenge.text),
    LogNoun.consultation: (
        Consultation,
        func.coalesce(*(Consultation.titles[code].as_string() for code in LANGUAGES)),
    ),
    LogNoun.module: (Module, Module.code),
    LogNoun.module_topic: (ModuleTopic, ModuleTopic.title),
    LogNoun.mechanism_listing: (MechanismListing, MechanismListing.title),
    LogNoun.mechanism_pair: (
        MechanismPair,
        select(MechanismListing.title)
        .where(MechanismListing.id == MechanismPair.need_id)
        .scalar_subquery(),
    ),
    LogNoun.partnership: (Partnership, Partnership.code),
    LogNoun.erasure: (ErasureRequest, ErasureRequest.due_on),
    LogNoun.message: (Message, Message.subject),
    LogNoun.reminder: (Reminder, Reminder.kind),
}


def names_of(steps: Iterable[Step]) -> dict[tuple[str, int], str]:
    """What the subjects of ``steps`` are called, by noun and id; one statement."""
    ids: dict[str, set[int]] = {}
    for step in steps:
        ids.setdefault(step.subject_type, set()).add(step.subject_id)
    parts = []
    for noun, (model, name) in _NAMES.items():
        if wanted := ids.get(noun):
            called = cast(name, String)
            parts.append(select(literal(str(noun)), model.id, called).where(model.id.in_(wanted)))
    rows = db.session.execute(union_all(*parts)) if parts else ()
    return {(noun, row_id): name for noun, row_id, name in rows}


def everything(filters: Mapping[str, Any], time_zone: str) -> Iterator[tuple[Step, str]]:
    """All steps that ``filters`` leave, the newest first, each with the name of its subject."""
    query, last = listed(filters, time_zone).order_by(Step.id.desc()).limit(AT_ONCE), None
    while True:
        piece = list(db.session.scalars(query if last is None else query.where(Step.id < last)))
        names = names_of(piece)
        for step in piece:
            yield step, names.get((step.subject_type, step.subject_id), "")
        if len(piece) < AT_ONCE:
            return
        last = piece[-1].id
        db.session.expunge_all()
