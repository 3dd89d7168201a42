"""The page of one exchange: its tabs, whose turn it is, its timeline, and remarks on it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.dashboards.joined import Joint, joined_to
from exchange.dashboards.timeline import Happened, Timeline, timeline
from exchange.edge import access
from exchange.errors import Invalid
from exchange.exchanges import actions, queries, remarks
from exchange.exchanges.models import Exchange
from exchange.exchanges.schemas import RemarkSchema, Tab
from exchange.lessons import photos, sheets
from exchange.messages import holds as mail_holds
from exchange.predicates import staff
from exchange.web.forms import Form
from workflows.exchange import EXCHANGE

# Where that is shown to which an exchange is joined.
JOINT_PAGES = {
    Joint.challenge: "challenges.show",
    Joint.axis: "strategies.axis",
    Joint.module: "modules.show",
    Joint.topic: "topics.show",
    Joint.method: "methods.show",
    Joint.pilot: "methods.pilot",
    Joint.lab: "labs.show",
    Joint.dialogue: "mechanism_pairs.show",
    Joint.mechanism: "mechanisms.show",
    Joint.partnership: "partnerships.pair",
    Joint.congress: "congresses.show",
}
pages = Blueprint("exchange_page", __name__, url_prefix="/exchanges")


def page(exchange: Exchange) -> str:
    """Draw the tab that the address asks for; mails and plans are for those who take part."""
    actor = edge.actor()
    inside = policy.allowed(actor, "exchange.see_inside", exchange)
    tabs = [tab for tab in Tab if inside or tab not in (Tab.plan, Tab.mails)]
    tab = _asked("tab", Tab, Tab.overview)
    tab = tab if tab in tabs else Tab.overview
    return render_template(
        f"exchanges/_tab_{tab}.html",
        exchange=exchange,
        tab=tab,
        tabs=tabs,
        inside=inside,
        path=queries.path(),
        stands=exchange.held_state or exchange.state,
        ended=EXCHANGE.is_final(exchange.state),
        your_turn=exchange.your_turn,
        editable=policy.allowed(actor, "exchange.edit", exchange)
        and actions.may_edit(exchange, actor),
        **_facts(exchange, tab, inside),
    )


def _facts(exchange: Exchange, tab: Tab, inside: bool) -> dict[str, Any]:
    if tab == Tab.overview:
        joined = joined_to(exchange, edge.actor())
        facts = {"timeline": _timeline(exchange, inside), "kinds": list(Happened)}
        return facts | {"joined": joined, "joint_pages": JOINT_PAGES}
    if tab == Tab.mails:
        held = mail_holds.holds_of(exchange) if policy.allowed(edge.actor(), "message.hold") else []
        return {"timeline": _timeline(exchange, inside, only=Happened.mails), "holds": held}
    if tab == Tab.plan:
        return {"totals": queries.totals(exchange)}
    if tab == Tab.lessons:
        written = sheets.sheets_of(exchange)
        return {
            "writers": sheets.writers(exchange),
            "sheets": written,
            "photos": photos.of_sheets(list(written.values())),
            "asked": photos.asked_of_sheets(list(written.values())),
            "questions": sheets.LessonQuestion,
            "lessons_open": sheets.is_open(exchange),
        }
    return {}


def _timeline(exchange: Exchange, inside: bool, only: Happened | None = None) -> Timeline:
    return timeline(
        exchange,
        inside=inside,
        staff=staff(edge.actor(), exchange),
        only=only or _asked("happened", Happened, None),
        before=_before(),
    )


def _asked(name: str, members: type[StrEnum], otherwise: Any) -> Any:
    asked = request.args.get(name, "")
    return members(asked) if asked in members.__members__ else otherwise


def _before() -> datetime | None:
    """:raises Invalid: the address was changed by hand."""
    asked = request.args.get("before", "")
    try:
        found = datetime.fromisoformat(asked) if asked else None
    except ValueError:
        raise Invalid("before", "bad_value") from None
    if found is not None and found.tzinfo is None:
        raise Invalid("before", "bad_value")
    return found


@pages.route("/<int:id>/remarks/new", methods=["GET", "POST"])
@access("exchange.remark", Exchange)
def remark(exchange: Exchange) -> Any:
    """Write a remark on an exchange."""
    for_staff = staff(edge.actor(), exchange)
    form = Form(RemarkSchema(exclude=() if for_staff else ("audience",)))

    def save(data: dict[str, Any]) -> remarks.Remark:
        audience = remarks.Audience(data.get("audience") or remarks.Audience.insiders)
        return remarks.remark(exchange, data["text"], actor=edge.signed_in(), audience=audience)

    if form.submit(save) is None:
        return render_template("exchanges/remark.html", form=form, exchange=exchange), form.status
    flash(_("Your remark is on the timeline."))
    return redirect(url_for("exchanges.show", id=exchange.id, _anchor="timeline"))
