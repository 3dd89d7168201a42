"""The report of a period for staff and section officers: on screen, on paper, as CSV."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _

from exchange import edge, labels
from exchange.dashboards.cut import Cut, choices, cut_for
from exchange.dashboards.reports import Period, Report, period_of, report
from exchange.dashboards.schemas import ReportFilter
from exchange.edge import access
from exchange.spreadsheets.writing import csv_lines
from exchange.web.forms import filters
from exchange.web.words import language_name

pages = Blueprint("reports", __name__, url_prefix="/reports")


@pages.get("")
@access("dashboard.see")
def index() -> Any:
    """Funnel, time in stage, regions, themes, languages and outcomes of a period."""
    cut, period, found = _asked()
    kept = {**cut.query(), **period.query()}
    return render_template(
        "reports/index.html",
        cut=cut,
        period=period,
        report=found,
        offered=choices(edge.actor()),
        to=lambda **query: url_for("exchanges.index", **{**kept, **query}),
        csv=url_for("reports.table", since=period.since, until=period.until, **cut.query()),
    )


@pages.get("/figures.csv")
@access("dashboard.see")
def table() -> Any:
    """The figures of the report, a line each."""
    _cut, period, found = _asked()
    header = [_("Part"), _("Line"), _("Figure"), _("Value")]
    name = f"report-{period.since}-{period.until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(csv_lines(header, list(_lines(found))), mimetype="text/csv", headers=headers)


def _asked() -> tuple[Cut, Period, Report]:
    chosen, actor = filters(ReportFilter()), edge.actor()
    cut, period = cut_for(actor, chosen), period_of(chosen)
    return cut, period, report(actor, cut, period)


def _lines(found: Report) -> Iterator[tuple[Any, ...]]:
    for phase, number in found.funnel.items():
        yield _("How far they came"), labels.PHASES[phase], _("Exchanges"), number
    for phase, took in found.took.items():
        for figure, value in (
            (_("Exchanges"), took.number),
            (_("Median, days"), took.median),
            (_("Nine of ten, days"), took.p90),
            (_("Target, days"), took.target),
        ):
            yield _("Time in stage"), labels.PHASES[phase], figure, value
    parts = {_("By section"): found.sections, _("By theme"): found.themes}
    for part, rows in parts.items():
        for term, number in rows:
            yield part, term.label(edge.current_language()), _("Exchanges"), number
    for term, number in found.languages:
        yield _("By language"), language_name(term.code), _("Exchanges"), number
    for state, number in found.outcomes.items():
        yield _("How they ended"), labels.STATES["exchange"][state], _("Exchanges"), number
    for months, states in found.follow_ups.items():
        for one, number in states.items():
            words_of = labels.STATES["follow_up"][one]
            yield (
                _("Follow-up after %(months)s months", months=months),
                words_of,
                _("Number"),
                number,
            )
