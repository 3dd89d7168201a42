"""`exchange check` sees what it should see, and what is kept no longer than promised."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from exchange import checks
from exchange.accounts import retention
from exchange.accounts.models import Link, LinkKind, SignIn, SignInAttempt
from exchange.app import create_app
from exchange.clock import now
from exchange.config import load
from exchange.directory.models import Person
from exchange.extensions import db
from exchange.messages.models import Message
from exchange.transaction import transaction

NOW = now()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    made = create_app(load({"EXCHANGE_VAR": str(tmp_path)}))
    with made.app_context():
        db.create_all()
        yield made
        db.session.remove()
        db.engine.dispose()


def bad(found: Iterator[checks.Finding]) -> list[str]:
    return [finding.text for finding in found if not finding.good]


def message(**columns: object) -> Message:
    return Message(
        kind="x", to_email="a@b.example", language="en", subject="s", text="t", **columns
    )


def test_an_empty_database_has_only_its_migrations_to_run(app: Flask) -> None:
    assert bad(checks.findings(now=NOW, sweep_seconds=15)) == [
        "database: at migration none: run exchange db upgrade"
    ]
    assert bad(checks.unknown_states()) == []


def test_a_row_in_a_state_that_does_not_exist_is_counted(app: Flask) -> None:
    with transaction():
        db.session.add_all([message(), message()])
    with db.engine.begin() as connection:
        connection.execute(text("PRAGMA ignore_check_constraints=1"))
        connection.execute(text("UPDATE message SET state='lost' WHERE id=1"))
    assert bad(checks.unknown_states()) == ["message: rows in unknown states: 1 in 'lost'"]


def test_a_message_that_waits_longer_than_the_sweeps_is_overdue(app: Flask) -> None:
    with transaction():
        db.session.add(message(next_try_at=NOW - timedelta(minutes=10)))
        db.session.add(message(next_try_at=NOW - timedelta(minutes=1)))
    (found,) = bad(checks.overdue(NOW - timedelta(minutes=5)))
    assert found.startswith("messages: 1 wait since before ")
    assert bad(checks.overdue(NOW - timedelta(minutes=15))) == []


def test_a_database_that_does_not_answer_is_one_finding(app: Flask, tmp_path: Path) -> None:
    db.session.remove()
    db.engine.dispose()
    for file in tmp_path.glob("exchange.db*"):
        file.unlink()
    (tmp_path / "exchange.db").mkdir()
    (found,) = bad(checks.findings(now=NOW, sweep_seconds=15))
    assert found.startswith("the database does not answer: ")


def test_old_traces_of_signing_in_go_and_young_ones_stay(app: Flask) -> None:
    person = Person(name="P", email="p@x.example")
    old, young = NOW - timedelta(days=40), NOW - timedelta(hours=1)
    with transaction():
        for number, when in enumerate((old, young)):
            key = f"{number:064}"
            db.session.add(SignIn(secret_hash=key, person=person, seen_at=when))
            link = Link(secret_hash=key, person=person, kind=LinkKind.reset, expires_at=when)
            db.session.add(link)
            db.session.add(SignInAttempt(email="p@x.example", happened_at=when))
    with transaction():
        assert retention.purge(now=NOW) == 3
    for model in (SignIn, Link, SignInAttempt):
        assert db.session.scalar(select(func.count()).select_from(model)) == 1


def test_housekeeping_is_a_task_that_commits(app: Flask) -> None:
    from tasks.app import InApplication, bind
    from tasks.housekeeping import purge

    with transaction():
        db.session.add(SignInAttempt(email="p@x.example", happened_at=NOW - timedelta(days=2)))
    before = InApplication.flask_app
    bind(app)
    try:
        purge()
    finally:
        InApplication.flask_app = before
    assert db.session.scalar(select(func.count()).select_from(SignInAttempt)) == 0
