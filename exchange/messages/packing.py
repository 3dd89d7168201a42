"""The facts of a mail as JSON and back: days and instants keep their kind."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

_DAY, _INSTANT = "__day__", "__instant__"


def packed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """``facts`` as they are kept in the row."""
    return {name: _pack(value) for name, value in facts.items()}


def unpacked(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they were given."""
    return {name: _unpack(value) for name, value in kept.items()}


def _pack(value: Any) -> Any:
    if isinstance(value, datetime):
        return {_INSTANT: value.isoformat()}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    return value


def _unpack(value: Any) -> Any:
    if isinstance(value, dict) and _DAY in value:
        return date.fromisoformat(value[_DAY])
    if isinstance(value, dict) and _INSTANT in value:
        return datetime.fromisoformat(value[_INSTANT])
    return value
