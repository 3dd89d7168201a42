"""Reading imports."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from exchange.directory.models import Person
from exchange.listing import Page
from exchange.spreadsheets.models import Import, ImportStage

SORTS = {"newest": Import.id}
AT_WORK = (ImportStage.checking, ImportStage.loading)
PROBLEMS_A_PAGE = 100


def listed(query: Select[tuple[Import]], filters: Mapping[str, Any]) -> Select[tuple[Import]]:
    """Narrow a list of imports and load what it shows: one statement, any length."""
    if filters.get("noun"):
        query = query.where(Import.noun == filters["noun"])
    if filters.get("stage"):
        query = query.where(Import.stage == filters["stage"])
    return query.options(joinedload(Import.person).lazyload(Person.affiliations))


def to_claim(at: datetime) -> Select[Any]:
    """The import that a worker takes next: one that waits, or whose worker has died."""
    dead = and_(Import.stage.in_(AT_WORK), Import.claimed_until < at)
    wanted = and_(Import.stage == ImportStage.checked, Import.load_wanted)
    return (
        select(Import)
        .where(or_(Import.stage == ImportStage.waiting, wanted, dead))
        .order_by(Import.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def problems_page(row: Import, number: int) -> Page:
    """A page of the problems of an import, in the order of the rows."""
    first = (number - 1) * PROBLEMS_A_PAGE
    found = row.problems[first : first + PROBLEMS_A_PAGE]
    return Page(found, number, PROBLEMS_A_PAGE, len(row.problems))
