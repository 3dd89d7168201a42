"""The version before runs beside this one, on the database that this one has brought up to date."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from exchange.config import CHECKOUT
from tests.e2e.running import free_port
from tests.faults.crowds import WORKER
from tests.faults.installation import Installation
from tests.faults.processes import at_work
from tests.faults.servers import Missing, until
from tests.faults.table import Line
from tests.faults.traffic import Traffic
from tests.house.adding import troubles

HEAD = "migrations/HEAD"
# Both must be what the older version was made with: its own environment is this one.
LOCKED = "requirements.txt"
BESIDE_SECONDS = 5.0
WEB = ("gunicorn", "--config", "python:exchange.web_server", "exchange.app:create_app()")


def git(*words: str) -> bytes:
    """What git says of this checkout.

    :raises Missing: it is no checkout, or git does not know.
    """
    try:
        return subprocess.run(["git", *words], cwd=CHECKOUT, check=True, capture_output=True).stdout
    except (OSError, subprocess.CalledProcessError) as problem:
        raise Missing(f"no history to take an older version from ({problem})"[:100]) from problem


def release_before() -> str:
    """The commit that runs beside this one: the last that had the migrations of the release which
    ``migrations/RELEASED`` names. Before the first release it is the last that had fewer than now.

    :raises Missing: history does not reach so far, or has other packages or takes something away.
    """
    released = (CHECKOUT / "migrations" / "RELEASED").read_text().strip()
    now = (CHECKOUT / HEAD).read_text().strip()
    moved = git("log", "--format=%H", "--", HEAD).decode().split()
    for commit in moved:
        older = f"{commit}^"
        at = git("show", f"{older}:{HEAD}").decode().strip()
        if at == released or (released == "none" and at < now):
            break
    else:
        raise Missing(f"no commit with the migrations of {released}")
    if git("show", f"{older}:{LOCKED}") != (CHECKOUT / LOCKED).read_bytes():
        raise Missing("the older version has other packages")
    for path in sorted((CHECKOUT / "migrations" / "versions").glob("*.py")):
        if path.name[:4] > at[:4] and troubles(path.read_text()):
            raise Missing(f"{path.name} takes something away")
    return git("rev-parse", older).decode().strip()


def beside(line: Line, folder: Path, tries: int) -> Line:
    """Web and worker of the version before come and go beside ours; people use both."""
    commit = release_before()
    code = folder.with_name("older")
    code.mkdir(exist_ok=True)
    subprocess.run(["tar", "-xC", code], input=git("archive", commit), check=True)
    theirs = Line(line.fault, line.setup)
    with at_work(line, folder) as traffic:
        for number in range(tries):
            moment = time.monotonic()
            with _older(traffic.at, code) as address:
                _use(theirs, traffic, address, f"older{number}")
            line.back.append(traffic.recovered_after(moment))
            line.tried += 1
    line.add(theirs)
    line.note += f", {theirs.work} by {commit[:9]}"
    return line


@contextmanager
def _older(at: Installation, code: Path) -> Iterator[str]:
    """Web and worker of the older code on an installation; the address of the web."""
    port = free_port()
    own = {"PYTHONPATH": str(code), "EXCHANGE_PORT": str(port)}
    processes: list[subprocess.Popen[bytes]] = []
    folder = Path(sys.executable).parent
    try:
        with (at.folder / "older.log").open("ab") as log:
            processes.extend(
                subprocess.Popen(
                    [str(folder / command[0]), *command[1:]],
                    env={**at.program.environ, **own},
                    cwd=code,
                    stdout=log,
                    stderr=log,
                )
                for command in (WEB, WORKER)
            )
        address = f"http://127.0.0.1:{port}"
        # Its port is open before the application stands.
        until(lambda: _answers(address), "the older web", 120)
        yield address
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(60)


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz", timeout=5).ok
    except requests.RequestException:
        return False


def _use(line: Line, beside: Traffic, address: str, kind: str) -> None:
    """People use the older web until something of theirs has gone from end to end, and a while."""
    with Traffic(beside.at, beside.mails, kind=kind, address=address) as traffic:
        traffic.recovered_after(time.monotonic())
        time.sleep(BESIDE_SECONDS)
    traffic.drain()
    count = traffic.count()
    line.work += count.sent
    line.lost += count.lost
    line.twice += count.twice
    line.copies += count.copies
    line.wrong = "; ".join(filter(None, (line.wrong, *count.odd)))
