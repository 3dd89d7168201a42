"""How the program is doing, for administrators: what waits, who is at work, what failed."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.clock import now
from exchange.edge import access
from exchange.labels import operations as words
from exchange.operations import actions, broker, health, queries
from exchange.operations.schemas import RingSchema
from exchange.practices.models import Observatory
from exchange.spreadsheets.actions import check_again
from exchange.spreadsheets.models import Import
from exchange.transaction import transaction

pages = Blueprint("operations", __name__, url_prefix="/operations")


@pages.get("")
@access("operations.see")
def show() -> Any:
    """Health, queue, workers, timetable, and what failed with a button to try again."""
    at, settings = now(), edge.settings()
    tallies = queries.tallies()
    put_off, put_off_all = queries.put_off()
    return render_template(
        "operations/show.html",
        at=at,
        words=words,
        looks=health.looks(settings),
        queue=broker.look(settings),
        waiting=queries.waiting(at),
        processes=queries.processes(at),
        timetable=[row for row in tallies if row.every],
        late={row.task for row in tallies if queries.late(row, at)},
        failing=[row for row in tallies if row.problem],
        heard=queries.clock_rang_at(tallies),
        failures=queries.failures(),
        put_off=put_off,
        put_off_all=put_off_all,
    )


@pages.post("/ring")
@access("operations.ring")
def ring() -> Any:
    """Have a task done now."""
    with transaction():
        row = actions.ring(RingSchema().load(request.form.to_dict(), unknown="exclude")["task"])
    flash(
        _("Asked for: %(task)s. It is done as soon as a worker is free.", task=words.task(row.task))
    )
    return redirect(url_for("operations.show"))


def _asked_for(what: str) -> None:
    flash(_("Asked for: %(task)s. It is done as soon as a worker is free.", task=what))


@pages.post("/imports/<int:id>/again")
@access("operations.ring", Import)
def again(row: Import) -> Any:
    """Check a refused sheet anew."""
    with transaction():
        check_again(row)
    flash(_("The file is being checked again."))
    return redirect(url_for("imports.show", id=row.id))


@pages.post("/observatories/<int:id>/again")
@access("operations.ring", Observatory)
def harvest_again(row: Observatory) -> Any:
    """Look at the address of an observatory anew."""
    with transaction():
        actions.harvest(row)
    _asked_for(row.name)
    return redirect(url_for("operations.show"))
