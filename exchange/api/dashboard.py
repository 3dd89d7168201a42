"""/api/v1/dashboard"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.api.schemas import OrganisationBrief
from exchange.clock import now
from exchange.dashboards import queries
from exchange.dashboards.cut import Cut, cut_for
from exchange.dashboards.pipeline import Row, pipeline
from exchange.dashboards.schemas import DashboardFilter
from exchange.edge import access
from exchange.exchanges.ageing import Age

resources = Blueprint(
    "api_dashboard", __name__, url_prefix="/api/v1/dashboard", description="Dashboard"
)


class CountsOut(Schema):
    """A stage or a state of the pipeline."""

    total = fields.Integer()
    overdue = fields.Integer()
    median_days = fields.Integer(allow_none=True)
    target_days = fields.Integer(allow_none=True)
    ages = fields.Dict(keys=fields.String(), values=fields.Integer())


class LateOut(Schema):
    """An exchange that is overdue or stuck."""

    id = fields.Integer()
    reference = fields.String()
    title = fields.String()
    state = fields.String()
    due_on = fields.Date(allow_none=True)
    state_since = fields.DateTime()
    proposer = fields.Nested(OrganisationBrief)


class NextVisitOut(Schema):
    """A visit to come."""

    id = fields.Integer()
    exchange_id = fields.Integer()
    title = fields.String()
    place = fields.String()
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)


class ThemeOut(Schema):
    """The unmatched needs of a theme."""

    theme = fields.String(attribute="term.code")
    total = fields.Integer()
    offers = fields.Integer()
    oldest = fields.DateTime(allow_none=True)


class DashboardOut(Schema):
    """Every figure of the dashboard."""

    at = fields.DateTime()
    section = fields.String(allow_none=True)
    owner = fields.Integer(allow_none=True)
    programme_id = fields.Integer(allow_none=True)
    overdue = fields.Integer()
    stuck = fields.Integer()
    due_soon = fields.Integer()
    to_triage = fields.Integer()
    phases = fields.Dict(keys=fields.String(), values=fields.Nested(CountsOut))
    states = fields.Dict(keys=fields.String(), values=fields.Nested(CountsOut))
    late = fields.Nested(LateOut, many=True)
    visits = fields.Nested(NextVisitOut, many=True)
    visits_to_come = fields.Integer()
    unmatched = fields.Nested(ThemeOut, many=True)
    unmatched_needs = fields.Integer()
    by_state = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Integer())
    )
    left_lately = fields.Dict(keys=fields.String(), values=fields.Integer())
    passed_lately = fields.Dict(keys=fields.String(), values=fields.Integer())
    unanswered_twice = fields.Integer()
    forum_id = fields.Integer(allow_none=True)
    cohort = fields.Dict(keys=fields.String(), values=fields.Integer())


@resources.route("")
class Dashboard(MethodView):
    """The figures."""

    @access("dashboard.see")
    @resources.arguments(DashboardFilter, location="query")
    @resources.response(200, DashboardOut)
    def get(self, asked: dict[str, Any]) -> Any:
        """Show every figure of the dashboard; of a section, a programme or an officer if given."""
        actor = edge.actor()
        cut = cut_for(actor, asked)
        found = pipeline(actor, cut)
        names = ("overdue", "stuck", "due_soon", "to_triage")
        return {
            "at": now(),
            "section": cut.section,
            "owner": cut.owner,
            "programme_id": cut.programme_id,
            **{name: getattr(found, name) for name in names},
            "phases": _counts(found.phases),
            "states": _counts(found.states),
            "late": queries.late(actor, cut),
            **_coming(actor, cut),
            **_fates(actor, cut),
            **_cohort(),
        }


def _fates(actor: Any, cut: Cut) -> dict[str, Any]:
    fates = queries.fates(actor, cut)
    flow = {f"{name}_lately": fates.pop(name) for name in ("left", "passed")}
    silent = fates["reminder"].pop("silent", 0) if "reminder" in fates else 0
    return {"by_state": fates, "unanswered_twice": silent, **flow}


def _counts(rows: dict[Any, Row]) -> dict[str, Any]:
    return {
        str(key): {
            "total": row.total,
            "overdue": row.overdue,
            "median_days": row.median,
            "target_days": row.target,
            "ages": {str(age): row.ages[age] for age in Age},
        }
        for key, row in rows.items()
    }


def _coming(actor: Any, cut: Cut) -> dict[str, Any]:
    visits, to_come = queries.next_visits(actor, cut)
    themes, total = queries.unmatched(actor, cut)
    return {
        "visits": [one.visit for one in visits],
        "visits_to_come": to_come,
        "unmatched": themes,
        "unmatched_needs": total,
    }


def _cohort() -> dict[str, Any]:
    way = queries.cohort()
    if way is None:
        return {"forum_id": None, "cohort": {}}
    return {"forum_id": way.forum.id, "cohort": {str(k): n for k, n in way.totals.items()}}
