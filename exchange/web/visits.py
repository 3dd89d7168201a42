"""The pages of visits: the list, one visit, programme and checklist, who came, who said what."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange import edge, labels, policy
from exchange.clock import today
from exchange.edge import access
from exchange.edge_seen import shown
from exchange.exchanges.models import Exchange, PartnerRole
from exchange.listing import page_of
from exchange.transaction import transaction
from exchange.visits import actions, evaluation, queries
from exchange.visits.calendar import begins, calendar
from exchange.visits.models import (
    ChecklistItem,
    ParticipantRole,
    Visit,
    VisitMode,
    VisitSession,
    VisitTime,
)
from exchange.visits.schemas import (
    ChecklistSchema,
    VisitAttendanceSchema,
    VisitFilter,
    VisitSchema,
    VisitSessionSchema,
)
from exchange.web import visit_dates
from exchange.web.forms import Form, filters

pages = Blueprint("visits", __name__)
pages.add_app_template_global(queries.may_plan, "may_plan_visit")


@pages.get("/visits")
@access("visit.see")
def index() -> Any:
    """The list of visits: those to come, unless asked otherwise."""
    chosen = filters(VisitFilter())
    query = queries.listed(policy.scoped(Visit, edge.actor()), chosen, edge.actor())
    page = page_of(query, chosen, queries.SORTS)
    words = {"host": PartnerRole.host, "times": VisitTime, "modes": VisitMode}
    return render_template("visits/list.html", page=page, chosen=chosen, **words)


@pages.get("/visits/<int:id>")
@access("visit.see", Visit)
def show(visit: Visit) -> Any:
    """One visit; people and logistics are for those who take part."""
    sessions = queries.programme(visit)
    inside = policy.allowed(edge.actor(), "visit.see_inside", visit)
    facts: dict[str, Any] = _inside(visit) if inside else {}
    return render_template(
        "visits/show.html",
        visit=visit,
        sessions=sessions,
        clashes=queries.clashes(sessions),
        begins=begins,
        inside=inside,
        own=queries.own_part(visit, edge.signed_in()),
        **facts,
    )


def _inside(visit: Visit) -> dict[str, Any]:
    participants = queries.delegation(visit)
    shown(*participants)
    return {
        "participants": participants,
        "balance": queries.balance(participants),
        "today": today(visit.time_zone),
        "checklist": queries.checklist(visit),
        "evaluation_open": evaluation.is_open(visit),
        **visit_dates.room(visit),
    }


@pages.route("/exchanges/<int:id>/visits/new", methods=["GET", "POST"])
@access("visit.edit", Exchange)
def create(exchange: Exchange) -> Any:
    """Plan the next visit of an exchange."""
    form = Form(VisitSchema(), initial={"time_zone": queries.time_zone_of(exchange)})
    visit = form.submit(lambda data: actions.plan_visit(exchange, data, actor=edge.actor()))
    if visit is None:
        back = url_for("exchanges.show", id=exchange.id)
        return _form(form, _("Plan a visit"), back)
    flash(_("Saved. Now add the programme and the participants."))
    return redirect(url_for("visits.show", id=visit.id))


@pages.route("/visits/<int:id>/edit", methods=["GET", "POST"])
@access("visit.edit", Visit)
def edit(visit: Visit) -> Any:
    """Change a visit."""
    form = Form(VisitSchema(), visit)
    done = form.submit(lambda data: actions.edit_visit(visit, data, actor=edge.actor()))
    return _after(done, form, visit, _("Change the visit"), dated=visit)


@pages.get("/visits/<int:id>/calendar.ics")
@access("visit.see_inside", Visit)
def calendar_file(visit: Visit) -> Any:
    """The visit for one's own calendar."""
    return ics(visit)


def ics(visit: Visit) -> Response:
    """The iCalendar file of a visit, as a download."""
    name = f"{visit.exchange.reference}-{visit.number}.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(calendar(visit), mimetype="text/calendar", headers=headers)


@pages.route("/visits/<int:id>/sessions/new", methods=["GET", "POST"])
@access("visit.edit", Visit)
def add_session(visit: Visit) -> Any:
    """Add a session to the programme."""
    form = Form(VisitSessionSchema(), initial={"day": visit.starts_on})
    done = form.submit(lambda data: actions.add_session(visit, data, actor=edge.actor()))
    return _after(done, form, visit, _("Add a session"))


