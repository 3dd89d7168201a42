"""The pages of what an exchange passes on: its road map, its transferability sheet, its changes."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.clock import today
from exchange.edge import access
from exchange.exchanges.models import Exchange
from exchange.lessons import actions
from exchange.lessons.models import Horizon, RoadMapAction
from exchange.lessons.schemas import (
    ChangeSchema,
    RoadMapActionSchema,
    TransferabilitySchema,
    offering,
)
from exchange.steps import steps_of
from exchange.web.forms import Form
from exchange.web.moves import move

pages = Blueprint("road_map", __name__)


@pages.get("/exchanges/<int:id>/road-map")
@access("road_map_action.see", Exchange)
def index(exchange: Exchange) -> Any:
    """What an exchange passes on: actions by horizon, transferability, what changed."""
    return render_template("road_map/show.html", exchange=exchange, horizons=Horizon)


@pages.route("/exchanges/<int:id>/road-map/new", methods=["GET", "POST"])
@access("road_map_action.edit", Exchange)
def create(exchange: Exchange) -> Any:
    """Add an action."""
    form = Form(_action_schema(exchange.id))
    action = form.submit(
        lambda data: actions.add_road_map_action(exchange, data, actor=edge.signed_in())
    )
    if action is None:
        facts = {"form": form, "exchange": exchange, "action": None}
        return render_template("road_map/edit.html", **facts), form.status
    flash(_("Saved."))
    return redirect(url_for("road_map.index", id=exchange.id))


@pages.get("/road-map/<int:id>")
@access("road_map_action.see", RoadMapAction)
def show(action: RoadMapAction) -> Any:
    """One action, with its moves."""
    steps = steps_of("road_map_action", action.id)
    return render_template("road_map/action.html", action=action, steps=steps)


@pages.route("/road-map/<int:id>/edit", methods=["GET", "POST"])
@access("road_map_action.edit", RoadMapAction)
def edit(action: RoadMapAction) -> Any:
    """Change an action."""
    form = Form(_action_schema(action.exchange_id), action)
    done = form.submit(
        lambda data: actions.edit_road_map_action(action, data, actor=edge.signed_in())
    )
    if done is None:
        facts = {"form": form, "exchange": action.exchange, "action": action}
        return render_template("road_map/edit.html", **facts), form.status
    flash(_("Saved."))
    return redirect(url_for("road_map.show", id=action.id))


@pages.post("/road-map/<int:id>/move")
@access("road_map_action.see", RoadMapAction)
def step(action: RoadMapAction) -> Any:
    """Move an action one step."""
    move("road_map_action", action, actions.advance_road_map_action, request.form)
    return redirect(url_for("road_map.show", id=action.id))


@pages.route("/exchanges/<int:id>/transferability", methods=["GET", "POST"])
@access("transferability.edit", Exchange)
def transferability(exchange: Exchange) -> Any:
    """Write what another city must know before it re-uses the practice."""
    form = Form(TransferabilitySchema(), exchange.transferability)
    done = form.submit(
        lambda data: actions.save_transferability(exchange, data, actor=edge.signed_in())
    )
    if done is None:
        facts = {"form": form, "exchange": exchange}
        return render_template("road_map/transferability.html", **facts), form.status
    flash(_("Saved."))
    return redirect(url_for("road_map.index", id=exchange.id, _anchor="transferability"))


@pages.route("/exchanges/<int:id>/changes/new", methods=["GET", "POST"])
@access("recorded_change.record", Exchange)
def change(exchange: Exchange) -> Any:
    """Record what changed at one of the partners."""
    schema = offering(ChangeSchema(), organisation_id=f"partners_of:{exchange.id}")
    form = Form(schema, initial={"recorded_on": today(edge.time_zone())})
    done = form.submit(lambda data: actions.record_change(exchange, data, actor=edge.signed_in()))
    if done is None:
        facts = {"form": form, "exchange": exchange}
        return render_template("road_map/change.html", **facts), form.status
    flash(_("Recorded."))
    return redirect(url_for("road_map.index", id=exchange.id, _anchor="changes"))


def _action_schema(exchange_id: int) -> RoadMapActionSchema:
    return offering(
        RoadMapActionSchema(),
        owner_id=f"partners_of:{exchange_id}",
        contact_id=f"contacts_in:{exchange_id}",
    )
