"""Learning modules as public pages tell of them, and the backlog of topics."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange.demo.history import known_exchanges
from exchange.demo.network import Network
from exchange.demo.read import read
from exchange.exchanges.models import MeetingMode
from exchange.extensions import db
from exchange.modules import actions, topics
from exchange.modules.models import DeliveryKind, Depth, Module, ModuleTopic, Part
from exchange.strategies.models import Axis
from exchange.vocabularies.queries import terms_by_codes

NOT_OF_THE_FORM = ("partners", "moves", "axis", "notes", "version", "delivery", "depth")


def load_modules(network: Network) -> None:
    """Write the modules and the topics, unless they are there."""
    if db.session.scalars(select(Module.id).where(Module.demo)).first():
        return
    data = read("modules")
    for row in data["module"]:
        _module(row, network)
    for row in data["topic"]:
        _tag(row, network)
    for row in data["proposed"]:
        topics.propose(row).demo = True


def _module(row: Mapping[str, Any], network: Network) -> None:
    facts = {name: value for name, value in row.items() if name not in NOT_OF_THE_FORM}
    made = actions.create({**facts, "depth": Depth(row["depth"])})
    made.demo = True
    for key, parts in row["partners"].items():
        for part in parts:
            whose = {"organisation_id": network.organisations[key].id, "part": Part(part)}
            actions.add_partner(made, whose)
    for one in row.get("version", ()):
        actions.save_version(made, {**one, "language": "en"})
    for one in row.get("delivery", ()):
        _delivery(made, one)
    for trigger in row["moves"]:
        actions.advance_module(made, trigger, actor=network.officer)
    if "axis" in row:
        made.axis_id = _axes()[row["axis"]]
    _grown(made, row, network)


def _delivery(made: Module, one: Mapping[str, Any]) -> None:
    kinds = {"kind": DeliveryKind(one["kind"]), "mode": MeetingMode(one["mode"])}
    actions.save_delivery(made, {"ends_on": one["starts_on"], **one, **kinds})


def _axes() -> dict[str, int]:
    return {axis.titles["en"]: axis.id for axis in db.session.scalars(select(Axis))}


def _grown(made: Module, row: Mapping[str, Any], network: Network) -> None:
    """The way from an exchange over its note and a topic."""
    known = known_exchanges()
    for key in row.get("notes", ()):
        note = known[key].note
        if note is not None:
            topic = topics.from_note(note)
            topic.module = made
            topics.advance_topic(topic, "make_module", actor=network.officer)


def _tag(row: Mapping[str, Any], network: Network) -> None:
    query = select(ModuleTopic).where(ModuleTopic.title.startswith(row["begins"]))
    for topic in db.session.scalars(query):
        topic.terms = [
            *terms_by_codes("theme", row["themes"], field="themes"),
            *terms_by_codes("agenda", row["agendas"], field="agendas"),
        ]
        for trigger in row["moves"]:
            topics.advance_topic(topic, trigger, actor=network.officer)
