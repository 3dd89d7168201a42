"""Two who write at once: whoever says which version they saw is told when it is an older one."""

from typing import Any

from marshmallow import Schema, fields

from exchange.errors import Conflict


class Versioned(Schema):
    """What somebody writes, and the version of the row that they saw."""

    version_id = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        metadata={"description": "The version you saw; without it the last to write wins."},
    )


def require_seen(row: Any, seen: int | None) -> None:
    """:raises Conflict: ``overtaken``, somebody else has written since ``seen``."""
    if seen is not None and seen != getattr(row, "version_id", None):
        raise Conflict("overtaken")
