"""What a move costs: the verb with its step, and the machine under it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, update
from transitions import Machine

from exchange.catalogue.models import Need
from exchange.clock import now
from exchange.extensions import db
from exchange.steps import Step, advance
from tests import factories
from tests.benchmarks.figures import seconds, tell
from workflows.exchange import EXCHANGE, ExchangeState
from workflows.need import NEED, NeedState

ROWS = 100
# A move that depends on no fact: what is measured is the machine.
PLAIN = next(move for move in EXCHANGE.moves if not move.guards)


def _ours(needs: list[Need], trigger: str, _to: NeedState) -> None:
    for need in needs:
        advance(NEED, need, trigger, actor=None)


def _bare(ids: list[int], trigger: str, to: NeedState) -> None:
    """One UPDATE and one INSERT: no lock, no table, no guards, no version, no event."""
    facts = {"subject_type": "need", "trigger": trigger, "from_state": "draft", "note": ""}
    connection = db.session.connection()
    for number in ids:
        values = {"state": to, "state_since": now()}
        connection.execute(update(Need).where(Need.id == number).values(**values))
        connection.execute(insert(Step).values(**facts, subject_id=number, to_state=str(to)))


def _there_and_back(move: Any, rows: list[Any]) -> None:
    move(rows, "publish", NeedState.published)
    move(rows, "withdraw", NeedState.withdrawn)
    db.session.rollback()


def test_a_move_and_its_step(app):
    needs = [factories.need(state=NeedState.draft) for _ in range(ROWS)]
    ids = [need.id for need in needs]
    ours, bare = seconds(
        lambda: _there_and_back(_ours, needs), lambda: _there_and_back(_bare, ids), rounds=5
    )
    tell(
        "A move with its step, in one transaction of many",
        ("steps.advance", ours / ROWS / 2),
        ("a bare UPDATE and INSERT", bare / ROWS / 2),
    )


@dataclass
class Row:
    """What a workflow asks of a row."""

    state: Any


def _shared() -> None:
    row = Row(PLAIN.source)
    EXCHANGE.fire(PLAIN.trigger, row)
    assert row.state == PLAIN.dest


def _own() -> None:
    """As the library's first example has it: a machine that decorates its row."""
    row = Row(PLAIN.source)
    machine = Machine(row, ExchangeState, initial=row.state, auto_transitions=False)
    for move in EXCHANGE.moves:
        machine.add_transition(move.trigger, move.source, move.dest, list(move.guards))
    row.trigger(PLAIN.trigger, row)
    assert row.state == PLAIN.dest


def test_one_machine_for_all_rows():
    shared, own = seconds(lambda: [_shared() for _ in range(ROWS)], _own, rounds=21)
    tell(
        "To load a row and move it",
        ("a machine for each row", own),
        ("one machine for all", shared / ROWS),
    )
