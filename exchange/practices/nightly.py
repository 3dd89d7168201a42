"""Harvesting by night: what each observatory gave, or why it gave nothing, stays on its row.

Whoever looks finds by the rows what is due: a look too many does nothing, and an observatory whose
look was cut off is looked at again within the same night.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import or_, select

from exchange import steps
from exchange.clock import night_of, now
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.practices.fetching import fetch
from exchange.practices.harvesting import Harvest, download, take_in
from exchange.practices.models import HarvestProblem, Observatory
from exchange.transaction import read_only, transaction


def due(at: datetime, time_zone: str) -> list[int]:
    """Ids of the observatories that nobody has looked at in the night that ``at`` lies in; by day
    none.

    :param time_zone: whose night it is (an IANA name).
    """
    began = night_of(at, time_zone)
    if began is None:
        return []
    query = select(Observatory.id).where(
        Observatory.nightly,
        Observatory.harvest_url != "",
        or_(Observatory.tried_at.is_(None), Observatory.tried_at < began),
    )
    return list(db.session.scalars(query.order_by(Observatory.id)))


def look_at(observatory_id: int, get: Callable[[str], bytes] = fetch) -> Harvest | None:
    """Fetch the records of an observatory and take them in; None when there were none to be had.

    It commits what it finds: nobody waits for a stranger with the database held.
    """
    with read_only(), transaction():
        query = select(Observatory.harvest_url).where(Observatory.id == observatory_id)
        address = db.session.scalar(query) or ""
    try:
        records = download(address, get)
    except Invalid as failure:
        with transaction():
            _note(observatory_id, failure)
        return None
    with transaction():
        row = db.session.get_one(Observatory, observatory_id)
        steps.lock(row)
        return take_in(row, records, actor=None)


def _note(observatory_id: int, failure: Invalid) -> None:
    row = db.session.get(Observatory, observatory_id)
    if row is not None and "reason" in failure.facts:
        row.tried_at, row.problem = now(), HarvestProblem(failure.facts["reason"])
