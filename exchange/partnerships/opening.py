"""What everybody may read of a partnership, as its lead chose. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from exchange import events, steps
from exchange.directory.models import Person
from exchange.errors import Invalid, NotFound
from exchange.extensions import db
from exchange.partnerships import queries
from exchange.partnerships.models import Partnership, PublicPart


def as_form(row: Partnership) -> dict[str, Any]:
    """What is public, by the fields of the form; whoever saves says anew that nobody is named."""
    return {"is_public": row.is_public, **{part: part in row.shown for part in PublicPart}}


def choose(row: Partnership, data: Mapping[str, Any], *, actor: Person) -> Partnership:
    """Make a partnership public with these parts, or take it back.

    :param data: ``is_public``, a flag for each :class:`PublicPart`, and ``nobody_named``: that what
        is shown names no person, or that those named have agreed.
    :raises Invalid: ``people_consent``, that was not said.
    """
    if data["is_public"] and not data.get("nobody_named"):
        raise Invalid("nobody_named", "people_consent")
    steps.lock(row)
    row.is_public = data["is_public"]
    row.shown = [str(part) for part in PublicPart if data.get(part)]
    db.session.flush()
    events.publish("partnership.open_up", id=row.id, person_id=actor.id)
    return row


def published() -> Select[Any]:
    """The public partnerships: what anybody may read."""
    return select(Partnership).where(Partnership.is_public)


def published_as(code: str) -> Partnership:
    """The public partnership at an address, with all that its page may show.

    :raises NotFound: there is none.
    """
    load = (*queries.whole(), joinedload(Partnership.lead))
    query = published().where(Partnership.code == code).options(*load)
    row: Partnership | None = db.session.scalars(query).unique().first()
    if row is None:
        raise NotFound("not_found", noun="partnership", id=code)
    return row
