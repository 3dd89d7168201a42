"""Words for local laboratories and their cycles."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

LAB_STATES: dict[str, dict[str, LazyString]] = {
    "lab": {
        "prepared": _l("In preparation"),
        "running": _l("Running"),
        "concluded": _l("Concluded"),
        "ended_early": _l("Ended early"),
    },
    "lab_cycle": {
        "asking": _l("Question"),
        "building": _l("Prototype"),
        "testing": _l("Test"),
        "answered": _l("Result"),
        "dropped": _l("Dropped"),
    },
}
LAB_TRIGGERS: dict[str, dict[str, LazyString]] = {
    "lab": {
        "begin": _l("Begin"),
        "conclude": _l("Conclude"),
        "end_early": _l("End it early"),
    },
    "lab_cycle": {
        "build": _l("Build the prototype"),
        "test": _l("Begin the test"),
        "answer": _l("The result is there"),
        "drop": _l("Drop"),
    },
}
LAB_FIELDS: dict[str, LazyString] = {
    "cycle_due_on": _l("Result by"),
    "cycle_prototype": _l("Prototype: what you build or try"),
    "cycle_question": _l("Question: what you want to know"),
    "cycle_result": _l("Result: what came of it"),
    "cycle_test": _l("Test: with whom, where, how long"),
    "lab_adapted": _l("What you go on with in another way"),
    "lab_brings": _l("What it brings"),
    "lab_challenge": _l("The challenge of the city"),
    "lab_city": _l("City that holds the laboratory"),
    "lab_dropped": _l("What you give up, and why"),
    "lab_ends_on": _l("Decision by"),
    "lab_exchange": _l("Exchange that it belongs to"),
    "lab_id": _l("Local laboratory"),
    "lab_kept": _l("What you keep"),
    "lab_partner": _l("Who takes part"),
    "lab_pilot": _l("Pilot of a method that it is"),
    "lab_title": _l("What is tried, in one line"),
}
LAB_HELP: dict[str, LazyString] = {
    "cycle_question": _l("One question that a small trial can answer in a few weeks."),
    "lab_challenge": _l("Whom it concerns, since when, and what was tried before."),
    "lab_ends_on": _l("By then you say what you keep, adapt or drop."),
}
