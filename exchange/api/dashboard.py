"""/api/v1/dashboard"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.api.schemas import OrganisationBrief
from exchange.clock import now
from exchange.dashboards import queries
from exchange.dashboards.queries import Row
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
    oldest = fields.DateTime(allow_none=True)


class DashboardOut(Schema):
    """Every figure of the dashboard."""

    at = fields.DateTime()
    section = fields.String(allow_none=True)
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
    forum_id = fields.Integer(allow_none=True)
    cohort = fields.Dict(keys=fields.String(), values=fields.Integer())


@resources.route("")
class Dashboard(MethodView):
    """The figures."""

    @access("dashboard.see")
    @resources.arguments(DashboardFilter, location="query")
    @resources.response(200, DashboardOut)
    def get(self, asked: dict[str, Any]) -> Any:
        """Show every figure of the dashboard; of one section when it is given."""
        actor = edge.actor()
        section = queries.section_for(actor, asked.get("section"))
        pipeline = queries.pipeline(actor, section)
        names = ("overdue", "stuck", "due_soon", "to_triage")
        return {
            "at": now(),
            "section": section,
            **{name: getattr(pipeline, name) for name in names},
            "phases": _counts(pipeline.phases),
            "states": _counts(pipeline.states),
            "late": queries.late(actor, section),
            **_coming(actor, section),
            "by_state": queries.fates(actor, section),
            **_cohort(),
        }


def _counts(rows: dict[Any, Row]) -> dict[str, Any]:
    return {
        str(key): {
            "total": row.total,
            "overdue": row.overdue,
            "ages": {str(age): row.ages[age] for age in Age},
        }
        for key, row in rows.items()
    }


def _coming(actor: Any, section: str | None) -> dict[str, Any]:
    visits, to_come = queries.next_visits(actor, section)
    themes, total = queries.unmatched(actor, section)
    return {
        "visits": visits,
        "visits_to_come": to_come,
        "unmatched": themes,
        "unmatched_needs": total,
    }


def _cohort() -> dict[str, Any]:
    found = queries.cohort()
    if found is None:
        return {"forum_id": None, "cohort": {}}
    forum, counts = found
    return {"forum_id": forum.id, "cohort": {str(stage): n for stage, n in counts.items()}}
