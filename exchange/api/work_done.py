"""/api/v1/work-done: what was done year by year, and the rows behind each figure."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.api.learning import LearningRowOut
from exchange.api.listing import page_body
from exchange.dashboards.work_done import SORTS, Done, WorkDoneFilter, listed, work_done
from exchange.edge import access
from exchange.listing import page_of

resources = Blueprint(
    "api_work_done", __name__, url_prefix="/api/v1/work-done", description="What was done by year"
)


class YearOut(Schema):
    """A year with its figures; no year: what has no day."""

    year = fields.Integer(allow_none=True)
    figures = fields.Dict(keys=fields.String(), values=fields.Integer())


@resources.route("")
class WorkDone(MethodView):
    """The chronology."""

    @access("learning.see")
    @resources.response(200, YearOut(many=True))
    def get(self) -> Any:
        """Count what was done in each year since 2011, the latest first."""
        return [
            {"year": year or None, "figures": {str(done): row[done] for done in Done}}
            for year, row in work_done(edge.actor()).items()
        ]


@resources.route("/rows")
class WorkDoneRows(MethodView):
    """The rows of a figure."""

    @access("learning.see")
    @resources.arguments(WorkDoneFilter, location="query")
    def get(self, asked: dict[str, Any]) -> Any:
        """List the rows behind a figure, the latest first; year 0 is what has no day."""
        done = Done(asked.get("done") or Done.exchanges)
        query = listed(done, edge.actor(), asked)
        page = page_of(query, {"sort": "-day", **asked}, SORTS[done])
        return page_body(page, LearningRowOut())
