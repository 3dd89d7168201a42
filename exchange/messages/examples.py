"""An example of every fact that a mail can tell: for previews, tests by hand, and our own tests."""

from datetime import date, timedelta
from typing import Any

# What people write is another thing in each kind of mail.
_OWN: dict[str, dict[str, str]] = {
    "lesson_question": {"text": "How did you pay for the drains, and who cleans them?"},
    "road_map_action_due": {"text": "Drain the market before the rains."},
    "information_asked": {"note": "Who would travel, and who pays for the journey?"},
    "proposal_declined": {"note": "This call is for water; the next one, in May, is for markets."},
    "on_hold": {"note": "The mayor is elected in June: we wait for the new council."},
    "note_returned": {"note": "Please say what it cost, and shorten the second part."},
}


def example(today: date, kind: str = "") -> dict[str, Any]:
    """Facts for a mail of any kind; with its name, what people write in such a mail."""
    return {**_facts(today), **_OWN.get(kind, {})}


def _facts(today: date) -> dict[str, Any]:
    day = today + timedelta(days=21)
    return {
        "title": "Safe markets, clean markets",
        "offer_title": "Markets run by their traders",
        "need_city": "Nampula",
        "offer_city": "Maringá",
        "organisation": "Nampula",
        "reference": "PX-2026-0001",
        "note": "Who would travel?",
        "text": "Drain the market.",
        "place": "Town hall",
        "level": "owner",
        "months": 6,
        "match_id": None,
        "items": ["Safe markets, clean markets"],
        "inviter": "Ana",
        "asker": "Rui",
        "asker_email": "rui@example.org",
        "asker_place": "Lyon",
        "host": "Maringá",
        "number": 3,
        "overdue": 2,
        "waiting": 4,
        "failed": 1,
        "held": 5,
        "forum": "Learning Forum",
        "due_on": day,
        "since": day,
        "visit_start": day,
        "visit_end": day + timedelta(days=2),
        "expires_on": day,
        "day_of_action": day,
        "contact": "Officer <officer@example.org>",
    }
