"""/api/v1/log: every step of every noun."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.dashboards import log
from exchange.dashboards.log import LogFilter
from exchange.edge import access
from exchange.listing import page_of

resources = Blueprint("api_log", __name__, url_prefix="/api/v1/log", description="The log")


class LogStepOut(Schema):
    """A step: who moved what, when, from where to where."""

    id = fields.Integer()
    noun = fields.String(attribute="subject_type")
    subject_id = fields.Integer()
    trigger = fields.String()
    from_state = fields.String()
    to_state = fields.String()
    note = fields.String()
    overrode = fields.Boolean()
    happened_at = fields.DateTime()
    actor_id = fields.Integer(allow_none=True)
    actor = fields.String(attribute="actor.name")


@resources.route("")
class Log(MethodView):
    """The steps."""

    @access("log.see")
    @resources.arguments(LogFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List the steps, the newest first, each with what its subject is called."""
        query = log.listed(filters, edge.time_zone())
        page = page_of(query, {"sort": "-newest", **filters}, log.SORTS)
        names = log.names_of(page.items)
        items = [
            {**LogStepOut().dump(step), "name": names.get((step.subject_type, step.subject_id), "")}
            for step in page.items
        ]
        numbers = {"page": page.number, "size": page.size, "pages": page.pages}
        return {"items": items, **numbers, "total": page.total}
