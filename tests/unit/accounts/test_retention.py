"""How long the traces of signing in stay."""

from datetime import timedelta

import pytest

from exchange.accounts.models import Link, LinkKind, SignIn, SignInAttempt
from exchange.accounts.retention import purge
from exchange.clock import now
from exchange.extensions import db
from tests import factories


def ago(days):
    return now() - timedelta(days=days)


@pytest.fixture
def person(app):
    return factories.person()


def rows(person):
    """A row of each kind that is old enough to go, and its neighbour that stays."""
    yield "ended long ago", False, SignIn(secret_hash="1", person=person, ended_at=ago(31))
    yield "ended lately", True, SignIn(secret_hash="2", person=person, ended_at=ago(29))
    yield "idle", False, SignIn(secret_hash="3", person=person, seen_at=ago(31))
    yield "in use", True, SignIn(secret_hash="4", person=person)
    link = {"person": person, "kind": LinkKind.reset}
    yield "used", False, Link(secret_hash="5", expires_at=ago(-1), used_at=ago(31), **link)
    yield "expired", False, Link(secret_hash="6", expires_at=ago(31), **link)
    yield "waiting", True, Link(secret_hash="7", expires_at=ago(-1), **link)
    yield "old try", False, SignInAttempt(email="a@b.example", happened_at=ago(2))
    yield "new try", True, SignInAttempt(email="a@b.example")


def test_what_is_old_goes_and_the_rest_stays(person):
    made = list(rows(person))
    db.session.add_all(row for _, _, row in made)
    db.session.commit()
    kept = {(type(row), row.id) for _, stays, row in made if stays}
    gone = sum(not stays for _, stays, _ in made)
    assert purge(now=now()) == gone
    db.session.commit()
    left = {(m, r.id) for m in (SignIn, Link, SignInAttempt) for r in db.session.query(m)}
    assert left == kept
    assert purge(now=now()) == 0
