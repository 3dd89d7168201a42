"""The desk of a city."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.dashboards.city import CityDesk, city_desk
from exchange.dashboards.ledger import asked_to_show
from exchange.directory.queries import acts_for_ids
from exchange.edge import access
from exchange.exchanges.queries import days_left
from exchange.exchanges.turns import whose_turn
from exchange.web.my import strip

pages = Blueprint("city", __name__, url_prefix="/city")


@pages.get("")
@access("desk.see")
def show() -> Any:
    """Your turn first, then what is suggested, what runs, and what would make matches easier."""
    desk = city_desk(edge.signed_in())
    return render_template(
        "city/show.html",
        desk=desk,
        to_show=asked_to_show(acts_for_ids(edge.actor()), edge.actor()),
        profile=profile_of(desk),
        strip=strip,
        days_left=days_left,
        whose_turn=whose_turn,
    )


def profile_of(desk: CityDesk) -> list[dict[str, Any]]:
    """What the matcher and other cities need to know, each with whether it is there."""
    city = desk.organisation
    if city is None:
        return []
    edit = ""
    if policy.allowed(edge.actor(), "organisation.edit", city):
        edit = url_for("organisations.edit", id=city.id)
    write = policy.allowed(edge.actor(), "need.create")
    tasks = (
        (_("Working languages"), bool(city.tagged("language")), edit, "#languages"),
        (_("A point of contact"), city.contact_id is not None, edit, "#contact_id"),
        (_("Number of inhabitants"), city.population is not None, edit, "#population"),
        (_("A first need"), "need" in desk.listed, write and url_for("needs.create"), ""),
        (_("A first offer"), "offer" in desk.listed, write and url_for("offers.create"), ""),
    )
    return [
        {
            "label": label,
            "state": "done" if done else "todo",
            "href": f"{href}{field}" if href and not done else "",
            "note": "",
        }
        for label, done, href, field in tasks
    ]
