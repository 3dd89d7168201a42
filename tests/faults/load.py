"""`make load`: the ten commonest pages, signed in, with many exchanges, while the worker sweeps.

    python -m tests.faults.load --seconds 600 --exchanges 100000 --setup redis

Two web processes on PostgreSQL and Redis. It prints requests, errors, p50 and p99 of each page, and
the memory of web and worker over the run; exit code 1 when a request failed or memory grew.
"""

import argparse
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.faults.installation import Installation, installed
from tests.faults.mails import arrivals
from tests.faults.servers import until
from tests.faults.traffic import Traffic
from tests.faults.upgrades import fill

PAGES = (
    *("/", "/exchanges", "/exchanges/1", "/exchanges?state=preparing", "/needs", "/offers"),
    *("/organisations", "/messages", "/matches", "/en/"),
)
CONNECTIONS = 4
# Threads that have not yet served everything make a process grow at first.
GROWTH = 1.15
KEPT = Path("build/load.json")


@dataclass
class Page:
    """What wrk measured of one page; times in milliseconds."""

    path: str
    requests: int
    errors: int
    p50: float
    p99: float


def milliseconds(text: str) -> float:
    """``1.20s``, ``33.5ms`` or ``910.00us`` as wrk prints them."""
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def measure(at: Installation, path: str, seconds: int) -> Page:
    """Ask for a page as often as four browsers can."""
    cookies = "; ".join(f"{c.name}={c.value}" for c in at.admin.cookies)
    command = ["wrk", f"-c{CONNECTIONS}", "-t1", f"-d{seconds}s", "--latency", "--timeout", "30s"]
    command += ["-H", f"Cookie: {cookies}", at.program.address + path]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    odd = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    errors = int(odd.group(1)) if odd else 0
    errors += sum(map(int, broken.groups())) if broken else 0
    spread = {n: milliseconds(t) for n, t in re.findall(r"(50|99)%\s+(\S+)", said)}
    total = re.search(r"(\d+) requests in", said)
    assert total, said
    return Page(path, int(total.group(1)), errors, spread["50"], spread["99"])


class Memory(threading.Thread):
    """Looks every second at what web and worker hold, in megabytes."""

    def __init__(self, at: Installation) -> None:
        super().__init__(daemon=True)
        self.at, self.seen, self.over = at, [], threading.Event()  # type: ignore[var-annotated]

    def run(self) -> None:
        """Look until it is over."""
        while not self.over.wait(1):
            self.seen.append({name: self._held(name) for name in ("web", "worker")})

    def _held(self, program: str) -> float:
        found = 0
        for number in self.at.processes(program):
            try:
                said = Path(f"/proc/{number}/status").read_text()
            except OSError:
                continue
            found += int(re.search(r"VmRSS:\s+(\d+)", said).group(1))  # type: ignore[union-attr]
        return round(found / 1024, 1)

    def mean(self, program: str, part: slice) -> float:
        """Of a part of the run."""
        some = [one[program] for one in self.seen[part]]
        return sum(some) / max(len(some), 1)

    def grew(self) -> list[str]:
        """A line for each program: the mean of the second quarter beside that of the last."""
        quarter = max(len(self.seen) // 4, 1)
        early, late = slice(quarter, 2 * quarter), slice(-quarter, None)
        return [
            f"memory of {name}: {self.mean(name, early):.0f}, then {self.mean(name, late):.0f} MB"
            for name in ("web", "worker")
        ]

    def is_flat(self) -> bool:
        """Did neither grow by more than the threads that warm up?"""
        quarter = max(len(self.seen) // 4, 1)
        early, late = slice(quarter, 2 * quarter), slice(-quarter, None)
        return all(self.mean(n, late) < GROWTH * self.mean(n, early) for n in ("web", "worker"))


def run(at: Installation, seconds: int) -> tuple[list[Page], Memory]:
    """Each page for its share of the time."""
    share = max(seconds // len(PAGES), 1)
    for path in PAGES:
        answer = at.admin.page(path)
        assert answer.status == 200, f"{path}: {answer.status}"
    memory = Memory(at)
    memory.start()
    found = [measure(at, path, share) for path in PAGES]
    memory.over.set()
    memory.join()
    return found, memory


def settle(at: Installation) -> None:
    """As on any other day: search has read everything, and the mails of the first look are out, but
    for those that wait for the morning."""
    at.program.run("search", "keep")
    waits = "SELECT count(*) FROM message WHERE state IN ('queued', 'sending')"
    waits += " AND next_try_at <= CURRENT_TIMESTAMP"
    due = "SELECT count(*) FROM reminder WHERE state = 'planned' AND due_at <= CURRENT_TIMESTAMP"
    until(lambda: not at.rows(waits)[0][0] + at.rows(due)[0][0], "the mails of the day", 900)


def arguments() -> argparse.Namespace:
    """What is wanted."""
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("--seconds", type=int, default=600)
    wanted.add_argument("--exchanges", type=int, default=100_000)
    wanted.add_argument("--setup", default="redis", choices=("files", "redis", "rabbit"))
    return wanted.parse_args()


def main() -> int:
    """Fill, load, print, keep."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    wanted = arguments()
    if shutil.which("wrk") is None:
        sys.stderr.write("make load needs wrk (Debian: apt install wrk)\n")
        return 2
    with (
        tempfile.TemporaryDirectory(prefix="load-", ignore_cleanup_errors=True) as base,
        arrivals() as (mails, url),
    ):
        Path(base).chmod(0o755)
        with installed(wanted.setup, Path(base) / "at", EXCHANGE_MAIL_URL=url) as at:
            fill(at, wanted.exchanges)
            settle(at)
            began = time.monotonic()
            # Somebody writes all the while, so that the worker has mails to send and rows to sweep.
            with Traffic(at, mails, senders=1, pause=1) as traffic:
                pages, memory = run(at, wanted.seconds)
            traffic.drain()
            count = traffic.count()
    for page in pages:
        sys.stdout.write(
            f"{page.path:<28} {page.requests:>7} requests  {page.errors:>3} errors  "
            f"p50 {page.p50:7.1f} ms  p99 {page.p99:7.1f} ms\n"
        )
    sys.stdout.write("\n".join(memory.grew()) + "\n")
    sys.stdout.write(
        f"{wanted.exchanges:,} exchanges, {time.monotonic() - began:.0f} s, "
        f"{count.sent} writes meanwhile, {count.lost} lost, {count.twice} twice\n"
    )
    KEPT.parent.mkdir(exist_ok=True)
    kept = {"pages": [asdict(page) for page in pages], "memory": memory.seen}
    KEPT.write_text(json.dumps(kept, indent=1) + "\n")
    errors = sum(page.errors for page in pages) + count.lost + count.twice
    return 0 if not errors and memory.is_flat() else 1


if __name__ == "__main__":
    sys.exit(main())
