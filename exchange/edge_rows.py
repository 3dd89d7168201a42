"""The numbers and the words of rows in an address."""

from typing import Any

from werkzeug.routing import IntegerConverter, UnicodeConverter

from exchange.schemas import LARGEST


class RowNumber(IntegerConverter):
    """A number that a column can hold; behind any other there is nothing (404, not an error)."""

    def __init__(self, *rules: Any, **options: Any) -> None:
        options.setdefault("max", LARGEST)
        super().__init__(*rules, **options)


class RowWord(UnicodeConverter):
    """A word that a column can hold: PostgreSQL answers one with a NUL by an error."""

    def __init__(self, *rules: Any, **options: Any) -> None:
        super().__init__(*rules, **options)
        self.regex = self.regex.replace("[^/]", "[^/\\x00]")
