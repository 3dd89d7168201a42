"""The log of all steps, for staff."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, render_template, stream_with_context
from flask_babel import gettext as _

from exchange import edge, labels
from exchange.dashboards import log
from exchange.dashboards.log import LogFilter, LogNoun
from exchange.edge import access
from exchange.listing import page_of
from exchange.messages.times import zone
from exchange.spreadsheets.writing import csv_lines
from exchange.web.filters import state_label, trigger_label
from exchange.web.forms import filters
from exchange.web.options import of_enum

pages = Blueprint("log", __name__)
# The nouns whose rows have a page at their own id.
PAGES = {
    "exchange": "exchanges.show",
    "need": "needs.show",
    "offer": "offers.show",
    "match": "matches.show",
    "matching_run": "runs.show",
    "note_translation": "note_translations.show",
    "adoption": "reuse.adoption",
    "practice": "practices.show",
    "method": "methods.show",
    "method_pilot": "methods.pilot",
    "lab": "labs.show",
    "lab_cycle": "labs.cycle",
    "forum_item": "forum_items.show",
    "recommendation": "recommendations.show",
    "challenge": "challenges.show",
    "consultation": "consultations.show",
    "module": "modules.show",
    "module_topic": "topics.show",
    "mechanism_listing": "mechanisms.listing",
    "mechanism_pair": "mechanism_pairs.show",
    "partnership": "partnerships.show",
    "message": "messages.show",
    "reminder": "reminders.show",
    "webhook_delivery": "webhooks.delivery",
}


@pages.get("/log")
@access("log.see")
def index() -> Any:
    """The steps, newest first."""
    chosen = filters(LogFilter())
    page = page_of(log.listed(chosen, edge.time_zone()), {"sort": "-newest", **chosen}, log.SORTS)
    return render_template(
        "log/list.html",
        page=page,
        chosen=chosen,
        names=log.names_of(page.items),
        nouns=of_enum(LogNoun),
        noun_words=labels.CHOICES[LogNoun],
        pages=PAGES,
        narrowing={k: v for k, v in chosen.items() if k not in ("page", "size", "sort")},
    )


@pages.get("/log.csv")
@access("log.see")
def export() -> Response:
    """The steps as filtered, as a table."""
    header = [_("When"), _("Who"), _("What"), _("Name"), _("Step"), _("Before"), _("After")]
    lines = csv_lines([*header, _("Note")], _rows(filters(LogFilter())))
    answer = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="log.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _rows(chosen: Mapping[str, Any]) -> Iterator[list[Any]]:
    nouns, here = labels.CHOICES[LogNoun], zone(edge.time_zone())
    for step, name in log.everything(chosen, edge.time_zone()):
        noun = step.subject_type
        yield [
            step.happened_at.astimezone(here).replace(tzinfo=None, microsecond=0),
            step.actor.name if step.actor else _("the program"),
            str(nouns[noun]),
            name,
            trigger_label(step.trigger, noun),
            state_label(step.from_state, noun),
            state_label(step.to_state, noun),
            step.note,
        ]
