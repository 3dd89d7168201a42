"""A row that an address or a form names by its number."""

from typing import Any, TypeVar

from flask import request

from exchange import edge, policy
from exchange.errors import NotFound
from exchange.extensions import Base

Row = TypeVar("Row", bound=Base)


def row_named(model: type[Row], name: str) -> Row:
    """The row of ``model`` whose number is sent as ``name``.

    :raises NotFound: no number, no such row, or none that the actor may know of.
    """
    sent: Any = request.form.get(name) or request.args.get(name, "")
    if not sent.isdecimal() or len(sent) > 9:
        raise NotFound("not_found", noun=model.__tablename__, id=sent)
    return policy.find(model, int(sent), edge.actor())
