"""The method library of the demonstration: formats of the field, and one pilot as an example."""

from datetime import timedelta

from sqlalchemy import select

from exchange.clock import today
from exchange.demo.network import Network
from exchange.demo.read import read
from exchange.extensions import db
from exchange.methods import actions
from exchange.methods.models import Method


def load_methods(network: Network) -> None:
    """Write the cards, unless they are there."""
    if db.session.scalars(select(Method.id).where(Method.demo)).first():
        return
    data = read("methods")
    made = [_card(row, network) for row in data["method"]]
    pilot = {**data["pilot"]}
    pilot["organisation_id"] = network.organisations[pilot.pop("organisation")].id
    pilot["starts_on"] = today() - timedelta(days=30)
    pilot["ends_on"] = today() + timedelta(days=60)
    row = actions.plan_pilot(made[0], pilot, actor=network.officer)
    actions.advance_pilot(row, "begin", actor=network.officer)


def _card(row: dict[str, object], network: Network) -> Method:
    words = {name: text.strip() if isinstance(text, str) else text for name, text in row.items()}
    method = actions.propose(words, actor=network.officer)
    method.demo = True
    actions.advance_method(method, "adopt", actor=network.officer)
    return method
