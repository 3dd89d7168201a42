"""The queue goes away, forgets, or hangs, while commits go on: every job is found by its row."""

import shutil
import time
from pathlib import Path

from tests.faults.installation import Installation
from tests.faults.processes import THREADS, at_work, killed, try_often
from tests.faults.servers import until
from tests.faults.table import Line
from tests.faults.traffic import Traffic

AWAY_SECONDS, SLOW_SECONDS = 3.0, 6.0
# So much longer than without it may a request last that meets a slow broker.
NOBODY_WAITS = 4.0


def gone(line: Line, folder: Path, tries: int) -> Line:
    """The broker is killed, stays away while requests commit, and comes back empty."""

    def hit(at: Installation, _number: int) -> None:
        if at.broker is None:
            messages = at.var / "broker"
            messages.rename(at.var / "elsewhere")
            time.sleep(AWAY_SECONDS)
            until(lambda: _put_back(at.var / "elsewhere", messages), "the folder of messages")
            return
        at.broker.kill()
        time.sleep(AWAY_SECONDS)
        at.broker.start()

    return try_often(line, hit, folder, tries)


def _put_back(kept: Path, place: Path) -> bool:
    """What the programs have made there meanwhile goes; they may be making it at this moment."""
    shutil.rmtree(place, ignore_errors=True)
    try:
        kept.rename(place)
    except OSError:
        return False
    return True


def forget(at: Installation, _number: int = 0) -> None:
    """Lose every message in the broker."""
    if at.broker is not None:
        at.broker.wipe()
        return
    for message in (at.var / "broker" / "messages").glob("*"):
        message.unlink(missing_ok=True)


def wiped(line: Line, folder: Path, tries: int) -> Line:
    """Every message in the broker is lost."""
    return try_often(line, forget, folder, tries)


def quick(line: Line, folder: Path, _tries: int) -> Line:
    """A handful of faults on one installation, one after the other: for every change."""
    hits = [
        lambda at: killed("web", at),
        forget,
        lambda at: killed("scheduler", at),
        lambda at: killed("worker", at),
    ]
    return try_often(line, lambda at, n: hits[n](at), folder, len(hits), copies=THREADS)


def hung(line: Line, folder: Path, tries: int) -> Line:
    """The broker takes connections and says nothing for some seconds."""

    def hit(at: Installation, _number: int) -> None:
        assert at.broker is not None
        at.broker.pause()
        time.sleep(AWAY_SECONDS)
        at.broker.go_on()

    return try_often(line, hit, folder, tries)


def slow(line: Line, folder: Path, tries: int) -> Line:
    """Every piece to and from the broker takes 300 to 800 ms longer: no request waits for it."""
    with at_work(line, folder, slow_line=True) as traffic:
        broker = traffic.at.line
        assert broker is not None
        usual = _slowest_while(traffic, SLOW_SECONDS)
        slowest = 0.0
        for _number in range(tries):
            moment = time.monotonic()
            broker.slow.set()
            slowest = max(slowest, _slowest_while(traffic, SLOW_SECONDS))
            broker.slow.clear()
            line.back.append(traffic.recovered_after(moment))
            line.tried += 1
    line.note += f", slowest answer {slowest:.1f} s, without it {usual:.1f} s"
    if slowest > usual + NOBODY_WAITS:
        line.wrong = f"{line.wrong} somebody waited".strip()
    return line


def _slowest_while(traffic: Traffic, seconds: float) -> float:
    """The longest that anybody waited for an answer; somebody knocks all the while."""
    known, end = len(traffic.waited), time.monotonic() + seconds
    while time.monotonic() < end:
        traffic.knock()
        time.sleep(0.3)
    return max(traffic.waited[known:])
