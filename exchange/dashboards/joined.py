"""What an exchange is joined to beyond the pipeline, for its page: one statement for all nouns.

A noun that joins exchanges adds a line here and its words in ``labels``: no statement of its own.
"""

import json
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import Select, String, cast, literal, null, select, union_all

from exchange.challenges.models import Challenge
from exchange.congresses.models import Congress, Contribution
from exchange.directory.models import Person
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.labs.models import Lab
from exchange.mechanisms.models import Mechanism, MechanismListing, MechanismPair
from exchange.mechanisms.models import mechanism_exchanges as mechanism_links
from exchange.methods.models import Method, Pilot
from exchange.modules.models import Delivery, Module, ModuleTopic
from exchange.partnerships.models import Pair, Partnership, pair_exchanges
from exchange.policy import scoped
from exchange.strategies.models import Axis, exchange_axes
from exchange.vocabularies.models import Term
from workflows.method import MethodState


class Joint(StrEnum):
    """How an exchange is joined, in the order in which its page says it."""

    challenge = auto()
    axis = auto()
    module = auto()
    topic = auto()
    method = auto()
    pilot = auto()
    lab = auto()
    dialogue = auto()
    mechanism = auto()
    partnership = auto()
    congress = auto()


@dataclass(frozen=True)
class Joined:
    """One row: its ``titles`` by language, or its ``words`` in the one that they are written in."""

    id: int
    titles: dict[str, str]
    words: str
    language: str


def joined_to(exchange: Exchange, actor: Person | None) -> dict[Joint, list[Joined]]:
    """What the actor may know of that this exchange is joined to."""
    parts = _parts(exchange, actor)
    chosen = (
        query.with_only_columns(literal(str(joint)), model.id, cast(words, String), language)
        for joint, (query, model, words, language) in parts.items()
    )
    found: dict[Joint, list[Joined]] = {joint: [] for joint in parts}
    for joint, row_id, words, language in db.session.execute(union_all(*chosen)):
        titles = json.loads(words) if language is None else {}
        found[Joint(joint)].append(Joined(row_id, titles, words, language or ""))
    order = {joint: sorted(rows, key=lambda row: row.id) for joint, rows in found.items()}
    return {joint: rows for joint, rows in order.items() if rows}


def _parts(exchange: Exchange, actor: Person | None) -> dict[Joint, tuple[Any, Any, Any, Any]]:
    """joint → rows, their model, their words, the language of these (null: words by language)."""

    def known(model: Any, *clauses: Any) -> Select[Any]:
        return scoped(model, actor).where(*clauses)

    def linked(table: Any, column: str) -> Select[Any]:
        return select(table.c[column]).where(table.c.exchange_id == exchange.id)

    note_id = exchange.note.id if exchange.note else None
    given = select(Delivery.module_id).where(Delivery.exchange_id == exchange.id)
    grown = select(ModuleTopic.module_id).where(ModuleTopic.note_id == note_id)
    modules = known(Module, Module.id.in_(given) | Module.id.in_(grown))
    dialogue = known(MechanismPair, MechanismPair.exchange_id == exchange.id)
    dialogue = dialogue.join(MechanismListing, MechanismListing.id == MechanismPair.need_id)
    dialogue = dialogue.join(Mechanism, Mechanism.id == MechanismListing.mechanism_id)
    axes = known(Axis, Axis.id.in_(linked(exchange_axes, "axis_id")))
    pairs = known(Pair, Pair.id.in_(linked(pair_exchanges, "pair_id")))
    mechanisms = known(Mechanism, Mechanism.id.in_(linked(mechanism_links, "mechanism_id")))
    challenges = known(Challenge, Challenge.exchange_id == exchange.id)
    brought = select(Contribution.congress_id).where(Contribution.exchange_id == exchange.id)
    congresses = known(Congress, Congress.id.in_(brought))
    topics = known(ModuleTopic, ModuleTopic.note_id == note_id)
    pilots = known(Pilot, Pilot.exchange_id == exchange.id)
    labs = known(Lab, Lab.exchange_id == exchange.id)
    return {
        Joint.challenge: (challenges, Challenge, Challenge.text, Challenge.language),
        Joint.axis: (axes, Axis, Axis.titles, null()),
        Joint.module: (modules, Module, Module.titles, null()),
        Joint.topic: (topics, ModuleTopic, ModuleTopic.title, ModuleTopic.language),
        Joint.method: (known(Method, _is_card_of(exchange)), Method, Method.titles, null()),
        Joint.pilot: (pilots, Pilot, Pilot.title, Pilot.language),
        Joint.lab: (labs, Lab, Lab.title, Lab.language),
        Joint.dialogue: (dialogue, MechanismPair, Mechanism.titles, null()),
        Joint.mechanism: (mechanisms, Mechanism, Mechanism.titles, null()),
        Joint.partnership: (pairs.join(Pair.partnership), Pair, Partnership.titles, null()),
        Joint.congress: (congresses, Congress, Congress.titles, null()),
    }


def _is_card_of(exchange: Exchange) -> Any:
    """The cards of the formats that an exchange names, else of those of its kind."""
    formats = [term.id for term in exchange.tagged("format")]
    of_kind = select(Term.id).where(
        Term.vocabulary == "format",
        Term.facts["exchange_kind"].as_string() == str(exchange.kind),
    )
    return Method.format_id.in_(formats or of_kind) & (Method.state == MethodState.in_library)
