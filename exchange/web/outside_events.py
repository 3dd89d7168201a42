"""The pages of events of other associations, and of what they clash with."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.clock import today
from exchange.edge import access
from exchange.forums.plans import planned_forums
from exchange.listing import page_of
from exchange.mechanisms import actions, queries
from exchange.mechanisms.clashes import Clash, clashes
from exchange.mechanisms.models import OutsideEvent
from exchange.mechanisms.schemas import OutsideEventFilter, OutsideEventSchema
from exchange.visits.models import Visit, VisitDates
from exchange.web.forms import Form, filters
from exchange.web.options import terms

# Who proposes days for a visit seldom thinks further ahead.
AHEAD, SHOWN_AHEAD = timedelta(days=400), 12
pages = Blueprint("outside_events", __name__, url_prefix="/events")


@pages.get("")
@access("outside_event.see")
def index() -> Any:
    """Events of other associations, what comes first."""
    chosen = filters(OutsideEventFilter())
    query = queries.events(policy.scoped(OutsideEvent, edge.actor()), chosen)
    page = page_of(query, {"sort": queries.FIRST_ON, **chosen}, queries.EVENT_SORTS)
    selects = [("theme", terms("theme"))]
    return render_template("outside_events/list.html", page=page, chosen=chosen, selects=selects)


@pages.get("/clashes")
@access("outside_event.see")
def radar() -> Any:
    """What is planned at the time of an event with the same partner or theme."""
    plans = [*queries.planned_visits(policy.scoped(Visit, edge.actor())), *planned_forums()]
    found = clashes(plans, queries.coming_events())
    facts = {"found": found[: queries.MOST_SHOWN], "total": len(found)}
    return render_template("outside_events/clashes.html", **facts)


@pages.route("/new", methods=["GET", "POST"])
@access("outside_event.add")
def create() -> Any:
    """Write an event down."""
    form = Form(OutsideEventSchema(), initial={"language": edge.current_language()})
    if form.submit(lambda data: actions.add_event(data, actor=edge.actor())) is None:
        return _form(form, _("Add an event"))
    return _saved()


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("outside_event.edit", OutsideEvent)
def edit(row: OutsideEvent) -> Any:
    """Change an event."""
    form = Form(OutsideEventSchema(), row)
    if form.submit(lambda data: actions.edit_event(row, data)) is None:
        return _form(form, _("Change the event"))
    return _saved()


@pages.app_template_global("visit_clashes")
def of_visit(visit: Visit, proposals: Iterable[VisitDates] = ()) -> list[Clash]:
    """What the days of a visit, and those that are proposed for it, clash with; each event once."""
    thought_of = [(one.starts_on, one.ends_on) for one in proposals]
    plans = [queries.visit_plan(visit, *days) for days in ((None, None), *thought_of)]
    found = clashes([one for one in plans if one], queries.coming_events())
    return list({(one.event.id, one.plan.starts_on): one for one in found}.values())


@pages.app_template_global("events_to_avoid")
def to_avoid(visit: Visit) -> list[Clash]:
    """The events to come that want the same people as a visit, whatever its days, the first first:
    who thinks of days should see them."""
    plan = queries.visit_plan(visit, today(), today() + AHEAD)
    found = clashes([plan] if plan else [], queries.coming_events())
    return sorted(found, key=lambda one: (one.event.starts_on, one.event.id))[:SHOWN_AHEAD]


def _form(form: Form, title: str) -> Any:
    return render_template("outside_events/edit.html", form=form, title=title), form.status


def _saved() -> Any:
    flash(_("Saved."))
    return redirect(url_for("outside_events.index"))
