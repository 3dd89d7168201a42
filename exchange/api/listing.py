"""How the API shows one row and a page of rows."""

from typing import Any

from marshmallow import Schema

from exchange.listing import Page


def page_body(page: Page, schema: Schema) -> dict[str, Any]:
    """A page as JSON: the rows, where they lie, how many there are."""
    return {
        "items": schema.dump(page.items, many=True),
        "page": page.number,
        "size": page.size,
        "pages": page.pages,
        "total": page.total,
    }
