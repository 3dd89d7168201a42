"""The process tree, with real processes: it restarts, gives up, stops, and leaves nobody behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")

# A parent with two children. Each child writes its pid and sleeps; see PROGRAMS below.
PARENT = """
import os, sys
from exchange.supervised import Program
from exchange.supervisor import Supervisor

def program(name, script):
    return Program(name, (sys.executable, "-u", "-c", script))

supervisor = Supervisor(
    [program(f"child{i}", script) for i, script in enumerate(sys.argv[1:])],
    environ=os.environ,
    ready=lambda: True,
    when_ready=lambda: print("READY", flush=True),
)
sys.exit(supervisor.run())
"""
SLEEPS = "import os, time; print('pid', os.getpid()); time.sleep(60)"
IGNORES_TERM = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPS
HAS_A_CHILD = (
    "import subprocess, sys\n"
    "from exchange.processes import child_setup\n"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'],"
    " preexec_fn=child_setup())\n" + SLEEPS
)
DIES = "raise SystemExit(3)"


class Tree:
    """A running parent, what it printed, and who lives below it."""

    def __init__(self, *scripts: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PARENT, *scripts], stdout=subprocess.PIPE, text=True
        )
        self.printed = ""

    def read_until(self, word: str, times: int = 1) -> None:
        assert self.process.stdout
        while self.printed.count(word) < times:
            line = self.process.stdout.readline()
            assert line, f"ended before {word!r}: {self.printed}"
            self.printed += line

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)

    def descendants(self) -> list[int]:
        return descendants_of(self.process.pid)


def descendants_of(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = list(parents.get(pid, []))
    for child in found:
        found += parents.get(child, [])
    return found


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def gone(pids: list[int], within: float = 5.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and any(map(alive, pids)):
        time.sleep(0.05)
    return not any(map(alive, pids))


@pytest.fixture
def tree() -> Iterator[Callable[..., Tree]]:
    made: list[Tree] = []

    def make(*scripts: str) -> Tree:
        made.append(Tree(*scripts))
        return made[-1]

    yield make
    for one in made:
        one.process.kill()
        one.process.wait()
        assert one.process.stdout
        one.process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_with_code_0(tree, number: int) -> None:
    running = tree(SLEEPS, SLEEPS)
    running.read_until("pid ", 2)
    children = running.descendants()
    begin = time.monotonic()
    assert running.end(number) == 0
    assert time.monotonic() - begin < 5
    assert len(children) == 2
    assert gone(children)


def test_killing_the_parent_leaves_nobody(tree) -> None:
    running = tree(HAS_A_CHILD, IGNORES_TERM)
    running.read_until("pid ", 2)
    everyone = running.descendants()
    assert len(everyone) == 3
    running.end(signal.SIGKILL)
    assert gone(everyone)


def test_a_child_that_was_killed_is_started_again(tree) -> None:
    running = tree(SLEEPS, SLEEPS)
    running.read_until("pid ", 2)
    victim = int(running.printed.split("pid ")[1].split()[0])
    os.kill(victim, signal.SIGKILL)
    running.read_until("pid ", 3)
    assert "ended with code -9; starting it again in 0.5 s" in running.printed
    assert running.end(signal.SIGINT) == 0


def test_who_dies_five_times_ends_the_run_with_code_1(tree) -> None:
    running = tree(SLEEPS, DIES)
    running.read_until("pid ")
    sibling = int(running.printed.split("pid ")[1].split()[0])
    running.read_until("giving up")
    assert running.process.wait(20) == 1
    assert running.printed.count("child1 ended with code 3; starting it again") == 4
    assert "child1 ended 5 times in 30 s: giving up" in running.printed
    assert gone([sibling])


def test_asked_twice_it_kills_who_does_not_listen(tree) -> None:
    running = tree(IGNORES_TERM)
    running.read_until("pid ")
    children = running.descendants()
    running.process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert running.process.poll() is None
    begin = time.monotonic()
    assert running.end(signal.SIGINT) == 0
    assert time.monotonic() - begin < 3
    assert gone(children)


def test_lines_bear_the_name_of_who_says_them(tree) -> None:
    running = tree(
        "import sys; sys.stdout.buffer.write(b'caf\\xc3\\xa9\\n\\n\\xff no end')\n" + SLEEPS
    )
    running.read_until("pid ")
    assert "child0    | café\nchild0    | \ufffd no endpid" in running.printed


def test_a_closed_terminal_stops_nobody(tree) -> None:
    """Who reads the lines may go away; the programs go on."""
    running = tree("import time\nwhile True: print('tick'); time.sleep(0.05)")
    running.read_until("tick")
    children = running.descendants()
    assert running.process.stdout
    running.process.stdout.close()
    time.sleep(0.5)
    assert all(map(alive, children))
    assert running.end(signal.SIGTERM) == 0
