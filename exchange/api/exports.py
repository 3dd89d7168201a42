"""/api/v1/exports"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from exchange.edge import access
from exchange.edge_sheets import table

resources = Blueprint(
    "api_exports", __name__, url_prefix="/api/v1/exports", description="Lists as files"
)


@resources.route("/<noun>.<extension>")
class OneExport(MethodView):
    """A list as CSV or XLSX."""

    @access("export.see")
    def get(self, noun: str, extension: str) -> Any:
        """Take a list away as CSV or XLSX, narrowed by the filters of that list."""
        return table(noun, extension)
