"""Local laboratories of the demonstration: one under way, one that said what remains."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from exchange.challenges import actions as challenge_actions
from exchange.challenges.models import AnswerKind, Challenge
from exchange.clock import today
from exchange.demo.network import Network
from exchange.demo.read import read
from exchange.extensions import db
from exchange.labs import actions
from exchange.labs.models import Lab
from exchange.mechanisms.models import Mechanism
from exchange.methods.models import Pilot
from workflows.lab import LabState
from workflows.lab_cycle import CycleState

WORDS = ("title", "text", "language")
REMAINS = ("kept", "adapted", "dropped")
# The moves that bring a cycle to the state that the file says.
WAY = {
    CycleState.asking: (),
    CycleState.building: ("build",),
    CycleState.testing: ("build", "test"),
    CycleState.answered: ("build", "test", "answer"),
}


def load_labs(network: Network) -> None:
    """Write the laboratories, unless they are there."""
    if db.session.scalars(select(Lab.id).where(Lab.demo).limit(1)).first():
        return
    for row in read("labs")["lab"]:
        lab = _lab(row, network)
        for cycle in row["cycle"]:
            _cycle(lab, cycle, network)
        actions.advance_lab(lab, "begin", actor=network.officer)
        if row["state"] == LabState.concluded:
            actions.advance_lab(lab, "conclude", actor=network.officer)
        _answer(lab, row["answers"], network)


def _lab(row: Mapping[str, Any], network: Network) -> Lab:
    facts = {name: row[name] for name in WORDS}
    facts["organisation_id"] = network.organisations[row["organisation"]].id
    facts["starts_on"] = _day(row["starts"])
    facts["ends_on"] = _day(row["ends"])
    facts["themes"] = [term.code for term in network.named("theme", row["themes"])]
    facts["sdg_goals"] = [term.code for term in network.named("sdg_goal", row["goals"])]
    if row["pilot"]:
        facts["pilot_id"] = db.session.scalars(select(Pilot.id).where(Pilot.demo)).first()
    lab = actions.open_lab(facts, actor=network.officer)
    lab.demo = True
    for partner in row["partner"]:
        body = {"organisation_id": network.organisations[partner["organisation"]].id}
        actions.add_partner(lab, {**body, "brings": partner["brings"]})
    query = select(Mechanism.id).where(Mechanism.code == row["mechanism"])
    if (found := db.session.scalars(query).first()) is not None:
        actions.link_mechanism(lab, {"mechanism_id": found})
    return actions.edit(lab, {name: row[name] for name in REMAINS}, actor=network.officer)


def _cycle(lab: Lab, row: Mapping[str, Any], network: Network) -> None:
    asked = {"question": row["question"], "due_on": _day(row["due"])}
    cycle = actions.add_cycle(lab, asked)
    written = {name: row[name] for name in ("prototype", "test", "result")}
    actions.edit_cycle(cycle, written)
    for trigger in WAY[CycleState(row["state"])]:
        actions.advance_cycle(cycle, trigger, actor=network.officer)


def _answer(lab: Lab, beginning: str, network: Network) -> None:
    if not beginning:
        return
    query = select(Challenge).where(Challenge.demo, Challenge.text.startswith(beginning))
    if (found := db.session.scalars(query).first()) is not None:
        answer = {"answer": AnswerKind.lab, "lab_id": lab.id, "reason": ""}
        challenge_actions.answer(found, answer, actor=network.officer)


def _day(days: int) -> date:
    return today() + timedelta(days=days)
