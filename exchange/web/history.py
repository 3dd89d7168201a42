"""The history of a record, field by field, and the audit trail as a whole."""

from typing import Any

from flask import Blueprint, g, render_template, url_for
from sqlalchemy import Select

from exchange import edge, policy
from exchange.audit import anchors, history
from exchange.audit.chain import last_link
from exchange.audit.exempt import TABLES
from exchange.directory.models import Role
from exchange.edge import access
from exchange.errors import NotFound
from exchange.listing import page_of
from exchange.predicates import staff
from exchange.schemas import Filter
from exchange.scopes import SCOPES
from exchange.web.forms import filters
from exchange.web.trail import told

pages = Blueprint("history", __name__)
# Whose a record is, as its row says it without a further look.
OWNERS = ("organisation_id", "proposer_id", "published_by_id")


@pages.app_context_processor
def _link() -> dict[str, Any]:
    return {"history_address": address}


def address() -> str:
    """Where the history of the record that this page shows is; empty for whoever may not read it.

    It asks the database nothing: the row and the person are there.
    """
    row, person = g.get("record"), edge.actor()
    if row is None or person is None or type(row) not in SCOPES or row.__tablename__ in TABLES:
        return ""
    own = {getattr(row, name, None) for name in OWNERS}
    if staff(person, None) or own & person.organisation_ids(Role.coordinator):
        return url_for("history.show", noun=row.__tablename__, number=row.id)
    return ""


@pages.get("/history/<noun>/<int:number>")
@access("account.manage")
def show(noun: str, number: int) -> Any:
    """What was changed in a record and its parts: by whom, when, before and after."""
    model = next((m for m in SCOPES if m.__tablename__ == noun and noun not in TABLES), None)
    if model is None:
        raise NotFound("not_found", noun=noun, id=number)
    row = policy.find(model, number, edge.actor())
    policy.require(edge.actor(), "history.see", row)
    with_parts = staff(edge.actor(), None)
    return _page(history.of_record(noun, number, with_parts=with_parts), anchor="")


@pages.get("/log/audit")
@access("audit.see")
def everything() -> Any:
    """Every entry of the trail, and the end of its chain."""
    return _page(history.everything(), anchor=anchors.line(last_link()))


def _page(query: Select[Any], *, anchor: str) -> str:
    page = page_of(query, {"sort": "-newest", **filters(Filter())}, history.SORTS)
    return render_template(
        "log/history.html",
        page=page,
        anchor=anchor,
        told=told(page.items),
    )
