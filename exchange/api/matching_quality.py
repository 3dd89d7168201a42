"""/api/v1/matching/quality"""

from dataclasses import asdict
from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from exchange.api.listing import described
from exchange.edge import access
from exchange.matching.quality import quality
from exchange.matching.schemas import QualityFilter

resources = Blueprint(
    "api_matching_quality",
    __name__,
    url_prefix="/api/v1/matching/quality",
    description="How well matching serves the network",
)


@resources.route("")
class MatchingQuality(MethodView):
    """Figures of the history of matching."""

    @access("matching_quality.see")
    @resources.doc(**described({"type": "object"}, "The figures."))
    @resources.arguments(QualityFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """All figures; ``rows`` are the filters of the list behind a figure."""
        found = quality(section=filters.get("section", ""), since=filters.get("since"))
        return {**asdict(found), "since": found.since.isoformat() if found.since else None}
