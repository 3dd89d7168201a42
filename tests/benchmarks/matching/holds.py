"""P8: places and hosts under fire. Several real processes do random things to the same few needs
and offers of one database, each in a transaction of its own, while another looks: at no moment is
more given than there is.

    python -m tests.benchmarks.matching.holds --operations 100000 --database postgresql+psycopg://…

Without ``--database`` it works on a new SQLite file. Two kinds: ``actions`` are those that people
and the program do (ask, accept, decline, take back, overrule, fall silent, end, change capacity);
``places`` are ``take`` and ``release`` alone, many times as many in the same time.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from exchange import events
from exchange.app import create_app
from exchange.catalogue.actions import edit
from exchange.catalogue.models import Need, Offer
from exchange.clock import today
from exchange.config import load
from exchange.contention import contention
from exchange.directory.models import Organisation, OrganisationKind, Person
from exchange.errors import DomainError
from exchange.exchanges import actions as exchanges
from exchange.extensions import Base, db
from exchange.matching import actions, keeping, locking, moves, places, queries
from exchange.matching.models import Answer, Match, Side
from exchange.programmes.models import Programme
from exchange.transaction import read_only, transaction
from exchange.vocabularies.models import Term
from tasks import listeners
from workflows.engine import TransitionRefused
from workflows.exchange import ExchangeState
from workflows.match import MatchState
from workflows.need import NeedState
from workflows.offer import OfferState

ROOT = Path(__file__).parents[3]
AsWritten = argparse.RawDescriptionHelpFormatter
NEEDS, OFFERS, PAIRS_OF_A_NEED = 24, 16, 6
PROCESSES = 4
CODES = ("timing", "theme", "capacity")
# Answers to somebody who was second: nothing of it is kept.
REFUSED = (DomainError, TransitionRefused, StaleDataError)


@dataclass
class Result:
    """What was done, and what was found wrong: ``wrong`` counts needs, offers and pairs for which
    more was given than there is, or other than what their matches hold, at any look or at the end.
    """

    kind: str
    database: str
    operations: int = 0
    processes: int = PROCESSES
    done: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    looks: int = 0
    wrong: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        others = ", ".join(f"{many} {what}" for what, many in sorted(self.counts.items()))
        return (
            f"{self.wrong} oversubscribed in {self.operations:,} concurrent {self.kind} on "
            f"{self.database} ({self.done:,} done; {others or 'none refused'}); "
            f"{self.looks} looks meanwhile; {self.processes} processes, {self.seconds:.0f} s"
        )


# The world


@contextmanager
def application(url: str, var: str) -> Iterator[Flask]:
    """The application on a database, its bell tied: nobody is to be mailed."""
    environ = {"EXCHANGE_VAR": var, "EXCHANGE_LOG_LEVEL": "ERROR"}
    if url:
        environ["EXCHANGE_DATABASE_URL"] = url
    app = create_app(load(environ))
    events.unsubscribe(listeners.hear)
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            # Whether a commit has reached the disk says nothing about who got the last place.
            event.listen(db.engine, "connect", _do_not_wait_for_the_disk)
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def _do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    connection.execute("SET synchronous_commit = off")
    connection.commit()


def make_world(chance: random.Random) -> None:
    """Empty the database; a few needs and offers, and suggestions between them."""
    Base.metadata.drop_all(db.engine)
    Base.metadata.create_all(db.engine)
    with transaction():
        cities = [
            Organisation(name=f"City {n}", folded_name=f"city {n}", level="city")
            for n in range(NEEDS + OFFERS)
        ]
        for city in cities:
            city.kind = OrganisationKind.local_government
        terms = [Term(vocabulary="theme", code="mobility", labels={"en": "Mobility"})]
        terms.append(Term(vocabulary="language", code="en", labels={"en": "English"}))
        terms += [Term(vocabulary="decline_reason", code=c, labels={"en": c}) for c in CODES]
        officer = Person(name="Officer", email="o@example.org", staff_role="administrator")
        review = Programme(code="call", titles={"en": "Call"}, mode="review")
        db.session.add_all([*cities, *terms, officer, review])
        text = {"text": "Buses.", "language": "en", "terms": terms[:2]}
        for city in cities[NEEDS:]:
            offer = Offer(title=f"Offer of {city.name}", organisation=city, **text)
            offer.state, offer.places = OfferState.published, chance.randint(1, 3)
            db.session.add(offer)
        db.session.flush()
    for _ in range(NEEDS):
        with transaction():
            new_need(chance)


def new_need(chance: random.Random) -> None:
    """One more need, and suggestions for it."""
    city_id = chance.randint(1, NEEDS)
    need = Need(title="To learn", text="Buses.", language="en", organisation_id=city_id)
    need.state, need.hosts_wanted = NeedState.published, chance.randint(1, 3)
    # Half of them go on by the line that an officer published, half by themselves.
    need.programme_id = chance.choice((1, None))
    need.terms = list(db.session.scalars(select(Term).where(Term.code.in_(("mobility", "en")))))
    db.session.add(need)
    db.session.flush()
    for offer in chance.sample(list(db.session.scalars(select(Offer))), PAIRS_OF_A_NEED):
        keeping.new_match(need, offer, {"score": chance.randint(2000, 9000)})


def wrong() -> int:
    """How many rows count other than what is held, or give more than there is; one moment."""
    place = select(func.count()).where(Match.offer_id == Offer.id, Match.holds_place)
    host = select(func.count()).where(Match.need_id == Need.id, Match.holds_host)
    offers = select(
        func.count().label("wrong"),
    ).where((Offer.places_taken > Offer.places) | (Offer.places_taken != place.scalar_subquery()))
    needs = select(func.count()).where(
        (Need.hosts_held > Need.hosts_wanted) | (Need.hosts_held != host.scalar_subquery())
    )
    twice = select(Match.need_id).where(Match.state.in_(queries.LIVE))
    twice = twice.group_by(Match.need_id, Match.offer_id).having(func.count() > 1)
    pairs = select(func.count()).select_from(twice.subquery())
    parts = (offers, needs, pairs)
    total = select(sum((part.scalar_subquery() for part in parts[1:]), parts[0].scalar_subquery()))
    return int(db.session.scalar(total) or 0)


# What is done


def _some(chance: random.Random, *states: MatchState) -> Match:
    """A match in one of ``states``; whichever where there is none."""
    open_needs = select(Need.id).where(
        Need.state.not_in((NeedState.fulfilled, NeedState.withdrawn))
    )
    need_id = chance.choice(list(db.session.scalars(open_needs)))
    mine = select(Match).where(Match.need_id == need_id).order_by(Match.id.desc())
    found = list(db.session.scalars(mine.where(Match.state.in_(states)).limit(9)))
    found = found or list(db.session.scalars(mine.limit(9)))
    return chance.choice(found)


def suggest(chance: random.Random) -> None:
    """A pair that fits again: as the matcher would, without its scores."""
    match = _some(chance, MatchState.declined, MatchState.lapsed, MatchState.withdrawn)
    locking.in_order([match.need_id], [match.offer_id])
    if queries.live_of_pair(match.need_id, match.offer_id) is None:
        keeping.new_match(match.need, match.offer, {"score": chance.randint(2000, 9000)})
    actions.cascade.go_on(match.need, "decline")


def propose(chance: random.Random) -> None:
    """An officer asks."""
    actions.propose(_some(chance, MatchState.suggested), actor=None)


def accept(chance: random.Random) -> None:
    """One side says yes, or both."""
    match = _some(chance, *queries.ASKED)
    for side in chance.choice(((Side.need,), (Side.offer,), tuple(Side))):
        actions.answer(match, side, Answer.accepted, actor=None)


def decline(chance: random.Random) -> None:
    """One side says no; the next in line is asked."""
    match, side = _some(chance, *queries.ASKED), chance.choice(list(Side))
    reason = (chance.choice(CODES), "")
    actions.answer(match, side, Answer.declined, actor=None, reason=reason)


def withdraw(chance: random.Random) -> None:
    """An officer takes a match back, mostly one that was agreed."""
    actions.withdraw(_some(chance, MatchState.agreed), actor=None)


def overrule(chance: random.Random) -> None:
    """An officer agrees for both sides."""
    match = _some(chance, MatchState.declined, MatchState.suggested, *queries.ASKED)
    actions.overrule(match, actor=None, note="They called")


def fall_silent(chance: random.Random) -> None:
    """The answers of one match are overdue, and the sweep comes."""
    match = _some(chance, *queries.ASKED)
    moves.lock(match)
    if match.state in queries.ASKED:
        match.answer_by = today() - timedelta(days=1)
    actions.lapse_overdue(today(), limit=3)


def finish(chance: random.Random) -> None:
    """An exchange is closed or cancelled, and the sweep settles what follows."""
    match = _some(chance, MatchState.agreed)
    administrator = db.session.scalars(select(Person)).first()
    ends = chance.choice((ExchangeState.closed_with_change, ExchangeState.cancelled))
    if match.exchange is not None:
        exchanges.override(match.exchange, ends, "Over", actor=administrator)


def settle(chance: random.Random) -> None:
    """The sweep; and for every need that is fulfilled somebody has a new one."""
    actions.settle(limit=5)
    waiting = (NeedState.published, NeedState.matched)
    many = db.session.scalar(select(func.count()).where(Need.state.in_(waiting))) or 0
    if many < NEEDS:
        new_need(chance)


def change(chance: random.Random) -> None:
    """An owner offers more or fewer places, or wants more or fewer hosts."""
    model = chance.choice((Need, Offer))
    row = db.session.get_one(model, chance.choice(list(db.session.scalars(select(model.id)))))
    name, most = ("hosts_wanted", 6) if model is Need else ("places", 4)
    officer = db.session.scalars(select(Person)).first()
    edit(row, {name: chance.randint(1, most)}, actor=officer)


def take_or_release(chance: random.Random) -> None:
    """One match takes what it can, or gives back what it has."""
    match_id = chance.randint(1, NEEDS * PAIRS_OF_A_NEED)
    match = db.session.get_one(Match, match_id, with_for_update=True)
    if match.holds_place:
        places.release(match, actor=None)
    elif missing := places.take(match):
        raise TransitionRefused("propose", match.state, (missing,))


Operation = Callable[[random.Random], None]
ACTIONS: dict[Operation, int] = {
    suggest: 8,
    propose: 8,
    accept: 6,
    decline: 4,
    withdraw: 4,
    change: 4,
    overrule: 1,
    fall_silent: 1,
    finish: 1,
    settle: 1,
}
KINDS: dict[str, dict[Operation, int]] = {"actions": ACTIONS, "places": {take_or_release: 1}}


def work(kind: str, operations: int, seed: int) -> Counter[str]:
    """Do ``operations`` things; how many were done, refused, overtaken by others."""
    chance = random.Random(seed)  # noqa: S311 - a story to repeat, no secret
    table = KINDS[kind]
    found: Counter[str] = Counter()
    for operation in chance.choices(list(table), list(table.values()), k=operations):
        try:
            with transaction():
                operation(chance)
            found["done"] += 1
        except REFUSED:
            found["refused"] += 1
        except OperationalError as problem:
            code = contention(problem)
            if code is None:
                raise
            found[code] += 1
        db.session.remove()
    return found


def drive(
    kind: str, operations: int, *, url: str = "", processes: int = PROCESSES, seed: int = 8
) -> Result:
    """Make the world, let ``processes`` loose on it, look meanwhile and at the end.

    It forks, so it must run in a process that has no threads: ``measure`` sees to that.

    :param url: of a database that is emptied; a new SQLite file when empty.
    """
    share = operations // processes
    result = Result(kind, url.partition("+")[0] or "sqlite", share * processes, processes)
    with tempfile.TemporaryDirectory() as var, application(url, var):
        make_world(random.Random(seed))  # noqa: S311 - the same
        db.session.remove()
        db.engine.dispose()
        begin = time.perf_counter()
        with get_context("fork").Pool(processes, initializer=_no_common_connection) as pool:
            jobs = [(kind, share, seed + number) for number in range(processes)]
            # One job for each: a process that took two would leave another without any.
            working = pool.starmap_async(work, jobs, chunksize=1)
            while not working.ready():
                _look(result)
                time.sleep(0.2)
            for found in working.get():
                result.done += found.pop("done", 0)
                for what, many in found.items():
                    result.counts[what] = result.counts.get(what, 0) + many
            # Each ends by itself: a signal that comes while it puts its figures away can hang it.
            pool.close()
            pool.join()
        _look(result)
        result.seconds = round(time.perf_counter() - begin, 1)
    return result


def _no_common_connection() -> None:
    """A forked process must not write into the connections of another."""
    db.session.remove()
    db.engine.dispose(close=False)


def _look(result: Result) -> None:
    with read_only():
        result.wrong += wrong()
        db.session.remove()
    result.looks += 1


def measure(kind: str, operations: int, url: str = "") -> Result:
    """``drive`` in a process of its own."""
    given = ["--kind", kind, "--operations", str(operations), "--database", url, "--json"]
    command = [sys.executable, "-m", "tests.benchmarks.matching.holds", *given]
    # Whoever measures coverage must not follow into processes that are forked and signalled.
    environ = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{kind} on {url or 'sqlite'}: {done.stderr[-2000:]}")
    return Result(**json.loads(done.stdout))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=AsWritten)
    parser.add_argument("--kind", choices=KINDS, default="actions")
    parser.add_argument("--operations", type=int, default=2000)
    parser.add_argument("--database", default="", help="its address; it is emptied")
    parser.add_argument("--json", action="store_true", help="for a program that reads it")
    parser.add_argument("--seed", type=int, default=8)
    given = parser.parse_args()
    result = drive(given.kind, given.operations, url=given.database, seed=given.seed)
    print(json.dumps(asdict(result)) if given.json else result)  # noqa: T201 - the figure


if __name__ == "__main__":
    main()
