"""The queue goes away, forgets, or hangs, while commits go on: every job is found by its row."""

import shutil
import time
from pathlib import Path

from tests.faults.installation import Installation
from tests.faults.processes import THREADS, killed, try_often
from tests.faults.table import Line

AWAY_SECONDS = 3.0


def gone(line: Line, folder: Path, tries: int) -> Line:
    """The broker is killed, stays away while requests commit, and comes back empty."""

    def hit(at: Installation, _number: int) -> None:
        if at.broker is None:
            messages = at.var / "broker"
            messages.rename(at.var / "elsewhere")
            time.sleep(AWAY_SECONDS)
            shutil.rmtree(messages, ignore_errors=True)
            (at.var / "elsewhere").rename(messages)
            return
        at.broker.kill()
        time.sleep(AWAY_SECONDS)
        at.broker.start()

    return try_often(line, hit, folder, tries)


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
