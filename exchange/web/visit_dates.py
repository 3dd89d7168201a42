"""Agreeing on the dates of a visit."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.edge import access
from exchange.transaction import transaction
from exchange.visits import dates
from exchange.visits.models import DateAnswer, Visit, VisitDates
from exchange.visits.schemas import DatesAnswerSchema, VisitDatesSchema
from exchange.web.forms import Form

pages = Blueprint("visit_dates", __name__)


def room(visit: Visit) -> dict[str, Any]:
    """What the part of a visit's page about its dates shows."""
    proposals = dates.dates_of(visit)
    sides = dates.sides(visit.exchange)
    return {
        "proposals": proposals,
        "sides": sides,
        "speaks_for": dates.spoken_for(visit, edge.actor()),
        "answers": DateAnswer,
        "waited_for": {one.id: dates.waited_for(one, sides) for one in proposals},
        "booked": dates.booked_at(visit, proposals),
        "dates_open": dates.is_open(visit),
    }


@pages.route("/visits/<int:id>/dates/new", methods=["GET", "POST"])
@access("visit.propose_dates", Visit)
def propose(visit: Visit) -> Any:
    """Propose dates for a visit."""
    form = Form(VisitDatesSchema(sides_of=visit.id))

    def save(data: dict[str, Any]) -> VisitDates:
        policy.require_one_of(data["organisation_id"], dates.spoken_for(visit, edge.actor()))
        return dates.propose(
            visit,
            data["organisation_id"],
            data["starts_on"],
            data["ends_on"],
            remark=data["remark"],
        )

    if form.submit(save) is None:
        back = url_for("visits.show", id=visit.id)
        facts = {"title": _("Propose dates"), "back": back, "dated": visit}
        return render_template("visits/form.html", form=form, **facts), form.status
    flash(_("The others see your dates and can answer."))
    return redirect(url_for("visits.show", id=visit.id, _anchor="dates"))


@pages.post("/visits/dates/<int:id>/answer")
@access("visit.answer_dates", VisitDates)
def answer(proposal: VisitDates) -> Any:
    """Say whether proposed dates fit."""
    sent = {k: request.form.get(k, "") for k in ("organisation_id", "answer")}
    data = DatesAnswerSchema().load(sent)
    policy.require_one_of(data["organisation_id"], dates.spoken_for(proposal.visit, edge.actor()))
    with transaction():
        said = DateAnswer(data["answer"])
        dates.answer(proposal, data["organisation_id"], said)
    flash(_("Your answer is noted."))
    return _back(proposal)


@pages.post("/visits/dates/<int:id>/agree")
@access("visit.agree_dates", VisitDates)
def agree(proposal: VisitDates) -> Any:
    """Make these the dates of the visit."""
    with transaction():
        dates.agree(proposal, actor=edge.actor())
    flash(_("Agreed: these are the dates of the visit."))
    return _back(proposal)


def _back(proposal: VisitDates) -> Any:
    return redirect(url_for("visits.show", id=proposal.visit_id, _anchor="dates"))
