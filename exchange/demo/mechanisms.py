"""Mechanisms of the demonstration: what they need of each other, and an event of others."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from exchange.clock import today
from exchange.demo.history import known_exchanges
from exchange.demo.network import Network
from exchange.demo.read import read
from exchange.extensions import db
from exchange.mechanisms import actions, pairs
from exchange.mechanisms.models import Gives, Mechanism, MechanismKind, MechanismListing
from exchange.practices.models import Observatory

COLUMNS = ("code", "website", "languages", "themes")


def load_mechanisms(network: Network) -> None:
    """Write the mechanisms, unless they are there."""
    if db.session.scalars(select(Mechanism.id).where(Mechanism.demo).limit(1)).first():
        return
    data = read("mechanisms")
    made = {row["code"]: _mechanism(row, network) for row in data["mechanism"]}
    for row in data["listing"]:
        _listing(row, made[row["of"]], network)
    for row in data["event"]:
        _event(row, network)
    _example(made, network)


def _mechanism(row: Mapping[str, Any], network: Network) -> Mechanism:
    facts = {
        name: value
        for name, value in row.items()
        if name in COLUMNS or name.startswith(("title_", "text_"))
    }
    facts["kind"] = MechanismKind(row["kind"])
    facts["organisation_id"] = network.organisations[row["home"]].id
    facts["observatory_id"] = _observatory(row.get("observatory"))
    known = _kept(facts, network)
    mechanism = actions.create({**known, "active": True})
    mechanism.demo = True
    exchanges = known_exchanges()
    for key in row.get("exchanges", ()):
        actions.link(mechanism, {"reference": exchanges[key].reference})
    return mechanism


def _kept(facts: dict[str, Any], network: Network) -> dict[str, Any]:
    """Only the themes and languages that an administrator kept."""
    for name, vocabulary in (("themes", "theme"), ("languages", "language")):
        if name in facts:
            facts[name] = [term.code for term in network.named(vocabulary, facts[name])]
    return facts


def _observatory(code: str | None) -> int | None:
    """Its row in the register of observatories, unless it is a mechanism already."""
    query = select(Observatory.id).where(Observatory.code == code)
    taken = select(Mechanism.observatory_id).where(Mechanism.observatory_id.is_not(None))
    return db.session.scalars(query.where(Observatory.id.not_in(taken))).first()


def _listing(row: Mapping[str, Any], mechanism: Mechanism, network: Network) -> None:
    facts = {name: row[name] for name in ("title", "text", "language", "themes")}
    side = {"side": Gives(row["side"])}
    made = actions.add_listing(mechanism, {**_kept(facts, network), **side, **actions.usual()})
    made.demo = True


def _event(row: Mapping[str, Any], network: Network) -> None:
    facts = {name: row[name] for name in ("organiser", "title", "language", "themes", "place")}
    first = today() + timedelta(days=row["days_ahead"])
    facts["partner_id"] = network.organisations[row["partner"]].id
    facts |= {"starts_on": first, "ends_on": first + timedelta(days=row["length"] - 1)}
    made = actions.add_event(_kept(facts, network), actor=None)
    made.demo = True


def _example(made: Mapping[str, Mechanism], network: Network) -> None:
    """One pair that was asked, and waits for its answer."""
    need, offer = _first(made["local4action"], "needs"), _first(made["metropolis-use"], "offers")
    ids = {"need_id": need.id, "offer_id": offer.id}
    pair = pairs.suggest(ids, actor=network.officer)
    pairs.advance_pair(pair, "ask", actor=network.officer)


def _first(mechanism: Mechanism, side: str) -> MechanismListing:
    return next(one for one in mechanism.listings if one.side == side)
