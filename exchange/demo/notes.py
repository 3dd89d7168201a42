"""What might have been said at the forum of 2019, what became of it, and the register."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from exchange.catalogue.models import Need, Offer
from exchange.clock import today
from exchange.demo.history import known_exchanges
from exchange.demo.network import Network
from exchange.demo.read import read
from exchange.extensions import db
from exchange.forums import triage
from exchange.forums.capture import capture
from exchange.forums.items import ForumItem, ItemKind
from exchange.forums.models import Forum
from exchange.forums.triage import Into
from exchange.recommendations import actions
from exchange.recommendations.models import Recommendation


def load_register(network: Network, needs: Mapping[str, Need], offers: Mapping[str, Offer]) -> None:
    """Write the notes of the forum and the register, unless they are there."""
    data = read("notes")
    forum = db.session.scalars(select(Forum).where(Forum.code == data["forum"])).one()
    if db.session.scalars(select(Recommendation.id).where(Recommendation.demo)).first():
        return
    rows: Mapping[str, Mapping[str, Any]] = {
        "need": needs,
        "offer": offers,
        "exchange": known_exchanges(),
        "recommendation": {r["key"]: _recommendation(r, network) for r in data["recommendation"]},
    }
    sessions = {one.titles["en"]: one.id for one in forum.sessions}
    for row in data["note"]:
        _note(forum, row, sessions, rows, network)


def _recommendation(row: Mapping[str, Any], network: Network) -> Recommendation:
    names = ("title", "text", "language", "about", "scale", "addressee", "agendas", "evidence")
    data: dict[str, Any] = {name: row[name] for name in names if name in row}
    if "owner" in row:
        data["owner_id"] = network.organisations[row["owner"]].id
        data["due_on"] = today() + timedelta(days=row["days"])
    made = actions.propose(data)
    made.demo = True
    for name in row.get("supports", ()):
        actions.support(made, network.organisations[name].id)
    for trigger in row["moves"]:
        actions.advance_recommendation(made, trigger, actor=network.officer)
    return made


def _note(
    forum: Forum,
    row: Mapping[str, Any],
    sessions: Mapping[str, int],
    rows: Mapping[str, Mapping[str, Any]],
    network: Network,
) -> ForumItem:
    facts: dict[str, Any] = {
        "kind": ItemKind(row["kind"]),
        "text": row["text"],
        "session_id": sessions[row["session"]],
        "key": f"demo-{row['key']}",
    }
    if "organisation" in row:
        facts["organisation_id"] = network.organisations[row["organisation"]].id
    item = capture(forum, facts, language=row["language"], actor=network.officer)
    item.person = None  # nobody's words in person
    for noun, key in row.get("became", {}).items():
        triage.attach(item, rows[noun][key], actor=network.officer)
    if row.get("topic"):
        triage.become(item, Into.topic, actor=network.officer).demo = True
    return item
