"""Challenges that a section and an association named around the forum of 2019."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from exchange.challenges import actions
from exchange.challenges.models import AnswerKind, Challenge
from exchange.demo.history import known_exchanges
from exchange.demo.network import Network
from exchange.demo.read import read
from exchange.extensions import db
from exchange.forums.models import Forum
from exchange.modules.models import ModuleTopic


def load_challenges(network: Network) -> None:
    """Write the challenges, unless they are there."""
    if db.session.scalars(select(Challenge.id).where(Challenge.demo).limit(1)).first():
        return
    data = read("challenges")
    forum = db.session.scalars(select(Forum).where(Forum.code == data["forum"])).one()
    for row in data["challenge"]:
        facts = {
            "text": row["text"],
            "language": row["language"],
            "organisation_id": network.organisations[row["organisation"]].id,
            "said_on": forum.starts_on,
            "due_on": forum.starts_on + timedelta(days=row["due"]),
            "source_url": row["source_url"],
            "agendas": row.get("agendas", []),
        }
        made = actions.write(facts, actor=network.officer)
        made.demo = True
        if row["answer"]:
            actions.answer(made, _answer(row), actor=network.officer)


def _answer(row: Mapping[str, Any]) -> dict[str, Any]:
    facts = {"answer": row["answer"], "reason": row["reason"]}
    if row["answer"] == AnswerKind.exchange:
        facts["reference"] = known_exchanges()[row["exchange"]].reference
    if row["answer"] == AnswerKind.module_topic:
        topic = ModuleTopic(title=row["topic"], language=row["language"], demo=True)
        db.session.add(topic)
        db.session.flush()
        facts["topic_id"] = topic.id
    return facts
