"""The dashboard of staff and section officers: every number is a link to exactly its list."""

from typing import Any

from flask import Blueprint, current_app, render_template, url_for

from exchange import edge
from exchange.clock import now
from exchange.dashboards import queries
from exchange.edge import access
from exchange.exchanges.ageing import Age
from exchange.forums.cohort import Reached
from workflows.exchange import RULES, ExchangePhase

pages = Blueprint("dashboard", __name__, url_prefix="/dashboard")


@pages.get("")
@access("dashboard.see")
def index() -> Any:
    """What calls for somebody, where everything stands, what comes next."""
    actor = edge.actor()
    themes, without_match = queries.unmatched(actor)
    visits, to_come = queries.next_visits(actor)
    return render_template(
        "dashboard/index.html",
        at=now(),
        pipeline=queries.pipeline(actor),
        late=queries.late(actor),
        visits=visits,
        to_come=to_come,
        themes=themes,
        without_match=without_match,
        fates=queries.fates(actor),
        cohort=queries.cohort(),
        ages=list(Age),
        open_phases=[phase for phase in ExchangePhase if phase != ExchangePhase.closed],
        reached=list(Reached),
        address=_address,
        rules=RULES,
    )


def _address(endpoint: str, **query: Any) -> str:
    """The address of a list; empty for one that this installation does not have."""
    return url_for(endpoint, **query) if endpoint in current_app.view_functions else ""
