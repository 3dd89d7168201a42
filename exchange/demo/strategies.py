"""The learning strategy 2019–2021: what is tagged to its axes, and the consultation before it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange.demo.history import known_exchanges
from exchange.demo.network import Network
from exchange.demo.read import read
from exchange.extensions import db
from exchange.recommendations.models import Recommendation
from exchange.strategies import actions
from exchange.strategies.models import Measure, Strategy


def load_strategies(network: Network) -> None:
    """Write the strategy, unless it is there."""
    data = read("strategies")
    code = data["strategy"]["code"]
    if db.session.scalars(select(Strategy.id).where(Strategy.code == code)).first():
        return
    strategy = actions.create(data["strategy"])
    strategy.demo = True
    for row in data["axis"]:
        _axis(strategy, row)
    _consultation(strategy, data, network)


def _axis(strategy: Strategy, row: Mapping[str, Any]) -> None:
    axis = actions.add_axis(strategy, _titles(row))
    for one in row.get("indicator", ()):
        facts = {"measure": Measure(one["measure"]), "target": one["target"]}
        actions.add_indicator(axis, {**_titles(one), **facts})
    known = known_exchanges()
    for key in row["exchanges"]:
        actions.tag(axis, known[key].reference)
    for beginning in row["recommendations"]:
        query = select(Recommendation).where(Recommendation.title.startswith(beginning))
        db.session.scalars(query).one().axis_id = axis.id


def _titles(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: text for name, text in row.items() if name.startswith("title_")}


def _consultation(strategy: Strategy, data: Mapping[str, Any], network: Network) -> None:
    facts = {
        name: text.strip() if isinstance(text, str) else text
        for name, text in data["consultation"].items()
    }
    row = actions.add_consultation(strategy, facts)
    actions.advance_consultation(row, "open_it", actor=network.officer)
    for one in data["answer"]:
        said = {
            "organisation_id": network.organisations[one["organisation"]].id,
            "text": one["text"],
        }
        actions.answer(row, one["number"], said, language=one["language"], actor=network.officer)
    for trigger in ("close", "publish"):
        actions.advance_consultation(row, trigger, actor=network.officer)
