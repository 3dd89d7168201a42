"""How a run begins: what it looks at is written down, and its work is cut into blocks.

The caller commits.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from exchange import events
from exchange.directory.models import Person
from exchange.errors import Conflict
from exchange.extensions import db
from exchange.matching import settings
from exchange.programmes import queries as programmes
from exchange.programmes.models import Programme
from exchange.runs import queries
from exchange.runs.models import Block, Occasion, Run

# A block is so many comparisons of a need with an offer: some seconds of one worker.
PAIRS_IN_A_BLOCK = 40_000_000
FEWEST, MOST = 100, 2_000


def begin(
    programme: Programme | None,
    *,
    actor: Person | None,
    values: Mapping[str, Any] | None = None,
    occasion: Occasion = Occasion.officer,
) -> Run:
    """Begin a run over the published needs of a programme (None: the network at large).

    The run keeps the settings it was begun with, their hash, and the number of the last published
    run; workers find it by its state. Rows that change afterwards are seen as they are then: every
    pair is looked at again when the run is published.

    :param values: settings of this run alone, in place of the present ones.
    :raises Conflict: ``run_at_work``, another run of this programme is not finished.
    :raises Invalid: ``values`` are no settings.
    """
    code = queries.code_of(programme)
    if (busy := queries.at_work(code)) is not None:
        raise Conflict("run_at_work", id=busy.id)
    chosen = settings.checked(values) if values else settings.current()
    need_ids, offers = queries.need_ids(code), queries.offers_count()
    blocks = list(divided(need_ids, offers))
    run = Run(
        programme=programme or programmes.general(),
        programme_code=code,
        mode=programmes.mode_of(programme),
        occasion=occasion,
        person=actor,
        configuration=chosen.as_dict(),
        configuration_hash=chosen.hash,
        base_number=queries.last_number(code),
        blocks_total=len(blocks),
        needs_count=len(need_ids),
        offers_count=offers,
        demo=queries.is_demonstration(code),
    )
    _add(run, blocks)
    events.publish("matching_run.begun", id=run.id)
    return run


def divided(need_ids: list[int], offers: int) -> Iterator[list[int]]:
    """The needs in blocks of their order; the same needs always in the same blocks.

    A programme without needs has one empty block: its run ends like any other.
    """
    size = min(max(PAIRS_IN_A_BLOCK // max(offers, 1), FEWEST), MOST)
    for first in range(0, max(len(need_ids), 1), size):
        yield need_ids[first : first + size]


@contextmanager
def only_one() -> Iterator[None]:
    """Within it a run comes to be at work.

    :raises Conflict: ``run_at_work``, another run of its programme was faster.
    """
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as taken:
        raise Conflict("run_at_work") from taken


def _add(run: Run, blocks: list[list[int]]) -> None:
    with only_one():
        db.session.add(run)
    rows = [
        {"run_id": run.id, "number": number, "need_ids": ids}
        for number, ids in enumerate(blocks, start=1)
    ]
    db.session.execute(insert(Block), rows)
