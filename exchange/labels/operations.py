"""Words for the tasks of the worker and for what waits."""

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
    "tasks.sweep.webhooks": _l("Tell other programs what moved"),
    "tasks.sweep.audit": _l("Chain the audit trail"),
    "tasks.audit.verify": _l("Verify the whole audit trail"),
    "tasks.sweep.erasures": _l("Erase people whose fortnight is over"),
    "tasks.sweep.data_exports": _l("Make the archives of people's own data"),
    # What only an event asks for.
    "tasks.practices.harvest": _l("Harvest an observatory"),
    "tasks.matching.need": _l("Look for hosts for a need"),
    "tasks.matching.offer": _l("Look for needs for an offer"),
    "tasks.matching.exchange": _l("Look for matches of an exchange"),
    "tasks.matching_runs.block": _l("Compute a part of a run"),
    "tasks.matching_runs.solve": _l("Find the best whole of a run"),
    "tasks.matching_runs.ask": _l("Ask the cities of a run"),
}

WAITING: dict[str, LazyString] = {
    "messages": _l("Mails that are due"),
    "reminders": _l("Reminders that are due"),
    "imports": _l("Imports"),
    "matching_runs": _l("Runs of the matcher"),
    "webhooks": _l("Calls to other programs that are due"),
}

CHECKS: dict[str, LazyString] = {
    "database": _l("Database"),
    "migrations": _l("Migrations"),
    "queue": _l("Queue"),
    "disk": _l("Disk"),
}


def task(name: str) -> str:
    """The words for a task; its name when the program no longer has it."""
    return str(TASKS.get(name, name))
