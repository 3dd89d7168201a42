"""/api/v1/learning: the state of learning in the network, and the rows behind each figure."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.api.listing import page_body
from exchange.clock import today
from exchange.dashboards.learning_figures import learning
from exchange.dashboards.learning_rows import SORTS, Counted, listed
from exchange.dashboards.learning_tables import figures, narrowing
from exchange.dashboards.schemas import LearningFilter, LearningRowsFilter
from exchange.edge import access
from exchange.listing import page_of

resources = Blueprint(
    "api_learning", __name__, url_prefix="/api/v1/learning", description="State of learning"
)


class FigureOut(Schema):
    """A figure: how many, of how many when it is a share, and what narrows its rows."""

    part = fields.String()
    key = fields.String()
    counted = fields.String()
    number = fields.Integer()
    of = fields.String(allow_none=True)
    of_number = fields.Integer(allow_none=True)
    asked = fields.Dict(keys=fields.String(), values=fields.String())


class LearningOut(Schema):
    """All figures of a day."""

    on = fields.Date()
    asked = fields.Dict(keys=fields.String(), values=fields.String())
    figures = fields.Nested(FigureOut, many=True)


class LearningRowOut(Schema):
    """A row that counts: its noun and its id, by which it is read elsewhere."""

    id = fields.Integer()
    noun = fields.Function(lambda row: row.__tablename__)


@resources.route("")
class Learning(MethodView):
    """The figures."""

    @access("learning.see")
    @resources.arguments(LearningFilter, location="query")
    @resources.response(200, LearningOut)
    def get(self, asked: dict[str, Any]) -> Any:
        """Count what was asked, offered, matched, done and changed, by every cut and half-year."""
        found = list(figures(learning(edge.actor(), asked), asked))
        return {"on": today(), "asked": narrowing(asked), "figures": found}


@resources.route("/rows")
class LearningRows(MethodView):
    """The rows of a figure."""

    @access("learning.see")
    @resources.arguments(LearningRowsFilter, location="query")
    def get(self, asked: dict[str, Any]) -> Any:
        """List the rows behind a figure, the latest first."""
        counted = Counted(asked.get("counted") or Counted.asked)
        query = listed(counted, edge.actor(), asked)
        page = page_of(query, {"sort": "-day", **asked}, SORTS[counted])
        return page_body(page, LearningRowOut())
