"""One thing to choose in a form."""

from typing import NamedTuple


class Option(NamedTuple):
    """One thing to choose; ``language`` when somebody wrote its label."""

    value: str
    label: str
    language: str = ""
