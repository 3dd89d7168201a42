"""The first tasks of somebody as a page shows them: words, where to go, and how each stands."""

from typing import Any

from flask import url_for

from exchange import labels
from exchange.dashboards.first_hour import FirstHour

# Where a task is done; the profile is at the organisation.
PLACES = {
    "need": "needs.create",
    "offer": "offers.create",
    "answer": "matches.index",
    "proposal": "proposals.start",
    "network": "organisations.index",
    "charge": "exchanges.index",
    "triage": "exchanges.index",
    "match": "matching.index",
}
ASKED: dict[str, dict[str, Any]] = {
    "answer": {"waiting": "yes"},
    "triage": {"state": "submitted"},
}


def tasks(hour: FirstHour) -> list[dict[str, Any]]:
    """The tasks for the task list."""
    return [
        {
            "label": labels.FIRST_TASKS[name][0],
            "note": labels.FIRST_TASKS[name][1],
            "state": state,
            "href": _place(name, hour),
        }
        for name, state in hour.states.items()
    ]


def _place(name: str, hour: FirstHour) -> str:
    if name in ("profile", "members"):
        endpoint = "organisations.edit" if name == "profile" else "organisations.show"
        return url_for(endpoint, id=hour.organisation_id)
    if hour.states[name] == "begun" and name in ("need", "offer"):
        return url_for(f"{name}s.index", mine="yes", state="draft")
    if hour.states[name] == "begun":
        return url_for("my.show")
    return url_for(PLACES[name], **ASKED.get(name, {}))
