"""Reading runs."""

from sqlalchemy import func, select

from exchange.extensions import db
from exchange.runs.models import Run


def last_number(programme_code: str) -> int:
    """The number of the last published run of a programme; 0 before the first."""
    query = select(func.max(Run.number)).where(Run.programme_code == programme_code)
    return db.session.scalar(query) or 0
