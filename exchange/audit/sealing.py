"""Signing an entry, and what of it is signed."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from exchange.extensions import of_app

KEYS = "audit_keys"
# An entry as it is about to be written, or as it was read.
Row = Mapping[str, Any] | RowMapping
# In the order in which they are signed; the number is given by the database, and is in the chain.
SIGNED = (
    "happened_at",
    "person_id",
    "through",
    "place",
    "request_id",
    "action",
    "noun",
    "subject_id",
    "owner_noun",
    "owner_id",
    "changes",
)


def keys_of(own: str, secrets: tuple[str, ...]) -> tuple[bytes, ...]:
    """The keys of the trail: the first signs, all of them are tried when reading.

    :param own: EXCHANGE_AUDIT_KEY; without it the key is drawn from the first of ``secrets``
    """
    drawn = [hmac.digest(secret.encode(), b"audit trail", "sha256") for secret in secrets]
    return (own.encode(), *drawn) if own else tuple(drawn)


def text_of(changes: Mapping[str, Any]) -> str:
    """The changes as they are kept and signed: one way to write each."""
    return json.dumps(changes, sort_keys=True, separators=(",", ":"))


def content(row: Row) -> bytes:
    """What is signed of an entry."""
    values = [row["happened_at"].isoformat(), *(row[name] for name in SIGNED[1:])]
    return json.dumps([None if v is None else v for v in values], default=str).encode()


def sign(row: Row) -> str:
    """The seal of an entry, with the key of the running application."""
    return hmac.new(_keys()[0], content(row), "sha256").hexdigest()


def is_ours(row: Row) -> bool:
    """Whether one of our keys signed this entry as it stands."""
    said = content(row)
    return any(
        hmac.compare_digest(hmac.new(key, said, "sha256").hexdigest(), row["seal"])
        for key in _keys()
    )


def link(before: str, position: int, entry_id: int, row: Row) -> str:
    """The hash of one link. It needs no key: whoever has a copy can follow the chain."""
    head = f"{before}:{position}:{entry_id}:{row['seal']}:".encode()
    return hashlib.sha256(head + content(row)).hexdigest()


def _keys() -> tuple[bytes, ...]:
    known: tuple[bytes, ...] | None = of_app(KEYS)
    if not known:
        raise RuntimeError("the audit trail has no key: create_app() was not called")
    return known
