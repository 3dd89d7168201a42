"""How the API shows one row and a page of rows."""

from typing import Any

from marshmallow import Schema

from exchange.listing import Page


def described(schema: Any, text: str, kind: str = "application/json") -> dict[str, Any]:
    """What the document says of an answer that no schema writes, for ``@resources.doc``.

    :param schema: a marshmallow schema, or a schema of OpenAPI.
    """
    return {"responses": {"200": {"description": text, "content": {kind: {"schema": schema}}}}}


def page_body(page: Page, schema: Schema) -> dict[str, Any]:
    """A page as JSON: the rows, where they lie, how many there are."""
    return {
        "items": schema.dump(page.items, many=True),
        "page": page.number,
        "size": page.size,
        "pages": page.pages,
        "total": page.total,
    }
