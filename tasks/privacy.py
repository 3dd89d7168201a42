"""Requests to be erased whose day has come."""

from flask_babel import force_locale

from exchange.clock import today
from exchange.labels.privacy import former_member
from exchange.privacy.erasing import carry_out, due
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
