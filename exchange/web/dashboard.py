"""The dashboard of staff and section officers: every number is a link to exactly its list."""

from typing import Any

from flask import Blueprint, current_app, render_template, url_for

from exchange import edge
from exchange.clock import now
from exchange.dashboards import queries
from exchange.dashboards.schemas import DashboardFilter
from exchange.edge import access
from exchange.exchanges.ageing import Age
from exchange.forums.cohort import Reached
from exchange.web.forms import filters
from exchange.web.options import terms
from workflows.exchange import RULES, ExchangePhase

pages = Blueprint("dashboard", __name__, url_prefix="/dashboard")


@pages.get("")
@access("dashboard.see")
def index() -> Any:
    """What calls for somebody, where everything stands, what comes next."""
    actor = edge.actor()
    chosen = filters(DashboardFilter())
    section = queries.section_for(actor, chosen.get("section"))
    of_section: dict[str, Any] = {"section": section} if section else {}
    themes, without_match = queries.unmatched(actor, section)
    visits, to_come = queries.next_visits(actor, section)
    return render_template(
        "dashboard/index.html",
        at=now(),
        pipeline=queries.pipeline(actor, section),
        late=queries.late(actor, section),
        visits=visits,
        to_come=to_come,
        themes=themes,
        without_match=without_match,
        fates=queries.fates(actor, section),
        cohort=queries.cohort(),
        ages=list(Age),
        open_phases=[phase for phase in ExchangePhase if phase != ExchangePhase.closed],
        reached=list(Reached),
        address=_address,
        chosen=chosen,
        section=section,
        section_name=_section_name(section),
        to=lambda endpoint, **query: url_for(endpoint, **of_section, **query),
        rules=RULES,
    )


def _section_name(code: str | None) -> str:
    found = (option.label for option in terms("section") if option.value == code)
    return next(found, code or "")


def _address(endpoint: str, **query: Any) -> str:
    """The address of a list; empty for one that this installation does not have."""
    return url_for(endpoint, **query) if endpoint in current_app.view_functions else ""
