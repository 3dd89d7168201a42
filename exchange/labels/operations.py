"""Words for the tasks of the timetable and for what waits."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

TASKS: dict[str, LazyString] = {
    "tasks.sweep.due_messages": _l("Send mails that are due"),
    "tasks.mail_inbox.read": _l("Read answers to our mails"),
    "tasks.sweep.reminders": _l("Plan and send reminders"),
    "tasks.sweep.imports": _l("Check and load spreadsheets"),
    "tasks.sweep.matching": _l("Look for matches"),
    "tasks.sweep.matching_runs": _l("Go on with runs of the matcher"),
    "tasks.matching_runs.nightly": _l("Begin the runs of the night"),
    "tasks.practices.nightly": _l("Harvest observatories at night"),
    "tasks.sweep.search": _l("Search: what changed of late"),
    "tasks.search.keep_all": _l("Search: all rows"),
    "tasks.catalogue.expire": _l("Needs and offers past their last day"),
    "tasks.sweep.visits": _l("Visits that begin or end"),
    "tasks.follow_ups.sweep": _l("Follow-ups to plan or to close"),
    "tasks.letters.write": _l("Write the week of staff"),
    "tasks.housekeeping.purge": _l("Forget what nobody needs any more"),
}

WAITING: dict[str, LazyString] = {
    "messages": _l("Mails that are due"),
    "reminders": _l("Reminders that are due"),
    "imports": _l("Imports"),
    "matching_runs": _l("Runs of the matcher"),
}

CHECKS: dict[str, LazyString] = {
    "database": _l("Database"),
    "migrations": _l("Migrations"),
    "queue": _l("Queue"),
    "disk": _l("Disk"),
}


def task(name: str) -> str:
    """The words for a task; its name when it is not of the timetable."""
    return str(TASKS.get(name, name))
