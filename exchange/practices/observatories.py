"""What happens to the observatories that practices come from. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import steps
from exchange.errors import Conflict, Invalid
from exchange.extensions import db
from exchange.practices.models import Observatory


def create(data: Mapping[str, Any]) -> Observatory:
    """Add an observatory.

    :raises Invalid: ``code_taken``, another has this code.
    """
    if db.session.scalar(select(Observatory.id).where(Observatory.code == data["code"])):
        raise Invalid("code", "code_taken")
    row = Observatory(**data)
    db.session.add(row)
    db.session.flush()
    return row


def edit(row: Observatory, data: Mapping[str, Any]) -> Observatory:
    """Change an observatory.

    :raises Invalid: ``its_code_stays``.
    :raises Conflict: ``moved_on``, somebody saved it since the caller read it.
    """
    seen = row.version_id
    steps.lock(row)
    if row.version_id != seen:
        raise Conflict("moved_on")
    if data.get("code", row.code) != row.code:
        raise Invalid("code", "its_code_stays")
    for name, value in data.items():
        setattr(row, name, value)
    db.session.flush()
    return row
