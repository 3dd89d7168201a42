"""/api/v1/search: over everything that one may see."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.edge import access
from exchange.search.queries import find
from exchange.search.schemas import SearchFilter

resources = Blueprint("api_search", __name__, url_prefix="/api/v1", description="Search")


class FoundOut(Schema):
    """One row that was found."""

    id = fields.Integer(attribute="row_id")
    title = fields.Function(lambda hit: "".join(piece.text for piece in hit.title))
    snippet = fields.Function(lambda hit: "".join(piece.text for piece in hit.snippet))
    language = fields.String()


class FoundGroupOut(Schema):
    """The rows of one noun: how many, and the best of them."""

    noun = fields.String()
    total = fields.Integer()
    hits = fields.List(fields.Nested(FoundOut))


@resources.route("/search")
class Search(MethodView):
    """Search over every noun."""

    @access("search.see")
    @resources.arguments(SearchFilter, location="query")
    @resources.response(200, FoundGroupOut(many=True))
    def get(self, filters: dict[str, Any]) -> Any:
        """List what holds the words, the best of each noun; with ``noun`` a page of it alone."""
        asked = {"noun": filters.get("noun", ""), "page": filters.get("page", 1)}
        language = edge.current_language()
        return find(filters.get("q", ""), edge.actor(), language=language, **asked)
