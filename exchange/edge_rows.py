"""The number of a row in an address."""

from typing import Any

from werkzeug.routing import IntegerConverter

from exchange.schemas import LARGEST


class RowNumber(IntegerConverter):
    """A number that a column can hold; behind any other there is nothing (404, not an error)."""

    def __init__(self, map: Any, **options: Any) -> None:  # noqa: A002 - as its library names it
        options.setdefault("max", LARGEST)
        super().__init__(map, **options)
