"""What the audit trail costs: a write with it and without it, and reading the whole of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from sqlalchemy import event

from exchange.audit import recording
from exchange.audit.chain import extend
from exchange.audit.verify import problems
from exchange.catalogue.models import Need
from exchange.clock import now
from exchange.extensions import db
from exchange.transaction import transaction
from tests import factories
from tests.benchmarks.figures import seconds, tell

ROWS, ENTRIES = 50, 5_000
LISTENERS = (
    ("after_flush", recording._after_flush),
    ("before_commit", recording._before_commit),
)


@contextmanager
def _without_trail() -> Iterator[None]:
    for name, listener in LISTENERS:
        event.remove(db.session, name, listener)
    try:
        yield
    finally:
        for name, listener in LISTENERS:
            event.listen(db.session, name, listener)


def _write(needs: list[Need]) -> None:
    """Change each record in a transaction of its own, as forms do."""
    for need in needs:
        need.title = f"{need.title[:20]} {perf_counter()}"
        db.session.commit()


def _write_bare(needs: list[Need]) -> None:
    with _without_trail():
        _write(needs)


def test_a_write_with_and_without_the_trail(app):
    needs = [factories.need() for _ in range(ROWS)]
    db.session.commit()
    ours, bare = seconds(lambda: _write(needs), lambda: _write_bare(needs), rounds=3)
    tell(
        "A change of one record in a transaction of its own",
        ("with its entry in the trail", ours / ROWS),
        ("without", bare / ROWS),
    )


def test_reading_the_whole_trail(app):
    changes = [
        recording.Change("change", "need", number % 50, fields={"title": ["Water", f"W {number}"]})
        for number in range(ENTRIES)
    ]
    with transaction():
        db.session.connection().execute(
            recording.AuditEntry.__table__.insert(), [recording.entry_of(one) for one in changes]
        )
    begin, more = perf_counter(), 1
    while more:
        with transaction():
            more = extend(now=now(), whole=True)
    chained = perf_counter()
    assert list(problems(now=now())) == []
    read = perf_counter()
    tell(
        f"The trail of {ENTRIES} entries: {ENTRIES / (read - chained):.0f} verified a second, "
        f"{ENTRIES / (chained - begin):.0f} chained a second",
        ("verifying one", (read - chained) / ENTRIES),
        ("chaining one", (chained - begin) / ENTRIES),
    )
