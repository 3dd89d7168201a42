"""What search takes from its address."""

from exchange.schemas import Filter, Text


class SearchFilter(Filter):
    """The words that are looked for, and one noun alone."""

    noun = Text(longest=20)
