"""The clock of a running installation jumps a day ahead, over a night on which the hours change,
and back again: every reminder goes out once, and work goes on."""

import shutil
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.faults.crowds import KIND, write_proposals
from tests.faults.installation import Installation
from tests.faults.mails import Arrivals
from tests.faults.processes import THREADS, at_work
from tests.faults.servers import Missing, until
from tests.faults.table import Line
from tests.faults.traffic import Traffic

SOURCE = Path(__file__).with_name("shifted_clock.c")
# The noon before the night on which Madrid, where everybody is who chose no place, puts its clocks
# ahead, and before the one on which it puts them back.
NOONS = (datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 10, 30, 12, tzinfo=UTC))
# So many days after it was asked for, information that is missing is asked for again.
ASKED_AGAIN = 7
REMINDERS = 100
A_DAY = timedelta(days=1)
# A sign-in ends when nobody was there for long; none of this is about that.
SETTINGS = {"EXCHANGE_SESSION_IDLE_HOURS": "720", "EXCHANGE_SESSION_DAYS": "365"}


class Clock:
    """The calendar clock of all processes of an installation; a file says how far ahead it is."""

    def __init__(self, folder: Path) -> None:
        """:raises Missing: there is no C compiler on this machine."""
        folder.mkdir(parents=True, exist_ok=True)
        self.file, self.library = folder / "ahead", folder / "shifted_clock.so"
        compiler = shutil.which("cc")
        if compiler is None:
            raise Missing("no C compiler on this machine (Debian: apt install gcc libc6-dev)")
        made = subprocess.run(
            [compiler, "-shared", "-fPIC", "-O1", "-o", self.library, SOURCE, "-ldl"],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise Missing(f"the clock does not compile: {made.stderr.strip()[:80]}")
        self.ahead = 0
        self._write()

    @property
    def settings(self) -> dict[str, str]:
        """What a process needs to go by this clock."""
        return {"LD_PRELOAD": str(self.library), "SHIFTED_CLOCK": str(self.file)}

    def put(self, at: datetime) -> None:
        """Let it be ``at`` now, before anybody looks at it."""
        self.ahead = round(at.timestamp() - time.time())
        self._write()

    def jump(self, by: timedelta) -> None:
        """Let it be so much later at one stroke for all; or earlier, and it goes on from there."""
        self.ahead += round(by.total_seconds())
        self._write()

    def _write(self) -> None:
        with self.file.open("r+b" if self.file.exists() else "wb") as file:
            file.write(self.ahead.to_bytes(8, sys.byteorder, signed=True))


def jumped(line: Line, folder: Path, tries: int) -> Line:
    """A day ahead over a night of daylight saving, and back, while reminders are due."""
    for number, noon in enumerate(NOONS):
        part = Line(line.fault, line.setup)
        _jump(part, folder, noon, range(number, tries, len(NOONS)))
        line.add(part)
    return line


def _jump(line: Line, folder: Path, noon: datetime, tries: range) -> None:
    """The tries before one of the two nights, on an installation of their own."""
    if not tries:
        return
    clock = Clock(folder.with_name("clock"))
    clock.put(noon)
    asked = noon - timedelta(days=ASKED_AGAIN) + A_DAY
    found = Line(line.fault, line.setup)
    with at_work(line, folder, **clock.settings, **SETTINGS) as traffic:
        for number in tries:
            numbers = range(1000 * (number + 1), 1000 * (number + 1) + REMINDERS)
            write_proposals(traffic.at, numbers, asked)
            moment = time.monotonic()
            clock.jump(A_DAY)
            _wait_for_reminders(traffic, numbers, (noon + A_DAY).date())
            line.back.append(traffic.recovered_after(moment))
            moment = time.monotonic()
            clock.jump(-A_DAY)
            line.back.append(traffic.recovered_after(moment))
            line.tried += 1
        # What was written while the clock was ahead is due when that time comes.
        clock.jump(A_DAY)
        _count_reminders(found, traffic.at, traffic.mails)
    line.add(found)
    line.promised = THREADS * line.tried


def _wait_for_reminders(traffic: Traffic, numbers: range, due: date) -> None:
    until(lambda: _sent(traffic, numbers, due) >= REMINDERS, "reminders", 240)


def _sent(traffic: Traffic, numbers: range, due: date) -> int:
    """How many of some proposals were reminded on a day."""
    found = traffic.at.rows(
        f"SELECT count(*) FROM reminder WHERE kind = '{KIND}' AND state = 'sent'"
        f" AND due_on = '{due}' AND subject_id BETWEEN {numbers[0]} AND {numbers[-1]}"
    )
    return int(found[0][0])


def _count_reminders(line: Line, at: Installation, mails: Arrivals) -> None:
    """What goes out comes once: each reminder is a message, and each message a mail."""
    mine = f"kind = '{KIND}'"
    sent = Counter(
        f"p{row[0]}@example.org"
        for row in at.rows(f"SELECT subject_id FROM reminder WHERE {mine} AND state = 'sent'")
    )
    written = Counter(row[0] for row in at.rows(f"SELECT to_email FROM message WHERE {mine}"))
    until(lambda: all(mails.times.get(one) for one in written), "the mails of all reminders", 120)
    line.work = sent.total()
    line.lost = sum(written[one] < many for one, many in sent.items())
    line.twice = sum(written[one] > many for one, many in sent.items())
    line.copies = sum(max(len(mails.times[one]) - many, 0) for one, many in written.items())
