"""The chronology of what was done, year by year, and the rows behind each figure."""

from typing import Any

from flask import Blueprint, render_template, url_for

from exchange import edge
from exchange.dashboards.work_done import (
    NO_YEAR,
    SORTS,
    Done,
    WorkDoneFilter,
    listed,
    work_done,
)
from exchange.edge import access
from exchange.listing import page_of
from exchange.web.forms import filters

pages = Blueprint("work_done", __name__, url_prefix="/work-done")


@pages.get("")
@access("learning.see")
def index() -> Any:
    """What was done in each year."""
    found = work_done(edge.actor())
    sums = {done: sum(row[done] for row in found.values()) for done in Done}
    facts = {"years": found, "sums": sums, "columns": list(Done), "no_year": NO_YEAR}
    return render_template("work_done/index.html", **facts)


@pages.get("/rows")
@access("learning.see")
def rows() -> Any:
    """The rows behind one figure, the latest first."""
    chosen = filters(WorkDoneFilter())
    done = Done(chosen.get("done") or Done.exchanges)
    page = page_of(listed(done, edge.actor(), chosen), {"sort": "-day", **chosen}, SORTS[done])
    facts = {"page": page, "done": done, "year": chosen.get("year"), "no_year": NO_YEAR}
    return render_template("work_done/rows.html", address=_address, **facts)


_PAGES = {
    Done.forums: "forums.show",
    Done.exchanges: "exchanges.show",
    Done.visits: "visits.show",
    Done.notes: "notes.show",
    Done.partnerships: "partnerships.show",
    Done.labs: "labs.show",
}


def _address(done: Done, row: Any) -> str:
    """Where a row is shown: a version and a delivery on the page of their module."""
    if done in (Done.versions, Done.deliveries):
        return url_for("modules.show", id=row.module_id)
    if done == Done.changes:
        return url_for("exchanges.show", id=row.exchange_id)
    return url_for(_PAGES[done], id=row.id)
