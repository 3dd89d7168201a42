"""What search knows: kept true by looks at the rows."""

from exchange.search import keeping
from tasks.app import celery


@celery.task(name="tasks.sweep.search")
def recent() -> None:
    """Read again what changed of late."""
    keeping.keep_recent()


@celery.task(name="tasks.search.keep_all")
def keep_all() -> None:
    """Read again whatever is newer than search knows, and forget what is gone."""
    keeping.keep_all()
