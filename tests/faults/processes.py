"""Killed by the kernel and without a word: a worker, the scheduler, the web, the whole tree."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from exchange.supervised import DEATHS, WITHIN
from tests.faults.installation import Installation, installed
from tests.faults.mails import arrivals
from tests.faults.servers import until
from tests.faults.table import Line
from tests.faults.traffic import Traffic

# `exchange up` gives up on what dies five times within thirty seconds, as it should: five deaths
# must be further apart, on a machine quick enough to be back at once, too.
BETWEEN = 1.1 * WITHIN / (DEATHS - 1)
# Each thread of the worker may be between "250" and its commit when it dies.
THREADS = 4
Hit = Callable[[Installation, int], None]


@contextmanager
def at_work(
    line: Line,
    folder: Path,
    before: Callable[[Installation], None] = lambda _at: None,
    **settings: Any,
) -> Iterator[Traffic]:
    """An installation with work in flight. When the story is over, what became of it is counted
    into ``line``; the faults must be over by then."""
    with (
        arrivals() as (mails, url),
        installed(line.setup, folder, **{"EXCHANGE_MAIL_URL": url, **settings}) as at,
    ):
        before(at)
        with Traffic(at, mails) as traffic:
            traffic.recovered_after(time.monotonic())
            yield traffic
        traffic.drain()
        count = traffic.count()
        line.work, line.lost, line.twice = count.sent, count.lost, count.twice
        line.copies = count.copies
        line.note = f"slowest mail {count.slowest:.0f} s"
        line.wrong = "; ".join(count.odd)


def try_often(
    line: Line,
    hit: Hit,
    folder: Path,
    tries: int,
    *,
    between: float = 0.0,
    copies: int = 0,
    **settings: Any,
) -> Line:
    """Hit an installation ``tries`` times in mid-work, wait each time until it is back, and count.

    :param between: seconds from one hit to the next, at least.
    :param copies: how many mails a hit may catch between "250" and the commit.
    """
    with at_work(line, folder, **settings) as traffic:
        for number in range(tries):
            moment = time.monotonic()
            hit(traffic.at, number)
            line.back.append(traffic.recovered_after(moment))
            line.tried += 1
            time.sleep(max(0.0, between - (time.monotonic() - moment)))
    line.promised = copies * line.tried
    return line


def killed(program: str, at: Installation, which: int = 0) -> None:
    """Kill one of a program's processes, and wait for another in its place."""
    before = at.processes(program)
    at.kill(before[which % len(before)])
    until(lambda: set(at.processes(program)) - set(before) != set(), f"a new {program}")


def worker(line: Line, folder: Path, tries: int) -> Line:
    """kill -9 of the worker in the middle of mails."""
    hit = lambda at, _n: killed("worker", at)  # noqa: E731
    return try_often(line, hit, folder, tries, between=BETWEEN, copies=THREADS)


def scheduler(line: Line, folder: Path, tries: int) -> Line:
    """kill -9 of the scheduler."""
    hit = lambda at, _n: killed("scheduler", at)  # noqa: E731
    return try_often(line, hit, folder, tries, between=BETWEEN)


def web(line: Line, folder: Path, tries: int) -> Line:
    """kill -9 of the web in the middle of requests: its master and its children in turns."""
    hit = lambda at, n: killed("web", at, n)  # noqa: E731
    return try_often(line, hit, folder, tries, between=BETWEEN)


def tree(line: Line, folder: Path, tries: int) -> Line:
    """kill -9 of `exchange up` itself, which takes all with it; then it is started again."""

    def hit(at: Installation, _number: int) -> None:
        at.kill(at.program.process.pid)
        at.start_again()

    return try_often(line, hit, folder, tries, copies=THREADS)
