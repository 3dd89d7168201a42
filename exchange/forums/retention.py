"""How long the list at the door of a forum tells who came."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from exchange.extensions import touched
from exchange.forums.models import Forum, Guest

# What became of a forum is followed for twelve months; then the cohort of organisations suffices.
KEPT_GUESTS = timedelta(days=365)
# In place of a name, in every language.
ERASED_NAME = "–"


def purge(*, now: datetime) -> int:
    """Take the names off the lists of forums that ended longer ago; returns how many guests.

    What remains is a number: that somebody came, when, and for which organisation. The caller
    commits.
    """
    over = select(Forum.id).where(Forum.ends_on < (now - KEPT_GUESTS).date())
    named = update(Guest).where(Guest.forum_id.in_(over), Guest.name != ERASED_NAME)
    gone = {"name": ERASED_NAME, "folded_name": "", "organisation_name": "", "person_id": None}
    return touched(named.values(**gone))
