"""The state of learning in the network: figures on screen, as CSV and JSON, and their rows."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, url_for
from flask_babel import gettext as _

from exchange import edge, labels
from exchange.clock import today
from exchange.dashboards.learning_figures import SHARES, Learning, learning
from exchange.dashboards.learning_rows import (
    NONE,
    SORTS,
    By,
    Counted,
    Innovation,
    Track,
    listed,
)
from exchange.dashboards.learning_tables import Figure, figures, narrowing
from exchange.dashboards.schemas import LearningFilter, LearningRowsFilter, TrendStep
from exchange.edge import access
from exchange.listing import page_of
from exchange.spreadsheets.writing import csv_lines
from exchange.web.forms import filters
from exchange.web.words import names_of

pages = Blueprint("learning", __name__, url_prefix="/learning")
# What stands in the tables of the page; the files hold all.
SHOWN = (
    Counted.asked,
    Counted.offered,
    Counted.matched,
    Counted.visited,
    Counted.published,
    Counted.followed,
    Counted.answered,
    Counted.changed,
)


@pages.get("")
@access("learning.see")
def index() -> Any:
    """What was asked, offered, matched, done and changed; its cuts, its trend, what is missing."""
    chosen = filters(LearningFilter())
    found = learning(edge.actor(), chosen)
    return render_template("learning/index.html", **_shown(found, chosen))


@pages.get("/rows")
@access("learning.see")
def rows() -> Any:
    """The rows behind one figure."""
    chosen = filters(LearningRowsFilter())
    counted = Counted(chosen.get("counted") or Counted.asked)
    page = page_of(
        listed(counted, edge.actor(), chosen), {"sort": "-day", **chosen}, SORTS[counted]
    )
    kept = narrowing(chosen)
    return render_template(
        "learning/rows.html",
        page=page,
        counted=counted,
        narrowed=[(labels.FIELDS[k], key_words()(k, v)) for k, v in kept.items()],
        back=url_for("learning.index", **kept),
    )


@pages.get("/figures.csv")
@access("learning.see")
def table() -> Any:
    """Every figure, a line each."""
    chosen = filters(LearningFilter())
    found, words = learning(edge.actor(), chosen), key_words()
    header = [_("Part"), _("Line"), _("Figure"), _("Value"), _("Share of"), _("Of how many")]
    header.append(_("List"))
    lines = [
        (
            labels.CHOICES[By][By(one.part)] if one.part in set(By) else _PARTS[one.part](),
            words(one.part, one.key),
            labels.choice(one.counted),
            one.number,
            labels.choice(one.of),
            one.of_number,
            address(one),
        )
        for one in figures(found, chosen)
    ]
    name = f"learning-{today()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(csv_lines(header, lines), mimetype="text/csv", headers=headers)


@pages.get("/figures.json")
@access("learning.see")
def data() -> Any:
    """The same, for machines: codes instead of words."""
    chosen = filters(LearningFilter())
    lines = [
        {
            "part": one.part,
            "key": one.key,
            "counted": str(one.counted),
            "number": one.number,
            "of": one.of and str(one.of),
            "of_number": one.of_number,
            "rows": address(one),
        }
        for one in figures(learning(edge.actor(), chosen), chosen)
    ]
    answer = jsonify({"on": today().isoformat(), "asked": narrowing(chosen), "figures": lines})
    answer.headers["Content-Disposition"] = f'attachment; filename="learning-{today()}.json"'
    return answer


def address(one: Figure) -> str:
    """Where the rows of a figure are listed."""
    return url_for("learning.rows", counted=one.counted, **one.asked, _external=True)


_OF_TWO = {By.track: Track, By.innovation: Innovation}
_PARTS = {"total": lambda: _("In all"), "period": lambda: _("Period")}


def key_words() -> Any:
    """What a key of a cut is called in the reader's language."""
    names: dict[str, Mapping[str, str]] = {}

    def words(part: str, key: str) -> str:
        if key == NONE:
            return _("not said")
        if part in _OF_TWO:
            return str(labels.choice(_OF_TWO[By(part)](key)))
        if part == "period":
            year, _dash, half = key.partition("-")
            return _("%(year)s, half %(half)s", year=year, half=half) if half else key
        if part not in set(By):
            return key
        vocabulary = "sdg_goal" if part == By.sdg else part
        if part not in names:
            names[part] = names_of(vocabulary)
        name = names[part].get(key, key)
        return f"{key} {name}" if part == By.sdg else name

    return words


def _shown(found: Learning, chosen: dict[str, Any]) -> dict[str, Any]:
    by_half, kept = chosen.get("step") == TrendStep.half, narrowing(chosen)
    years = found.periods()
    base = found.baseline(chosen.get("baseline"))
    last = next((year for year in years if year not in (NONE, base)), None)
    return {
        "found": found,
        "chosen": chosen,
        "words": key_words(),
        "counted": list(Counted),
        "columns": SHOWN,
        "shares": SHARES,
        "trend": found.periods(by_half=by_half),
        "years": years,
        "base": base,
        "last": last,
        "to": lambda one, **more: url_for("learning.rows", counted=one, **{**kept, **more}),
        "files": {name: url_for(f"learning.{name}", **kept) for name in ("paper", "table", "data")},
        "cuts": {by: ordered(by, rows) for by, rows in found.cuts.items()},
    }


def ordered(by: By, rows: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """SDGs by their number, the others by what is asked most; what is not said comes last."""

    def place(one: tuple[str, Any]) -> Any:
        key, row = one
        number = int(key) if by == By.sdg and key.isdigit() else -row[Counted.asked]
        return (key == NONE, number, key)

    return sorted(rows.items(), key=place)
