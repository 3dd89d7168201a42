"""Words for what the state of learning and the chronology count, how it is counted, and for what
is brought to a Congress."""

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from exchange.dashboards.learning_rows import By, Counted, Innovation, Track
from exchange.dashboards.schemas import TrendStep
from exchange.dashboards.work_done import Done

LEARNING_CHOICES: dict[Any, dict[Any, LazyString]] = {
    Counted: {
        Counted.asked: _l("Needs asked"),
        Counted.offered: _l("Offers made"),
        Counted.matched: _l("Matches agreed"),
        Counted.visited: _l("Visits held"),
        Counted.published: _l("Lessons published"),
        Counted.followed: _l("Follow-ups asked"),
        Counted.answered: _l("Follow-ups answered"),
        Counted.waiting: _l("Follow-ups still waiting"),
        Counted.silent: _l("Follow-ups without an answer"),
        Counted.changed: _l("Follow-ups that tell a change"),
        Counted.changes: _l("Changes recorded"),
    },
    Done: {
        Done.forums: _l("Forums"),
        Done.exchanges: _l("Exchanges held"),
        Done.visits: _l("Visits held"),
        Done.notes: _l("Lessons published"),
        Done.versions: _l("Versions of modules"),
        Done.deliveries: _l("Modules given"),
        Done.partnerships: _l("Partnerships begun"),
        Done.labs: _l("Laboratories begun"),
        Done.changes: _l("Changes recorded"),
    },
    By: {
        By.theme: _l("Theme"),
        By.sdg: _l("Sustainable Development Goal"),
        By.agenda: _l("Global agenda"),
        By.section: _l("Section"),
        By.track: _l("Line of work"),
        By.innovation: _l("Innovation"),
    },
    TrendStep: {TrendStep.year: _l("Year"), TrendStep.half: _l("Half-year")},
    Innovation: {
        Innovation.innovative: _l("Innovative"),
        Innovation.usual: _l("Not marked as an innovation"),
    },
    Track: {
        Track.localising: _l("Localising agendas"),
        Track.peer_learning: _l("Peer learning on other questions"),
    },
}
LEARNING_FIELDS: dict[str, LazyString] = {
    "innovation": _l("Innovation"),
    "baseline": _l("Compared with the year"),
    "counted": _l("What is counted"),
    "congress_aim": _l("What it is to bring about there"),
    "done": _l("What is counted"),
    "forum_id": _l("Edition of the forum"),
    "recommendation_id": _l("Recommendation"),
    "strategy_id": _l("Learning strategy"),
    "period": _l("Period"),
    "track": _l("Line of work"),
    "step": _l("Trend by"),
    "year": _l("Year"),
}
# By which day a row counts.
COUNTED_HOW: dict[Counted, LazyString] = {
    Counted.asked: _l("Needs that were published, by that day."),
    Counted.offered: _l("Offers that were published, by that day."),
    Counted.matched: _l("Matches to which both sides said yes, by the day they were made."),
    Counted.visited: _l("Visits whose attendance is recorded, by their first day."),
    Counted.published: _l("Published notes of exchanges, by the day of publication."),
    Counted.followed: _l("Follow-ups that a partner was asked, by the day they were due."),
    Counted.answered: _l("Of these, those that were answered."),
    Counted.waiting: _l("Of these, those whose answer may still come."),
    Counted.silent: _l("Of these, those that were given up: nobody knows what changed."),
    Counted.changed: _l("Of those answered, those with a change recorded from the answer."),
    Counted.changes: _l("All changes recorded, also outside a follow-up, by the day of recording."),
}