@pages.route("/visits/sessions/<int:id>/edit", methods=["GET", "POST"])
@access("visit.edit", VisitSession)
def edit_session(session: VisitSession) -> Any:
    """Change a session."""
    form = Form(VisitSessionSchema(), session)
    done = form.submit(lambda data: actions.edit_session(session, data, actor=edge.actor()))
    return _after(done, form, session.visit, _("Change the session"))


@pages.post("/visits/sessions/<int:id>/delete")
@access("visit.edit", VisitSession)
def delete_session(session: VisitSession) -> Any:
    """Take a session out of the programme."""
    visit_id = session.visit_id
    with transaction():
        actions.remove_session(session, actor=edge.actor())
    flash(_("Removed."))
    return redirect(url_for("visits.show", id=visit_id))


@pages.route("/visits/<int:id>/checklist/new", methods=["GET", "POST"])
@access("visit.edit", Visit)
def add_item(visit: Visit) -> Any:
    """Add a point to the checklist."""
    form = Form(ChecklistSchema())
    done = form.submit(lambda data: actions.add_item(visit, data, actor=edge.actor()))
    return _after(done, form, visit, _("Add to the checklist"))


@pages.post("/visits/checklist/<int:id>/tick")
@access("visit.edit", ChecklistItem)
def tick(item: ChecklistItem) -> Any:
    """Mark a point as done."""
    with transaction():
        actions.tick(item, actor=edge.actor())
    return redirect(url_for("visits.show", id=item.visit_id, _anchor="checklist"))


@pages.post("/visits/checklist/<int:id>/untick")
@access("visit.edit", ChecklistItem)
def untick(item: ChecklistItem) -> Any:
    """Open a point again."""
    with transaction():
        actions.untick(item, actor=edge.actor())
    return redirect(url_for("visits.show", id=item.visit_id, _anchor="checklist"))


@pages.post("/visits/checklist/<int:id>/delete")
@access("visit.edit", ChecklistItem)
def delete_item(item: ChecklistItem) -> Any:
    """Take a point off the checklist."""
    visit_id = item.visit_id
    with transaction():
        actions.remove_item(item, actor=edge.actor())
    return redirect(url_for("visits.show", id=visit_id, _anchor="checklist"))


@pages.route("/visits/<int:id>/attendance", methods=["GET", "POST"])
@access("visit.record_attendance", Visit)
def attendance(visit: Visit) -> Any:
    """Write down who came."""
    form = Form(VisitAttendanceSchema())
    done = form.submit(
        lambda data: actions.record_attendance(visit, data["attended_ids"], actor=edge.actor())
    )
    if done is None:
        people = queries.delegation(visit)
        shown(*people)
        page = render_template("visits/attendance.html", form=form, visit=visit, people=people)
        return page, form.status
    return _saved(visit)


@pages.post("/visits/<int:id>/evaluation/open")
@access("visit.open_evaluation", Visit)
def open_evaluation(visit: Visit) -> Any:
    """Ask everybody for their evaluation."""
    with transaction():
        actions.open_evaluation(visit, actor=edge.actor())
    flash(_("The evaluation is open."))
    return redirect(url_for("visits.show", id=visit.id))


@pages.get("/visits/<int:id>/evaluation")
@access("evaluation.see", Visit)
def results(visit: Visit) -> Any:
    """What the evaluation says: counts, averages, texts without names."""
    found = evaluation.results(visit)
    words = {"roles": labels.CHOICES[ParticipantRole], "yes_or_no": labels.YES_PARTLY_NO}
    return render_template("visits/results.html", visit=visit, results=found, **words)


def _form(form: Form, title: str, back: str, **facts: Any) -> Any:
    page = render_template("visits/form.html", form=form, title=title, back=back, **facts)
    return page, form.status


def _after(done: Any, form: Form, visit: Visit, title: str, **facts: Any) -> Any:
    if done is None:
        return _form(form, title, url_for("visits.show", id=visit.id), **facts)
    return _saved(visit)


def _saved(visit: Visit) -> Any:
    flash(_("Saved."))
    return redirect(url_for("visits.show", id=visit.id))
