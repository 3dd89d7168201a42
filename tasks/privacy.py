"""Requests to be erased whose day has come, and archives of one's own data."""

from flask_babel import force_locale

from exchange.clock import today
from exchange.labels.privacy import former_member, words_for
from exchange.privacy.erasing import carry_out, due
from exchange.privacy.exporting import make_next
from exchange.transaction import transaction
from tasks.app import celery


@celery.task(name="tasks.sweep.erasures")
def erase() -> None:
    """Carry them out, each in a transaction of its own."""
    for number in [request.id for request in due(today())]:
        with transaction() as session:
            request = next((one for one in due(today()) if one.id == number), None)
            if request is None:
                continue
            with force_locale(request.person.language):
                carry_out(request, former_member(request.person), actor=None)
            session.flush()


@celery.task(name="tasks.sweep.data_exports")
def data_exports() -> None:
    """Make what was asked for, and what a dead worker left, one after the other."""
    while make_next(words_for):
        pass
