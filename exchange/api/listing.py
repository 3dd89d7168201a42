"""How the API shows one row and a page of rows."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from exchange import edge, policy
from exchange.errors import Invalid, NotFound
from exchange.listing import Page


def described(schema: Any, text: str, kind: str = "application/json") -> dict[str, Any]:
    """What the document says of an answer that no schema writes, for ``@resources.doc``.

    :param schema: a marshmallow schema, or a schema of OpenAPI.
    """
    return {"responses": {"200": {"description": text, "content": {kind: {"schema": schema}}}}}


def named(field: str, model: Any, data: Mapping[str, Any]) -> Any:
    """The row that a field of what was sent names.

    :raises Invalid: there is none, or none that one may know of.
    """
    try:
        return policy.find(model, data[field], edge.actor())
    except NotFound:
        raise Invalid(field, "not_found") from None


def page_body(page: Page, schema: Schema) -> dict[str, Any]:
    """A page as JSON: the rows, where they lie, how many there are."""
    return {
        "items": schema.dump(page.items, many=True),
        "page": page.number,
        "size": page.size,
        "pages": page.pages,
        "total": page.total,
    }
