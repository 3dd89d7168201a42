"""The board: the same exchanges as in the list, in columns, each card with its way to move on."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.edge import access
from exchange.exchanges.board import CARDS, Column, Grouping, columns
from exchange.exchanges.models import Exchange
from exchange.exchanges.schemas import ExchangeFilter
from exchange.schemas import Choice, Text
from exchange.web import exchange_list
from exchange.web.exchange_list import Selects
from exchange.web.forms import filters
from exchange.web.option import Option
from workflows.exchange import ExchangePhase

pages = Blueprint("board", __name__)


class BoardFilter(ExchangeFilter):
    """The filters of the list, what the columns are, and the one that a small screen shows."""

    grouping = Choice(Grouping)
    column = Text(longest=40)


@pages.get("/board")
@access("exchange.see_board")
def show() -> Any:
    """The exchanges that are not closed, in columns."""
    chosen = filters(BoardFilter())
    grouping = chosen.get("grouping") or Grouping.phase
    selects = exchange_list.selects()
    query = policy.scoped(Exchange, edge.actor())
    narrowing = {k: v for k, v in chosen.items() if v and k not in ("grouping", "column")}
    found = columns(query, narrowing, edge.actor(), grouping)
    options = list(_titles(grouping, selects, found))
    shown = [_column(grouping, option, found, narrowing) for option in options]
    return render_template(
        "board/show.html",
        columns=shown,
        one=_one(shown, chosen.get("column")),
        cards=CARDS,
        chosen=chosen,
        narrowed=bool(narrowing),
        grouping=grouping,
        selects=[pair for pair in selects if pair[0] != "phase"],
        here=request.full_path.rstrip("?"),
    )


def _titles(grouping: Grouping, selects: Selects, found: dict[str, Column]) -> Iterable[Option]:
    """The columns in their order; those of officers and regions only when they hold something."""
    by_name = dict(selects)
    if grouping == Grouping.phase:
        return [option for option in by_name["phase"] if option.value != ExchangePhase.closed]
    nobody = [Option("", _("Nobody yet"))] if grouping == Grouping.owner else []
    known = by_name["owner" if grouping == Grouping.owner else "section"]
    gone = [key for key in found if key not in {o.value for o in (*nobody, *known)}]
    left = [Option(key, _name_of(found[key], grouping)) for key in gone]
    return [option for option in (*nobody, *known, *left) if option.value in found]


def _name_of(column: Column, grouping: Grouping) -> str:
    """Somebody who follows exchanges although they are no officer any more; a retired region."""
    owner = column.cards[0].owner
    return owner.name if grouping == Grouping.owner and owner else column.key


def _column(
    grouping: Grouping, option: Option, found: dict[str, Column], narrowing: dict[str, Any]
) -> dict[str, Any]:
    column = found.get(option.value) or Column(option.value)
    asked: dict[str, Any] = {"region": {"section": option.value}, "phase": {"phase": option.value}}
    if grouping == Grouping.owner:
        asked["owner"] = {"owner": option.value} if option.value else {"unowned": "yes"}
    kept = {k: "yes" if v is True else v for k, v in narrowing.items()}
    address = url_for("exchanges.index", **{**kept, "open": "yes", **asked[grouping]})
    return {"column": column, "title": option.label, "key": option.value, "href": address}


def _one(shown: list[dict[str, Any]], asked: str | None) -> str:
    """The column that a small screen shows: the one asked for, else the first with an overdue
    card, else the first that holds anything."""
    keys = [each["key"] for each in shown]
    late = [each["key"] for each in shown if each["column"].overdue]
    full = [each["key"] for each in shown if each["column"].total]
    return next(iter(([asked] if asked in keys else []) + late + full + keys), "")
