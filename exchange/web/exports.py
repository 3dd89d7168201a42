"""Lists as files: /exports/needs.csv takes the filters of the list of needs."""

from typing import Any

from flask import Blueprint

from exchange.edge import access
from exchange.edge_sheets import table

pages = Blueprint("exports", __name__, url_prefix="/exports")


@pages.get("/<noun>.<extension>")
@access("export.see")
def show(noun: str, extension: str) -> Any:
    """A list as CSV or XLSX."""
    return table(noun, extension)
