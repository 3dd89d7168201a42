"""What was sent twice is done once. The caller commits: receipt and deed are one transaction."""

import hashlib

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from exchange.clock import now
from exchange.errors import Repeated
from exchange.extensions import db
from exchange.keeping.models import Receipt


def digest(*parts: str | bytes) -> str:
    """One SHA-256 of ``parts``; where one part ends matters."""
    sha = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        sha.update(len(raw).to_bytes(8, "big") + raw)
    return sha.hexdigest()


def claim(person_id: int, key: str, of: str) -> None:
    """Write the receipt of what is about to be done. Whoever sends the same meanwhile waits here,
    and then is told that it was done; when it fails, the receipt goes with it.

    :param key: the digest of what the sender calls it
    :param of: the digest of what was sent
    :raises Repeated: it was done already.
    """
    row = {"person_id": person_id, "key": key, "digest": of, "created_at": now()}
    try:
        db.session.execute(insert(Receipt).values(address="", body="", **row))
    except IntegrityError:
        raise Repeated("sent_twice", person_id=person_id, key=key) from None


def answered(
    person_id: int, key: str, *, address: str = "", status: int | None = None, body: str = ""
) -> None:
    """Write down what the sender was told, for when they ask again."""
    mine = update(Receipt).where(Receipt.person_id == person_id, Receipt.key == key)
    db.session.execute(mine.values(address=address[:500], status=status, body=body))


def find(person_id: int, key: str) -> Receipt | None:
    """The receipt of what a person sent under ``key``."""
    query = select(Receipt).where(Receipt.person_id == person_id, Receipt.key == key)
    return db.session.scalars(query.execution_options(populate_existing=True)).first()
