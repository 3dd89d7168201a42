"""The dashboard of staff and section officers: every number is a link to exactly its list."""

from typing import Any

from flask import Blueprint, render_template, url_for

from exchange import edge
from exchange.clock import now
from exchange.dashboards import places, queries
from exchange.dashboards.cut import Cut, choices, cut_for, within
from exchange.dashboards.pipeline import pipeline
from exchange.dashboards.schemas import DashboardFilter
from exchange.edge import access
from exchange.exchanges.ageing import Age
from exchange.exchanges.models import Exchange
from exchange.forums.cohort import DAYS, STAGES
from exchange.pictures import world
from exchange.web.forms import filters
from workflows.exchange import RULES, ExchangePhase

pages = Blueprint("dashboard", __name__, url_prefix="/dashboard")

SPOTS_SHOWN, SPOTS_TOLD = 20, 8
# What a list can be narrowed by; other names would be passed over without a word.
NAMES = {
    "needs.index": ("section", "programme_id"),
    "matches.index": ("section", "programme_id"),
    "offers.index": (),
    "messages.index": (),
}


@pages.get("")
@access("dashboard.see")
def index() -> Any:
    """What calls for somebody, where everything stands, what comes next."""
    actor = edge.actor()
    offered = choices(actor)
    cut = cut_for(actor, filters(DashboardFilter()), mine=offered.owns_some)
    return render_template(
        "dashboard/index.html",
        at=now(),
        cut=cut,
        offered=offered,
        pipeline=pipeline(actor, cut),
        fates=queries.fates(actor, cut),
        ages=list(Age),
        open_phases=[phase for phase in ExchangePhase if phase != ExchangePhase.closed],
        to=_to(cut),
        recent=queries.recent(actor, cut),
        way=queries.cohort(),
        stages=STAGES,
        columns=DAYS,
        **_lists(actor, cut),
        **_map(actor, cut),
    )


@pages.get("/states")
@access("dashboard.see")
def states() -> Any:
    """The pipeline once more, by state: for whoever looks closer."""
    actor = edge.actor()
    cut = cut_for(actor, filters(DashboardFilter()))
    return render_template(
        "dashboard/states.html",
        cut=cut,
        pipeline=pipeline(actor, cut),
        ages=list(Age),
        rules=RULES,
        to=_to(cut),
    )


def _lists(actor: Any, cut: Cut) -> dict[str, Any]:
    late, (visits, to_come) = queries.late(actor, cut), queries.next_visits(actor, cut)
    themes, without_match = queries.unmatched(actor, cut)
    ids = {one.id for one in late} | {one.visit.exchange_id for one in visits}
    return {
        "late": late,
        "visits": visits,
        "to_come": to_come,
        "pairings": queries.pairings(ids),
        "themes": themes,
        "without_match": without_match,
    }


def _map(actor: Any, cut: Cut) -> dict[str, Any]:
    spots = places.spots(within(Exchange, actor, cut), SPOTS_SHOWN)
    return {
        "spots": {spot.at: spot for spot in spots},
        "told": spots[:SPOTS_TOLD],
        "dots": world.dots([(spot.at, spot.lat, spot.lon, spot.total) for spot in spots]),
    }


def _to(cut: Cut) -> Any:
    """Addresses of lists, narrowed as the dashboard is."""

    def address(endpoint: str, **query: Any) -> str:
        names = NAMES.get(endpoint)
        kept = {} if names == () else cut.query(*(names or ()))
        return url_for(endpoint, **kept, **query)

    return address
