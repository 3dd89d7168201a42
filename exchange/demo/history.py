"""Exchanges that took place before this program: written down as they ended, in one marked step."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from exchange.demo.network import Network
from exchange.demo.read import PREFIX, external_id, read
from exchange.exchanges import actions
from exchange.exchanges.models import Exchange, ExchangeKind, Partner, PartnerRole
from exchange.extensions import db
from workflows.exchange import ExchangeState

RECORDED = "Recorded from public sources."


def known_exchanges() -> dict[str, Exchange]:
    """The exchanges of the demonstration that are there, by the keys of the files."""
    query = select(Exchange).where(Exchange.external_id.startswith(PREFIX))
    return {str(e.external_id).removeprefix(PREFIX): e for e in db.session.scalars(query)}


def load_history(network: Network) -> None:
    """Write the pairs that are not there yet."""
    known = known_exchanges()
    for row in read("history")["exchange"]:
        if row["source_id"] not in known:
            _record_pair(row, network)


def _record_pair(row: Mapping[str, Any], network: Network) -> None:
    year = row.get("year")
    data = {
        "external_id": external_id(row["source_id"]),
        "title": row["title"],
        "purpose": row["topic"],
        "kind": ExchangeKind(row["kind"]),
        "language": "en",
        "proposer_id": network.organisations[row["learner"]].id,
        "themes": row["themes"],
        "starts_on": date(year, 1, 1) if year else None,
        "ends_on": date(year, 12, 31) if year else None,
        "programme": row["programme"],
        "source_url": row["source"],
        "demo": True,
    }
    made = actions.record_past(
        data, ExchangeState.closed_without_change, RECORDED, actor=network.people["administrator"]
    )
    made.contact = None
    made.partners = [
        Partner(organisation=network.organisations[key], role=role) for key, role in _roles(row)
    ]


def _roles(row: Mapping[str, Any]) -> list[tuple[str, PartnerRole]]:
    """Who learned and who gave; in a mutual exchange both did both."""
    roles = [(row["learner"], PartnerRole.learner), (row["giver"], PartnerRole.host)]
    if row["mutual"]:
        roles += [(row["giver"], PartnerRole.learner), (row["learner"], PartnerRole.host)]
    return roles
