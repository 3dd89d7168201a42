"""The needs and offers of the demonstration, published as their owners would."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import select

from exchange.catalogue import actions
from exchange.catalogue.models import Need, Offer
from exchange.demo.network import Network
from exchange.demo.read import PREFIX, external_id, read
from exchange.extensions import db

Kind = TypeVar("Kind", Need, Offer)
# field of the file → field of a form
_FIELDS = {
    "title": "title",
    "text": "text",
    "language": "language",
    "themes": "themes",
    "sdg_targets": "sdg_targets",
    "agendas": "agendas",
    "formats": "formats",
    "working_languages": "languages",
    "from": "available_from",
    "until": "available_until",
    "guests": "guests",
    "capacity": "places",
    "budget_note": "budget_note",
    "visa_note": "visa_note",
    "innovative": "innovative",
}


def load_listings(network: Network) -> tuple[dict[str, Need], dict[str, Offer]]:
    """Write and publish what is not there yet; return needs and offers by their keys."""
    needs = _load(Need, read("needs")["need"], network)
    return needs, _load(Offer, read("offers")["offer"], network)


def _load(model: type[Kind], rows: list[Mapping[str, Any]], network: Network) -> dict[str, Kind]:
    query = select(model).where(model.external_id.startswith(PREFIX))
    known = {str(row.external_id).removeprefix(PREFIX): row for row in db.session.scalars(query)}
    for row in rows:
        if row["key"] not in known:
            known[row["key"]] = _publish(model, row, network)
    return known


def _publish(model: type[Kind], row: Mapping[str, Any], network: Network) -> Kind:
    owner = network.organisations[row["organisation"]]
    data = {name: row[key] for key, name in _FIELDS.items() if key in row}
    made = actions.create(model, {**data, "organisation_id": owner.id}, actor=network.officer)
    made.contact, made.external_id, made.demo = owner.contact, external_id(row["key"]), True
    if isinstance(made, Need):
        actions.advance_need(made, "publish", actor=network.officer)
    else:
        actions.advance_offer(made, "publish", actor=network.officer)
    return made
