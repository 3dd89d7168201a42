"""Pictures of exchanges: the map of the world, who learns from whom, the way of one exchange."""

from typing import Any

from flask import Blueprint, render_template, url_for

from exchange import edge, policy
from exchange.dashboards import places
from exchange.edge import access
from exchange.exchanges.models import Exchange
from exchange.exchanges.queries import narrowed
from exchange.exchanges.schemas import ExchangeFilter
from exchange.pictures import network as circle
from exchange.pictures import world
from exchange.pictures.workflow import diagram
from exchange.web.forms import filters

PAGING = ("page", "size", "sort")

pages = Blueprint("pictures", __name__, url_prefix="/exchanges")


@pages.app_template_global()
def workflow_picture(exchange: Exchange) -> Any:
    """The way of an exchange; one statement for where it has been."""
    stands = exchange.held_state or exchange.state
    return diagram(stands, places.been(exchange))


@pages.get("/map")
@access("exchange.see")
def world_map() -> Any:
    """The exchanges by place, and bows from hosts to learners; narrowed as the list is."""
    chosen, found = _chosen()
    spots = places.spots(found)
    return render_template(
        "pictures/map.html",
        chosen=chosen,
        spots=spots,
        unplaced=places.unplaced(found),
        dots=world.dots([(spot.at, spot.lat, spot.lon, spot.total) for spot in spots]),
        bows=world.bows(places.bows(found)),
        names={spot.at: spot for spot in spots},
        to=_to(chosen),
    )


@pages.get("/network")
@access("exchange.see")
def network() -> Any:
    """Who learns from whom; narrowed as the list is."""
    chosen, found = _chosen()
    pairs = places.pairs(found)
    return render_template(
        "pictures/who_learns.html",
        chosen=chosen,
        pairs=pairs,
        most=places.PAIRS_SHOWN,
        picture=circle.layout({(one.host_id, one.learner_id): one.total for one in pairs}),
        names={**{p.host_id: p.host for p in pairs}, **{p.learner_id: p.learner for p in pairs}},
        to=_to(chosen),
    )


def _chosen() -> tuple[dict[str, Any], Any]:
    chosen = filters(ExchangeFilter())
    actor = edge.actor()
    return chosen, narrowed(policy.scoped(Exchange, actor), chosen, actor)


def _to(chosen: dict[str, Any]) -> Any:
    kept = {k: "yes" if v is True else v for k, v in chosen.items() if v and k not in PAGING}
    return lambda **more: url_for("exchanges.index", **{**kept, **more})
