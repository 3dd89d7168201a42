"""The audit trail: chained by a sweep, read as a whole each night."""

from flask import current_app

from exchange.audit import anchors, aside
from exchange.audit.chain import extend
from exchange.audit.seeing import take_up
from exchange.clock import now
from exchange.messages.audit_alarm import look
from exchange.transaction import transaction
from tasks.app import celery

# So many rounds a sweep; what is left waits for the next one.
ROUNDS = 20


@celery.task(name="tasks.sweep.audit")
def chain() -> None:
    """Take up what was seen while nobody could write it down, and chain what was written since."""
    take_up(current_app.config["EXCHANGE"].var / aside.FILE)
    _chain(whole=False)


@celery.task(name="tasks.audit.verify")
def verify() -> None:
    """Chain what was left, read the whole trail, keep an anchor; tell administrators what is
    wrong."""
    _chain(whole=True)
    settings = current_app.config["EXCHANGE"]
    with transaction():
        look(now=now(), anchors=anchors.read(settings.var / anchors.FILE))
    anchors.keep(settings.var)


def _chain(*, whole: bool) -> None:
    for _round in range(ROUNDS):
        with transaction():
            if not extend(now=now(), whole=whole):
                return
