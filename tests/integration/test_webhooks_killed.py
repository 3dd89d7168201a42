"""A worker is killed while another program thinks: what it is told comes again, under one name."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

import pytest
from celery import Celery
from flask import Flask

from exchange.clock import now
from exchange.extensions import db
from exchange.transaction import transaction
from exchange.webhooks import actions
from exchange.webhooks.models import WebhookDelivery
from exchange.webhooks.sending import DELIVERY, LEASE
from tasks.app import configuration, make_folders
from tests import factories
from tests.integration.strangers import CERTIFICATE, Stranger, certificate, stranger
from workflows.webhook_delivery import WebhookDeliveryState as S

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0

pytestmark = [pytest.mark.slow, pytest.mark.no_cover, pytest.mark.timeout(400)]


@pytest.fixture
def there() -> Iterator[Stranger]:
    with stranger() as server:
        yield server
        server.may_answer.set()


@pytest.fixture
def worker(app: Flask) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts a worker on the database, the queue and the key of the tests."""
    settings = app.config["EXCHANGE"]
    environ = {k: v for k, v in os.environ.items() if not k.startswith("EXCHANGE_")}
    environ |= {"EXCHANGE_VAR": str(settings.var), "EXCHANGE_DATABASE_URL": settings.database_url}
    environ[CERTIFICATE] = certificate()
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.integration.trusting_worker"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environ))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait(10)


def ring(app: Flask) -> None:
    """What the clock does each few seconds."""
    settings = app.config["EXCHANGE"]
    make_folders(settings)
    queue = Celery("clock", set_as_current=False)
    queue.conf.update(configuration(settings))
    queue.send_task("tasks.sweep.webhooks")
    queue.close()


def until(true: Callable[[], bool], worker: subprocess.Popen[bytes]) -> None:
    end = monotonic() + PATIENCE
    while not true():
        assert worker.poll() is None, "the worker ended"
        assert monotonic() < end, "it did not come to that"
        sleep(0.1)


class Left(NamedTuple):
    """A delivery as another process has left it."""

    state: S
    attempts: int
    status: int | None
    claimed_until: datetime | None
    failures: int


def left(id_: int) -> Left:
    """Look, and hold nothing: on SQLite a transaction that reads keeps others from writing."""
    row = db.session.get_one(WebhookDelivery, id_, populate_existing=True)
    facts = (row.state, row.attempts, row.status, row.claimed_until, row.webhook.failures)
    db.session.rollback()
    return Left(*facts)


def test_what_a_killed_worker_was_telling_is_told_again_under_the_same_name(
    app: Flask, there: Stranger, worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    city = factories.organisation("Nampula")
    person = factories.person("Ana", of=city)
    facts = {"url": there.url, "organisation_id": city.id, "exchanges": True}
    with transaction():
        webhook, _secret = actions.create(facts, actor=person)
        delivery = actions.test(webhook)
        id_, key = delivery.id, delivery.key
    there.may_answer.clear()
    killed = worker()
    ring(app)
    until(lambda: bool(there.calls), killed)
    killed.kill()  # SIGKILL: nothing is tidied up
    killed.wait(10)
    half = left(id_)
    assert (half.state, half.attempts, half.status) == (S.sending, 1, None)
    assert half.claimed_until is not None
    assert half.claimed_until <= now() + LEASE
    # The other side had it all the same, and its answer reaches nobody.
    there.may_answer.set()
    # The two minutes of its claim go by.
    with transaction():
        db.session.get_one(WebhookDelivery, id_).claimed_until = now() - timedelta(seconds=1)
    second = worker()
    ring(app)
    until(lambda: left(id_).state == S.delivered, second)
    first, again = there.calls
    assert first.headers[DELIVERY] == again.headers[DELIVERY] == key
    assert first.body == again.body
    assert json.loads(again.body)["id"] == key
    assert left(id_) == Left(S.delivered, 2, 200, None, 0)
    assert db.session.query(WebhookDelivery).count() == 1
