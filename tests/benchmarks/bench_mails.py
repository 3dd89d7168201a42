"""What a worker asks of a pile of mails: the next ten and the next piece of digests, with few and
with very many waiting, beside one bare count of all messages. TEST_DATABASE_URL runs the same on
PostgreSQL.
"""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, text

from exchange.clock import now
from exchange.directory.models import Person
from exchange.extensions import db
from exchange.messages import actions, claims, queries
from exchange.messages.deliver import BATCH
from exchange.messages.models import Message, new_key
from tests.benchmarks.figures import seconds, tell

FEW, MANY, PIECE, READERS = 100, 100_000, 5_000, 2_000
# What stands in a mail and its HTML, so that a row is as wide as in life.
WORDS = "Somebody asks you to say which day suits you best. " * 60


def _pile(first: int, last: int, *, bundled: bool) -> None:
    begun = now() - timedelta(days=1)
    facts = {"to_email": "a@px.test", "language": "en", "subject": "S", "text": WORDS}
    for start in range(first, last, PIECE):
        rows = [
            {
                **facts,
                "kind": "invitation" if number % 1000 == 0 else "partners_agreed",
                "key": new_key(),
                "person_id": number % READERS + 1000,
                "bundled": bundled,
                "next_try_at": begun + timedelta(seconds=number // 100),
            }
            for number in range(start, min(start + PIECE, last))
        ]
        db.session.execute(insert(Message), rows)
        db.session.commit()
    _vacuum()


def _vacuum() -> None:
    engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        server = connection.dialect.name == "postgresql"
        connection.execute(text("VACUUM ANALYZE message" if server else "ANALYZE"))
    db.session.remove()


@pytest.fixture
def readers(app: object) -> None:
    """Those who are written to."""
    rows = [
        {"id": number + 1000, "name": f"R {number}", "email": f"r{number}@px.test"}
        for number in range(READERS)
    ]
    db.session.execute(insert(Person), rows)
    db.session.commit()


def _bare() -> None:
    db.session.scalar(select(func.count()).select_from(Message))
    db.session.rollback()


def _claimed() -> None:
    letters = claims.claim(at=now(), limit=BATCH, lease=timedelta(minutes=1), to_demo=True)
    assert len(letters) == BATCH
    db.session.rollback()


def _found() -> None:
    assert queries.held_until(now())
    db.session.rollback()


def _bundled() -> None:
    assert 0 < actions.bundle_digests(at=now()) <= queries.HELD_AT_ONCE
    db.session.rollback()


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("bundled", [False, True])
def test_a_pile(readers: None, bundled: bool) -> None:
    ways = {"the next ten": _claimed}
    if bundled:
        ways = {"which digests come next": _found, "a piece of digests": _bundled}
    done = 0
    for size in (FEW, MANY):
        _pile(done, size, bundled=bundled)
        done = size
        for name, way in ways.items():
            time, bare = seconds(way, _bare)
            what = f"{db.engine.dialect.name}, {size} wait, {name}"
            tell(what, (name, time), ("one bare count of the messages", bare))
