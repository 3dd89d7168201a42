"""The desk of matching: where an officer begins, and what officers wish of single pairs."""

from typing import Any

from flask import Blueprint, render_template

from exchange import edge, policy
from exchange.catalogue import queries as catalogue
from exchange.catalogue.models import Need
from exchange.catalogue.schemas import NeedFilter
from exchange.edge import access
from exchange.listing import page_of
from exchange.runs import queries
from exchange.runs.models import Run
from exchange.web.forms import filters

pages = Blueprint("matching", __name__, url_prefix="/matching")
LATEST = 5


@pages.get("")
@access("matching_run.see")
def index() -> Any:
    """The latest runs, and the needs that nobody is asked for, the oldest first."""
    chosen = {**filters(NeedFilter(only=["page", "size"])), "unmatched": True}
    runs = queries.listed(policy.scoped(Run, edge.actor()), {})
    latest = page_of(runs, {"sort": "-newest", "size": LATEST}, queries.SORTS)
    query = catalogue.listed(policy.scoped(Need, edge.actor()), Need, chosen, edge.actor())
    page = page_of(query, {"sort": "published", **chosen}, catalogue.NEED_SORTS)
    return render_template("matching/index.html", page=page, latest=latest.items)
