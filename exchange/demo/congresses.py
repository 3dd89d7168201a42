"""The Congress of Durban and what goes to it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange.congresses import actions
from exchange.congresses.models import Congress
from exchange.demo.history import known_exchanges
from exchange.demo.read import read
from exchange.extensions import db
from exchange.forums.models import Forum
from exchange.strategies.models import Strategy


def load_congresses() -> None:
    """Write the Congress, unless it is there."""
    data = read("congresses")
    code = data["congress"]["code"]
    if db.session.scalars(select(Congress.id).where(Congress.code == code)).first():
        return
    row = actions.create(data["congress"])
    row.demo = True
    for one in data["contribution"]:
        words = {name: one[name] for name in ("aim", "language")}
        actions.bring(row, {**_thing(one), **words})


def _thing(one: Mapping[str, Any]) -> dict[str, Any]:
    if one["kind"] == "exchange":
        return {"reference": known_exchanges()[one["key"]].reference}
    model: Any = {"forum": Forum, "strategy": Strategy}[one["kind"]]
    found = db.session.scalars(select(model.id).where(model.code == one["key"])).one()
    return {f"{one['kind']}_id": found}
