"""Tests that are killed leave no program running: nobody else would stop it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.config import CHECKOUT
from tests.e2e.running import wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(360)]
RUN = """
import sys, time
from pathlib import Path
from tests.e2e.running import Program
print(Program(Path(sys.argv[1])).process.pid, flush=True)
time.sleep(600)
"""


def tree(number: int) -> Iterator[int]:
    """A process and all below it."""
    yield number
    for child in Path(f"/proc/{number}/task/{number}/children").read_text().split():
        yield from tree(int(child))


def is_alive(number: int) -> bool:
    """Whether a process still does something: a dead one that nobody buried does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2][0]
    except OSError:
        return False
    return state not in "ZX"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what Linux does for a child")
def test_tests_that_are_killed_leave_nothing_running(tmp_path: Path) -> None:
    run = [sys.executable, "-c", RUN, str(tmp_path / "var")]
    with subprocess.Popen(run, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as tests:
        try:
            assert tests.stdout
            running = set(tree(int(tests.stdout.readline())))
        finally:
            tests.kill()
    assert len(running) >= 4  # the supervisor, web, worker, scheduler
    wait_for(lambda: not any(map(is_alive, running)), "the end of what they started", 30)
