"""Rows that an address or a form names by their numbers."""

from collections.abc import Iterable
from typing import Any, TypeVar

from flask import request

from exchange import edge, policy
from exchange.errors import NotFound
from exchange.extensions import Base
from exchange.schemas import LARGEST

Row = TypeVar("Row", bound=Base)


def number_of(sent: str | None) -> int | None:
    """The number of a row as it was sent; None for what no row can have."""
    plain = sent is not None and sent.isascii() and sent.isdecimal() and len(sent) < 20
    return int(sent) if sent and plain and int(sent) <= LARGEST else None


def numbers_of(sent: Iterable[str]) -> list[int]:
    """The numbers among what was sent, each once, in their order."""
    found = (number_of(one) for one in sent)
    return list(dict.fromkeys(one for one in found if one is not None))


def row_named(model: type[Row], name: str) -> Row:
    """The row of ``model`` whose number is sent as ``name``.

    :raises NotFound: no number, no such row, or none that the actor may know of.
    """
    sent: Any = request.form.get(name) or request.args.get(name, "")
    number = number_of(sent)
    if number is None:
        raise NotFound("not_found", noun=model.__tablename__, id=sent)
    return policy.find(model, number, edge.actor())
