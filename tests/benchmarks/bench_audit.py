"""What the audit trail costs: a move and its commit, with and without it; reading it whole."""

from collections.abc import Callable

from sqlalchemy import event

from exchange.audit import recording
from exchange.audit.chain import extend
from exchange.audit.models import AuditEntry
from exchange.audit.verify import problems
from exchange.catalogue.models import Need
from exchange.clock import now
from exchange.extensions import db
from exchange.steps import advance
from exchange.transaction import transaction
from tests import factories
from tests.benchmarks.figures import seconds, tell
from workflows.need import NEED, NeedState

ROWS = 50


def _moves(needs: list[Need]) -> None:
    for need in needs:
        for trigger in ("publish", "withdraw"):
            with transaction():
                advance(NEED, need, trigger, actor=None)
        need.state = NeedState.draft
    db.session.commit()


def _without(work: Callable[[], None]) -> Callable[[], None]:
    heard = (
        ("after_flush", recording._after_flush),
        ("do_orm_execute", recording._many),
        ("before_commit", recording._before_commit),
    )

    def run() -> None:
        for name, listener in heard:
            event.remove(db.session, name, listener)
        try:
            work()
        finally:
            for name, listener in heard:
                event.listen(db.session, name, listener)

    return run


def test_a_move_with_and_without_the_trail(app):
    needs = [factories.need(state=NeedState.draft) for _ in range(ROWS)]
    with_it, without = seconds(lambda: _moves(needs), _without(lambda: _moves(needs)), rounds=5)
    tell(
        "A move with its step and its commit",
        ("with the audit trail", with_it / ROWS / 2),
        ("without", without / ROWS / 2),
    )


def test_reading_the_whole_trail(app):
    need = factories.need(title="First")
    for number in range(500):
        need.title = f"Title {number}"
        db.session.commit()
    more = 1
    while more:
        with transaction():
            more = extend(now=now(), whole=True)
    count = db.session.query(AuditEntry).count()
    (read,) = seconds(lambda: list(problems(now=now())), rounds=5)
    tell(f"Verifying {count} entries", ("an entry", read / count))
