"""A mail server that refuses, says nothing, or hangs up in the middle of a mail or after it."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.processes import at_work
from tests.faults.servers import until
from tests.faults.table import Line
from tests.faults.traffic import Traffic, Unit

# The first time that a mail is put off, it is for a minute.
PUT_OFF = 150.0


def _meet(line: Line, folder: Path, tries: int, fault: str, then: Callable[..., None]) -> Line:
    """Let ``tries`` mails meet a fault while the others go on; ``then`` is what staff do."""
    with at_work(line, folder) as traffic:
        caught: list[tuple[Unit, float]] = []
        for _number in range(tries):
            unit = traffic.mark(fault)
            until(lambda u=unit: u.address not in traffic.mails.faults, f"{fault}", 60)  # type: ignore[misc]
            caught.append((unit, time.monotonic()))
            line.tried += 1
        then(traffic, [unit for unit, _moment in caught])
        for unit, moment in caught:
            until(lambda u=unit, m=moment: _came_after(traffic, u, m), unit.name, PUT_OFF)  # type: ignore[misc]
            line.back.append(traffic.mails.times[unit.address][-1] - moment)
    return line


def _came_after(traffic: Traffic, unit: Unit, moment: float) -> bool:
    return any(came > moment - 0.5 for came in traffic.mails.times.get(unit.address, ()))


def _nothing(_traffic: Traffic, _units: list[Unit]) -> None:
    """The program does all by itself."""


def later(line: Line, folder: Path, tries: int) -> Line:
    """The server says "later" (4xx)."""
    return _meet(line, folder, tries, "later", _nothing)


def hang(line: Line, folder: Path, tries: int) -> Line:
    """The server says nothing any more."""
    return _meet(line, folder, tries, "hang", _nothing)


def drop(line: Line, folder: Path, tries: int) -> Line:
    """The server hangs up in the middle of a mail."""
    return _meet(line, folder, tries, "drop", _nothing)


def cut(line: Line, folder: Path, tries: int) -> Line:
    """The server takes a mail and hangs up before it says so: one copy more, and no other."""

    def once_more(traffic: Traffic, units: list[Unit]) -> None:
        for unit in units:
            until(lambda u=unit: len(traffic.mails.times[u.address]) > 1, unit.name, PUT_OFF)  # type: ignore[misc]

    line = _meet(line, folder, tries, "cut", once_more)
    line.promised = line.tried
    return line


def never(line: Line, folder: Path, tries: int) -> Line:
    """The server refuses for good (5xx): staff see it, and send it again."""

    def send_again(traffic: Traffic, units: list[Unit]) -> None:
        admin = traffic.at.admin
        for unit in units:
            until(lambda u=unit: bool(_failed(traffic, u)), f"the failure of {unit.name}")  # type: ignore[misc]
            (message,) = _failed(traffic, unit)
            assert "550" in message["reason"]
            admin.step(f"/messages/{message['id']}", "send_again")

    return _meet(line, folder, tries, "never", send_again)


def _failed(traffic: Traffic, unit: Unit) -> list[dict[str, str]]:
    """What staff see on the page of messages that failed."""
    address = f"/messages?state=failed&q={unit.address}"
    return list(traffic.at.admin.get(address)["items"])
