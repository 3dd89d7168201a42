"""`exchange up`: web, worker and scheduler as one process tree.

The parent imports neither Flask nor Celery: it prepares through a child, starts three
programs, prints their lines, replaces what dies, and takes all of them down with itself.
"""

import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

from exchange.config import CHECKOUT
from exchange.processes import child_setup
from exchange.supervised import Child, Program, write_line

# Longer than a web request or a task may take to end, shorter than anyone's patience.
PATIENCE = 8.0
READY_WITHIN = 60.0


class Supervisor:
    """Runs the programs until a signal comes (exit code 0) or one of them cannot live (1)."""

    def __init__(
        self,
        programs: list[Program],
        *,
        environ: Mapping[str, str],
        ready: Callable[[], bool],
        when_ready: Callable[[], None],
    ) -> None:
        self.children = [Child(program, environ) for program in programs]
        self._ready, self._when_ready = ready, when_ready
        self._stopping = False
        self._gave_up = False
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()

    def run(self) -> int:
        """Start, watch, stop; returns the exit code."""
        self._listen_to_signals()
        try:
            self._start_first()
            self._watch()
        finally:
            self._stop_all()
        return 1 if self._gave_up else 0

    def stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """End the run; asked a second time, it kills instead of waiting."""
        if self._stopping:
            for child in self.children:
                child.signal(signal.SIGKILL)
        self._stopping = True

    def _listen_to_signals(self) -> None:
        for one in (self._wake, self._woken):
            one.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._woken, selectors.EVENT_READ, None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup asks to live on
                signal.signal(number, self.stop)

    def _start_first(self) -> None:
        """The web first, the others when it answers: its start is what somebody waits for."""
        self._start(self.children[0])
        deadline = time.monotonic() + READY_WITHIN
        while not self._over() and not self._ready():
            self._turn(0.05)
            if time.monotonic() > deadline:
                write_line("up", f"no answer within {READY_WITHIN:.0f} s; going on waiting")
                deadline = float("inf")
        if not self._over():
            for child in self.children[1:]:
                self._start(child)
            self._when_ready()

    def _watch(self) -> None:
        while not self._over():
            self._turn(0.5)

    def _over(self) -> bool:
        return self._stopping or self._gave_up

    def _start(self, child: Child) -> None:
        self._selector.register(child.start(), selectors.EVENT_READ, child)

    def _turn(self, seconds: float) -> None:
        """Pass on what was printed, bury the dead, start again whose time has come."""
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                self._woken.recv(4096)
            elif not key.data.pass_on():
                self._selector.unregister(key.fileobj)
        for child in self.children:
            self._look_at(child)

    def _look_at(self, child: Child) -> None:
        if child.has_died() and not self._over():
            self._gave_up = child.bury()
        if child.is_due(time.monotonic()) and not self._over():
            self._start(child)

    def _stop_all(self) -> None:
        self._stopping = True
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while any(child.alive() for child in self.children) and time.monotonic() < deadline:
            self._turn(0.1)
        for child in self.children:
            child.kill_group()
        signal.set_wakeup_fd(-1)


def prepare(environ: Mapping[str, str]) -> int:
    """Make the database current in a process of its own; returns its exit code."""
    return subprocess.run(
        [sys.executable, "-m", "exchange.prepare"],
        cwd=CHECKOUT,
        env=dict(environ),
        check=False,
        preexec_fn=child_setup(),
    ).returncode


def programs(*, threads: int, level: str) -> list[Program]:
    """The three programs, the web first."""
    folder = Path(sys.executable).parent
    web = (
        folder / "gunicorn",
        "--config",
        "python:exchange.web_server",
        "exchange.app:create_app()",
    )
    celery = (folder / "celery", "--quiet", "--workdir", CHECKOUT, "-A")
    # There is no talk between workers over this queue: without these it would be tried.
    alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    worker = (
        *celery,
        "tasks.worker",
        "worker",
        "-P",
        "threads",
        "-c",
        threads,
        "-l",
        level,
        *alone,
    )
    beat = (*celery, "tasks.beat", "beat", "-l", level, "--pidfile=")
    return [
        Program(name, tuple(str(word) for word in words))
        for name, words in (("web", web), ("worker", worker), ("scheduler", beat))
    ]
