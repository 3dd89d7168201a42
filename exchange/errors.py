"""What can go wrong in the domain. The words are at the edge: here are codes and facts."""

from typing import Any


class DomainError(Exception):
    """A rule said no. ``code`` names the rule, ``facts`` are the values for the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        self.code, self.facts = code, facts
        super().__init__(f"{code} {facts}" if facts else code)


class NotAllowed(DomainError):
    """The actor may see this but not do that."""


class NotFound(DomainError):
    """There is no such thing, or the actor may not know of it."""


class Conflict(DomainError):
    """The world has changed since the actor looked."""


class Repeated(DomainError):
    """The same was sent before, and has been done."""


class Invalid(DomainError):
    """A value cannot be taken. ``field`` is the name of the field at fault."""

    def __init__(self, field: str, code: str, **facts: Any) -> None:
        super().__init__(code, **facts)
        self.field = field
