"""One thing done with several exchanges: first what will happen to each, then it is done.

Each exchange is a transaction of its own: one that cannot be done keeps none of the others.
"""

from dataclasses import dataclass
from typing import Any

import structlog
from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from exchange import edge, labels, policy, steps
from exchange.contention import contention
from exchange.edge import access
from exchange.errors import Conflict, DomainError, Invalid, Repeated
from exchange.exchanges import actions
from exchange.exchanges.models import Exchange
from exchange.exchanges.queries import officers
from exchange.extensions import db
from exchange.labels.errors import ERRORS
from exchange.reminders import by_hand
from exchange.transaction import transaction
from exchange.web.filters import state_label
from exchange.web.moves import known_trigger
from exchange.web.moving import moved_by, possible
from exchange.web.named import number_of, numbers_of
from workflows.engine import TransitionRefused
from workflows.exchange import EXCHANGE

log = structlog.get_logger()
pages = Blueprint("bulk", __name__, url_prefix="/exchanges/bulk")
DEEDS, MOST = ("assign", "remind", "move"), 50


@dataclass(frozen=True)
class Line:
    """What will happen to one exchange: in words, with who gets a mail; or why it cannot."""

    exchange: Exchange
    words: str
    mails: tuple[str, ...] = ()
    possible: bool = True


@pages.get("")
@access("exchange.bulk")
def choose() -> Any:
    """What will happen to each of the chosen exchanges."""
    deed, rows = _deed(request.args.get("deed", "")), _rows(request.args.getlist("id"))
    owner, trigger = request.args.get("owner", ""), request.args.get("trigger", "")
    moves = sorted({m.trigger for row in rows for m in possible(row)}, key=EXCHANGE.triggers.index)
    ready = deed == "remind" or (deed == "assign" and "owner" in request.args) or trigger in moves
    lines = [_line(row, deed, owner, trigger) for row in rows] if ready else []
    return render_template(
        "exchanges/bulk.html",
        deed=deed,
        rows=rows,
        lines=lines,
        ready=ready,
        owner=owner,
        trigger=trigger,
        moves=moves,
        officers=officers() if deed == "assign" else [],
        needs_reason=any(EXCHANGE.needs_reason(trigger, row.state) for row in rows),
        most=MOST,
    )


@pages.post("")
@access("exchange.bulk")
def do() -> Any:
    """Do it, one exchange after the other, and say what was done."""
    deed, sent = _deed(request.form.get("deed", "")), request.form
    if deed == "move":
        known_trigger("exchange", sent.get("trigger", ""))
    done, undone = [], []
    for row_id in sorted(numbers_of(sent.getlist("id")))[:MOST]:
        code = _one(row_id, deed, sent)
        if code:
            undone.append(f"{row_id}-{code}")
        else:
            done.append(row_id)
    return redirect(url_for("bulk.report", deed=deed, done=done, undone=undone))


def _one(row_id: int, deed: str, sent: Any) -> str:
    """Do it with one exchange; a code when it cannot be done."""
    try:
        with transaction():
            row = policy.find(Exchange, row_id, edge.actor())
            steps.lock(row)
            if row.state != sent.get(f"state-{row_id}"):
                raise Conflict("moved_on")
            _act(row, deed, sent)
    except TransitionRefused as refusal:
        return (refusal.reasons or ("no_such_move",))[0]
    except StaleDataError:
        return "moved_on"
    except Repeated:
        raise  # a double click: the first one tells what was done
    except DomainError as problem:
        return problem.code
    except DBAPIError as problem:
        code = contention(problem)
        if code is None:
            log.exception("bulk row failed", exchange_id=row_id, deed=deed)
        return code or "not_written"
    return ""


def _act(row: Exchange, deed: str, sent: Any) -> None:
    actor = edge.signed_in()
    if deed == "assign":
        policy.require(actor, "exchange.assign", row)
        actions.assign(row, number_of(sent.get("owner")), actor=actor)
    elif deed == "remind":
        by_hand.remind(row)
    else:
        policy.require(actor, f"exchange.{sent['trigger']}", row)
        actions.advance(row, sent["trigger"], actor=actor, note=sent.get("note", ""))


@pages.get("/done")
@access("exchange.bulk")
def report() -> Any:
    """What was done with which exchange, and what was not, and why."""
    deed = _deed(request.args.get("deed", ""))
    codes = dict(one.partition("-")[::2] for one in request.args.getlist("undone"))
    undone = [(row, _why(row, codes[str(row.id)])) for row in _rows(list(codes))]
    done = _rows(request.args.getlist("done"))
    return render_template("exchanges/bulk_done.html", deed=deed, done=done, undone=undone)


def _why(row: Exchange, code: str) -> str:
    if code == "moved_on":
        return moved_by(row)
    if code in labels.FACTS:
        return str(labels.fact(code))
    return str(ERRORS.get(code) or labels.error("moved_on"))  # an address can be written by hand


def _deed(name: str) -> str:
    if name not in DEEDS:
        raise Invalid("deed", "bad_value")
    return name


def _rows(sent: list[str]) -> list[Exchange]:
    """The chosen exchanges that the reader may know of, by their reference."""
    query = policy.scoped(Exchange, edge.actor()).where(Exchange.id.in_(numbers_of(sent)[:MOST]))
    return list(db.session.scalars(query.order_by(Exchange.reference)).unique())


def _line(row: Exchange, deed: str, owner: str, trigger: str) -> Line:
    if deed == "assign":
        return _assigned(row, owner)
    return _reminded(row) if deed == "remind" else _moved(row, trigger)


def _assigned(row: Exchange, owner: str) -> Line:
    name = next((one.name for one in officers() if str(one.id) == owner), _("nobody"))
    if str(row.owner_id or "") == owner:
        return Line(row, _("%(name)s follows it already.", name=name))
    before = row.owner.name if row.owner else _("nobody")
    return Line(row, _("Followed by %(name)s instead of %(before)s.", name=name, before=before))


def _reminded(row: Exchange) -> Line:
    if code := by_hand.why_not(row):
        return Line(row, str(labels.error(code)), possible=False)
    names = tuple(one.reader.name for one in by_hand.reminded(row))
    return Line(row, _("Those whose turn it is are told that it is late."), names)


def _moved(row: Exchange, trigger: str) -> Line:
    move = next((one for one in possible(row) if one.trigger == trigger), None)
    if move is None:
        missing = EXCHANGE.unmet(trigger, row) or ("no_such_move",)
        return Line(row, " ".join(str(labels.fact(name)) for name in missing), possible=False)
    names = tuple(one.reader.name for one in by_hand.told_of(row, move.dest))  # type: ignore[arg-type]
    return Line(row, _("Moves to %(state)s.", state=state_label(move.dest, "exchange")), names)
