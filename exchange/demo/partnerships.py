"""The cooperation of fourteen cities of Brazil and Mozambique, as far as its sources tell it."""

from sqlalchemy import select

from exchange.demo.history import RECORDED, known_exchanges
from exchange.demo.network import Network
from exchange.demo.read import read
from exchange.extensions import db
from exchange.partnerships import actions
from exchange.partnerships.models import Pair, Partnership


def load_partnerships(network: Network) -> None:
    """Write the partnership, unless it is there."""
    data = read("partnerships")
    facts = dict(data["partnership"])
    code = facts["code"]
    if db.session.scalars(select(Partnership.id).where(Partnership.code == code)).first():
        return
    key, name, cities = (facts.pop(word) for word in ("exchange", "group", "cities"))
    facts["lead_id"] = network.organisations[facts.pop("lead")].id
    row = actions.create(facts)
    row.demo = True
    row.is_public, row.shown = True, ["phases", "cities", "funders"]
    days = {word: facts[word] for word in ("starts_on", "ends_on")}
    for phase in data["phase"]:
        actions.add_phase(row, {**phase, **days})
    group = Pair(name=name, cities=[network.organisations[city] for city in cities])
    row.pairs.append(group)
    db.session.flush()
    actions.add_exchange(group, {"reference": known_exchanges()[key].reference})
    for trigger in ("start", "conclude"):
        actions.advance_partnership(row, trigger, actor=network.officer, note=RECORDED)
