"""What the trail writes of a value: plain, short, and nothing of whom it names."""

import hashlib
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from exchange.personal import annotation

# Enough to see what changed; of what is longer the hash proves the rest.
LONGEST = 2000
HIDDEN = "•••"
SECRETS = ("password", "secret", "token")


def is_masked(column: Any) -> bool:
    """Whether only the fact of a change is written."""
    said = annotation(column)
    return (said is not None and said.masked) or any(word in column.name for word in SECRETS)


def mask(value: Any) -> Any:
    """Something, or nothing: more is not said of it."""
    return HIDDEN if value not in (None, "", [], {}) else plain(value)


def plain(value: Any) -> Any:
    """``value`` as JSON has it."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return _short(_text(value))


def _text(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes, SHA-256 {hashlib.sha256(value).hexdigest()}"
    return str(value)


def _short(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{text[:LONGEST]}… ({len(text)} characters, SHA-256 {digest})"
