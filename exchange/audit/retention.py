"""How long it is quickly found who saw what; the entries of the trail stay."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from exchange.audit.models import Look
from exchange.extensions import touched

# Long enough to ask about a whole cycle of an exchange.
KEPT_LOOKS = timedelta(days=365)


def purge(*, now: datetime) -> int:
    """Delete what is older; returns how many rows went. The caller commits."""
    return touched(delete(Look).where(Look.day < (now - KEPT_LOOKS).date()))
