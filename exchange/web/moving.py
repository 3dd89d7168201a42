"""Moving an exchange on: its possible moves, what is still missing for the others, and back."""

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_time
from flask_babel import gettext as _
from marshmallow import ValidationError

from exchange import edge, labels, policy
from exchange.edge import access
from exchange.errors import Conflict, Invalid
from exchange.exchanges import actions
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.messages import holds
from exchange.schemas import StepSchema
from exchange.steps import Step, steps_of
from exchange.transaction import transaction
from exchange.web import sessions
from exchange.web.errors import sentence
from exchange.web.filters import state_label
from exchange.web.moves import known_trigger
from workflows.engine import Move, TransitionRefused
from workflows.exchange import EXCHANGE

pages = Blueprint("moving", __name__, url_prefix="/exchanges")


@dataclass
class Moving:
    """What the page to move an exchange shows."""

    trigger: str = ""
    note: str = ""
    back: str = ""
    hold: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    moved_on: str = ""
    status: int = 200


@pages.get("/<int:id>/move")
@access("exchange.see", Exchange)
def choose(exchange: Exchange) -> Any:
    """Where the exchange can go from here, and what is missing for the rest."""
    phase = request.args.get("phase", "")
    shown = Moving(back=_back(request.args.get("back", "")))
    ready = [move for move in possible(exchange) if _phase(move) == phase]
    shown.trigger = ready[0].trigger if len(ready) == 1 else ""
    return page(exchange, shown)


@pages.post("/<int:id>/drop")
@access("exchange.see", Exchange)
def drop(exchange: Exchange) -> Any:
    """A card was dropped on a column: it moves when there is one way and nothing to say."""
    phase, back = request.form.get("phase", ""), _back(request.form.get("back", ""))
    ready = [move for move in possible(exchange) if _phase(move) == phase]
    if len(ready) == 1 and not ready[0].reason:
        return advance(exchange, {**request.form, "trigger": ready[0].trigger})
    return redirect(url_for("moving.choose", id=exchange.id, phase=phase, back=back or None))


def advance(exchange: Exchange, sent: Any) -> Any:
    """Make the move that was sent, or show the page to move it with what keeps it from moving."""
    shown = Moving(sent.get("trigger", ""), sent.get("note", ""), _back(sent.get("back", "")))
    shown.hold = _holds(sent)
    try:
        step = _make(exchange, sent)
    except ValidationError as problem:
        return _again(
            exchange, shown, {k: str(v) for k, v in problem.normalized_messages().items()}
        )
    except Invalid as problem:
        return _again(exchange, shown, {problem.field: sentence(problem)})
    except TransitionRefused as refusal:
        shown.missing = [str(labels.fact(name)) for name in refusal.reasons or ("no_such_move",)]
        return _again(exchange, shown, {})
    except Conflict as conflict:
        if conflict.code != "moved_on":
            raise
        shown.moved_on, shown.status = moved_by(exchange), 409
        return page(exchange, shown)
    _tell(exchange, step, undoing=bool(sent.get("undo")))
    return redirect(shown.back or url_for("exchanges.show", id=exchange.id))


def _make(exchange: Exchange, sent: Any) -> Step:
    names = ("trigger", "expected_state", "note")
    if not sent.get("trigger"):
        raise Invalid("trigger", "choose_a_move")
    asked = StepSchema(only=names).load({k: v for k, v in sent.items() if k in names})
    known_trigger("exchange", asked["trigger"])
    policy.require(edge.actor(), f"exchange.{asked['trigger']}", exchange)
    if _holds(sent):
        policy.require(edge.actor(), "message.hold")
    with transaction():
        step = actions.advance(
            exchange,
            asked["trigger"],
            actor=edge.actor(),
            note=asked["note"],
            expected_state=asked.get("expected_state"),
        )
        if _holds(sent):
            holds.hold_step(exchange, actor=edge.signed_in())
        return step


def _holds(sent: Any) -> bool:
    return sent.get("hold_mails") == "yes"


def _again(exchange: Exchange, shown: Moving, errors: dict[str, str]) -> Any:
    shown.errors, shown.status = errors, 422
    return page(exchange, shown)


def page(exchange: Exchange, shown: Moving) -> Any:
    """The page to move an exchange, as it stands now."""
    db.session.rollback()  # whatever was refused is read again as it stands
    ready = possible(exchange)
    reasons = {move.trigger for move in ready if move.reason}
    return render_template(
        "exchanges/move.html", exchange=exchange, shown=shown, ready=ready, reasons=reasons
    ), shown.status


def possible(exchange: Exchange) -> list[Move]:
    """The moves that the reader may make now, each with where it leads to."""
    open_now = policy.open_triggers(EXCHANGE, exchange, edge.actor())
    return [_line(exchange, trigger) for trigger in open_now]


def _line(exchange: Exchange, trigger: str) -> Move:
    lines = EXCHANGE.moves_from(exchange.state, trigger)
    return next(line for line in lines if all(guard(exchange) for guard in line.guards))


def _phase(move: Move) -> str:
    return str(EXCHANGE.rule(move.dest).phase)


def _back(address: str) -> str:
    return sessions.local_path(address)


def moved_by(exchange: Exchange) -> str:
    """Who moved the exchange last, where to and when, in a sentence."""
    last = steps_of("exchange", exchange.id)[:1]
    if not last:
        return str(labels.error("moved_on"))
    who = last[0].actor.name if last[0].actor else _("The program")
    state = state_label(last[0].to_state, "exchange")
    at = format_time(last[0].happened_at, "short")
    return _("%(who)s moved it to %(state)s at %(time)s.", who=who, state=state, time=at)


def _tell(exchange: Exchange, step: Step, *, undoing: bool) -> None:
    state = state_label(step.to_state, "exchange")
    words = _("%(reference)s moved to %(state)s.", reference=exchange.reference, state=state)
    undo = None if undoing else _way_back(exchange, step)
    if undo is None:
        flash(words)
        return
    sent = {"trigger": undo.trigger, "expected_state": step.to_state, "undo": "yes"}
    sent["note"] = _("Taken back.") if undo.reason else ""
    # A message may be whatever the session can hold; Flask's types know only text.
    told: Any = {"words": words, "to": url_for("exchanges.step", id=exchange.id), "sent": sent}
    flash(told, "undo")


def _way_back(exchange: Exchange, step: Step) -> Move | None:
    """The move that leads back to where it stood, when the table has one and it is open."""
    return next((move for move in possible(exchange) if move.dest == step.from_state), None)
