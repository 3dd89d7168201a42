"""How long the traces of mails that people sent to us are kept."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from exchange.extensions import touched
from exchange.messages.models import Reply

# No mail server brings the same mail again after so long; what staff dealt with is done.
KEPT_REPLIES = timedelta(days=90)


def purge(*, now: datetime) -> int:
    """Delete what was settled long ago; returns how many rows went. The caller commits."""
    old = delete(Reply).where(Reply.settled_at < now - KEPT_REPLIES)
    return touched(old)
