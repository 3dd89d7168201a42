"""Many write and several chain at the same time: the chain is one, and it is whole."""

import threading

from exchange.audit.chain import extend, last_link
from exchange.audit.models import AuditEntry
from exchange.audit.verify import problems
from exchange.catalogue.models import Need
from exchange.clock import now
from exchange.extensions import db
from exchange.transaction import transaction
from tests import factories

WRITERS, EACH, CHAINERS = 4, 10, 2


def write(number):
    for count in range(EACH):
        with transaction() as session:
            session.get_one(Need, number).title = f"Title {count} of {number}"


def chain_until(written):
    while not written.is_set():
        with transaction():
            extend(now=now())


def chain_all():
    more = 1
    while more:
        with transaction():
            more = extend(now=now(), whole=True)


def begin(app, wrong, work, *arguments):
    """A thread that works within the application, and tells what went wrong."""

    def run():
        try:
            with app.app_context():
                work(*arguments)
        except Exception as problem:  # noqa: BLE001 - told by the test, whatever it was
            wrong.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_whoever_writes_and_whoever_chains_nothing_is_lost_or_chained_twice(app):
    ids = [factories.need().id for _ in range(WRITERS)]
    db.session.rollback()
    written, wrong = threading.Event(), []
    writers = [begin(app, wrong, write, number) for number in ids]
    chainers = [begin(app, wrong, chain_until, written) for _ in range(CHAINERS)]
    for thread in writers:
        thread.join()
    written.set()
    for thread in chainers:
        thread.join()
    assert wrong == []
    chain_all()
    assert last_link()[0] == db.session.query(AuditEntry).count()
    changed = db.session.query(AuditEntry).filter(AuditEntry.noun == "need").count()
    assert changed == WRITERS * (EACH + 1)
    assert list(problems(now=now())) == []
