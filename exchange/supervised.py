"""One child of the supervisor: how it starts, what it prints, when it is started again."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from exchange.config import CHECKOUT
from exchange.processes import child_setup

DEATHS = 5
WITHIN = 30.0
LONGEST_PAUSE = 5.0
LONGEST_LINE = 65536


@dataclass(frozen=True)
class Program:
    """A name for the log and the command line."""

    name: str
    argv: tuple[str, ...]


class Child:
    """A program that runs, died, or waits for its next start."""

    def __init__(self, program: Program, environ: Mapping[str, str]) -> None:
        self.program = program
        self._environ = {**environ, "PYTHONUNBUFFERED": "1"}
        self._process: subprocess.Popen[bytes] | None = None
        self._start_at: float | None = None
        self._deaths: deque[float] = deque(maxlen=DEATHS)
        self._rest = b""

    def start(self) -> IO[bytes]:
        """Start the program; returns what to read its lines from."""
        self._start_at, self._rest = None, b""
        self._process = subprocess.Popen(  # noqa: S603  our own programs
            self.program.argv,
            cwd=CHECKOUT,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=child_setup(),  # noqa: PLW1509  the parent has one thread
        )
        return self._output(self._process)

    def pid(self) -> int | None:
        """The process, when there is one."""
        return self._process.pid if self._process else None

    def alive(self) -> bool:
        """Is it running?"""
        return self._process is not None and self._process.poll() is None

    def has_died(self) -> bool:
        """Did it end, and nobody has noticed yet?"""
        return self._process is not None and self._start_at is None and not self.alive()

    def is_due(self, moment: float) -> bool:
        """Has its pause ended?"""
        return self._start_at is not None and moment >= self._start_at

    def bury(self) -> bool:
        """Note the death and plan the next start; True when it died too often."""
        moment = time.monotonic()
        self._deaths.append(moment)
        name, code = self.program.name, self._process.returncode if self._process else None
        if len(self._deaths) == DEATHS and moment - self._deaths[0] < WITHIN:
            write_line("up", f"{name} ended {DEATHS} times in {WITHIN:.0f} s: giving up")
            return True
        recent = sum(moment - death < WITHIN for death in self._deaths)
        pause = min(0.5 * 2 ** (recent - 1), LONGEST_PAUSE)
        write_line("up", f"{name} ended with code {code}; starting it again in {pause:g} s")
        self._start_at = moment + pause
        return False

    def pass_on(self) -> bool:
        """Print the lines that came; False at the end of them."""
        if self._process is None:
            return False
        chunk = os.read(self._output(self._process).fileno(), LONGEST_LINE)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk or len(self._rest) > LONGEST_LINE:
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            if line:
                write_line(self.program.name, line.decode("utf-8", errors="replace"))
        return bool(chunk)

    def signal(self, number: int) -> None:
        """Send a signal, if there is anyone to get it."""
        self._start_at = None
        if self._process is not None and self.alive():
            self._process.send_signal(number)

    def kill_group(self) -> None:
        """Kill what is left of it and of its own children."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    @staticmethod
    def _output(process: subprocess.Popen[bytes]) -> IO[bytes]:
        if process.stdout is None:
            raise RuntimeError("a child without a pipe")
        return process.stdout


def write_line(name: str, line: str) -> None:
    """Print a line with the name of who says it; a closed terminal is no reason to stop."""
    with contextlib.suppress(BrokenPipeError, OSError):
        sys.stdout.write(f"{name:<9} | {line}\n")
        sys.stdout.flush()
