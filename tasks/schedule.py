"""When the clock rings, all on one screen. Names are tasks; a test looks each of them up."""

from typing import Any

from celery.schedules import crontab

# Seconds that a ring may be late.
LATE = 30


def schedule(sweep_seconds: int) -> dict[str, dict[str, Any]]:
    """The table; sweeps ring each ``sweep_seconds``, and nobody gets a ring that is too old: but a
    machine that is slow for a while must not find every ring too old."""
    expires = max(sweep_seconds, LATE)
    sweep = {"schedule": float(sweep_seconds), "options": {"expires": expires}}
    each_minute = {"schedule": 60.0, "options": {"expires": 60}}
    hourly = {"schedule": crontab(minute="7"), "options": {"expires": 3000}}
    return {
        # mails that wait, were put off, or whose sender died half-way
        "messages": {"task": "tasks.sweep.due_messages", **sweep},
        # answers to our mails, where a box for them is set
        "mail_inbox": {"task": "tasks.mail_inbox.read", **each_minute},
        # reminders to plan and those that are due
        "reminders": {"task": "tasks.sweep.reminders", **sweep},
        # what other programs are to be told, and what they did not take yet
        "webhooks": {"task": "tasks.sweep.webhooks", **sweep},
        # uploaded spreadsheets that wait, and those whose worker died half-way
        "imports": {"task": "tasks.sweep.imports", **sweep},
        # needs and offers without fresh suggestions, silent candidates
        "matching": {"task": "tasks.sweep.matching", **sweep},
        # runs of the matcher that wait, whose workers died, or that changes ask for
        "matching_runs": {"task": "tasks.sweep.matching_runs", **sweep},
        # full runs of the night: the task knows which hours are night where the people are
        "matching_at_night": {"task": "tasks.matching_runs.nightly", **hourly},
        # the observatories, at night too: each row knows when it was looked at
        "observatories": {"task": "tasks.practices.nightly", **hourly},
        # what search knows of rows that changed of late; of all rows, and of those that are gone
        "search": {"task": "tasks.sweep.search", **sweep},
        "search_whole": {"task": "tasks.search.keep_all", **hourly},
        # entries of the audit trail that are not in its chain yet; the whole trail, at night
        "audit": {"task": "tasks.sweep.audit", **sweep},
        "audit_whole": {
            "task": "tasks.audit.verify",
            "schedule": crontab(hour="2", minute="37"),
            "options": {"expires": 3000},
        },
        # archives of one's own data that wait, and those whose worker died half-way
        "data_exports": {"task": "tasks.sweep.data_exports", **sweep},
        # needs and offers past their last day
        "expiry": {"task": "tasks.catalogue.expire", **hourly},
        # visits that begin or end today, by the clock of their place
        "visits": {"task": "tasks.sweep.visits", **hourly},
        # follow-ups to plan, and those that nobody has answered for 30 days
        "follow_ups": {"task": "tasks.follow_ups.sweep", **hourly},
        # the week of staff, and mails after a forum
        "letters": {"task": "tasks.letters.write", **hourly},
        # people who asked to be erased, once their fortnight is over
        "erasures": {"task": "tasks.sweep.erasures", **hourly},
        # ended sign-ins, used or expired links, old attempts
        "housekeeping": {"task": "tasks.housekeeping.purge", **hourly},
    }
