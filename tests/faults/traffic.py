"""Work in flight: people who send forms and programs that call the API, again until it is taken.

A unit is one thing that somebody wants done once: an invitation on a page, which makes a person and
a mail, or a need through the API. Whoever gets no answer, or is asked to try again, sends the very
same again, as browsers and clients do (a form's ``once``, an ``Idempotency-Key``).
"""

import re
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests

from tests.faults.installation import Installation
from tests.faults.mails import Arrivals

# A form that was opened a day ago, by the clock, is shown anew and sent again.
OLD_PAGE = 400
# Answers that ask to try again.
AGAIN = frozenset({409, 429, 502, 503, 504})
PATIENCE = 120.0


class AsItIs(DefaultCookiePolicy):
    """A jar that takes no new cookie: who signed in today knocks tomorrow, and today again. A
    cookie of tomorrow is none today: whoever was given one is asked to sign in again."""

    def set_ok(self, _cookie: Any, _request: Any) -> bool:
        """No."""
        return False


@dataclass
class Unit:
    """One thing that is to be done once; times are of this process's clock."""

    number: int
    by_page: bool
    begun: float
    taken: float = 0.0
    tries: int = 0
    kind: str = "unit"

    @property
    def name(self) -> str:
        """What its row is found by."""
        return f"{self.kind}-{self.number}"

    @property
    def address(self) -> str:
        """Where its mail goes."""
        return f"{self.name}@example.org"


@dataclass
class Count:
    """What became of all units."""

    sent: int = 0
    lost: int = 0
    twice: int = 0
    copies: int = 0
    most_copies: int = 0
    slowest: float = 0.0
    odd: list[str] = field(default_factory=list)


class Traffic:
    """Some senders at once, from ``with`` to its end."""

    def __init__(
        self,
        at: Installation,
        mails: Arrivals,
        *,
        senders: int = 2,
        pause: float = 0.5,
        kind: str = "unit",
        address: str = "",
    ) -> None:
        """:param kind: the name of its units, where there is other traffic beside it.
        :param address: of another web than that of the installation's own."""
        self.at, self.mails, self.senders, self.pause = at, mails, senders, pause
        self.kind, self.address = kind, address
        self.units: list[Unit] = []
        # How long each answer took, in seconds.
        self.waited: list[float] = []
        self.answers: Counter[str] = Counter()
        self.odd: list[str] = []
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._token = self._csrf_token(self.line())
        self._threads = [threading.Thread(target=self._send) for _ in range(senders)]

    def __enter__(self) -> "Traffic":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: Any) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _path(self) -> str:
        web = self.address or self.at.program.address
        return f"{web}/organisations/{self.at.organisation}/invite"

    def _csrf_token(self, line: requests.Session) -> str:
        page = line.get(self._path(), timeout=30)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert found, page.text[:500]
        return found.group(1)

    def _send(self) -> None:
        line = self.line()
        while not self._stop.is_set():
            self._until_taken(line, self._next())
            self._stop.wait(self.pause)

    def line(self) -> requests.Session:
        """A browser in which the administrator has signed in."""
        line = requests.Session()
        line.cookies.set_policy(AsItIs())
        line.cookies.update({c.name: c.value or "" for c in self.at.admin.cookies})
        return line

    def _next(self) -> Unit:
        with self._lock:
            number = len(self.units)
            self.units.append(Unit(number, number % 3 < 2, time.monotonic(), kind=self.kind))
            return self.units[-1]

    def _until_taken(self, line: requests.Session, unit: Unit) -> None:
        key = uuid.uuid4().hex
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            unit.tries += 1
            asked = time.monotonic()
            try:
                status = (
                    self.page(line, unit.name, key) if unit.by_page else self.api(unit.name, key)
                )
                if status == OLD_PAGE and unit.by_page:
                    self._token = self._csrf_token(line)
            except requests.RequestException as problem:
                self.answers[type(problem).__name__] += 1
                status = 503
            else:
                self.answers[str(status)] += 1
                self.waited.append(time.monotonic() - asked)
            if status in (201, 302):
                unit.taken = time.monotonic()
                return
            if status not in AGAIN and not (status == OLD_PAGE and unit.by_page):
                self.odd.append(f"{unit.name}: {status}")
            time.sleep(0.1)

    def page(self, line: requests.Session, name: str, once: str) -> int:
        """Send the form by which somebody is invited."""
        person = {"name": name, "email": f"{name}@example.org", "role": "coordinator"}
        sent = {**person, "language": "en", "csrf_token": self._token, "once": once}
        answer = line.post(self._path(), sent, timeout=30, allow_redirects=False)
        if "/sign-in" in answer.headers.get("Location", ""):
            return 401
        return answer.status_code

    def api(self, name: str, key: str) -> int:
        """Write down a need."""
        need = {"organisation_id": self.at.organisation, "title": name, "language": "en"}
        headers = {"Authorization": f"Bearer {self.at.admin.key}", "Idempotency-Key": key}
        address = f"{self.address or self.at.program.address}/api/v1/needs"
        answer = requests.post(address, json=need, headers=headers, timeout=30)
        # Killed between its deed and its answer: all that is still known is that it was done.
        done = answer.status_code == 409 and answer.json()["error"]["code"] == "sent_twice"
        return 201 if done else answer.status_code

    def knock(self) -> None:
        """Open a mail's link that nobody was sent: a page whose visitors are counted."""
        asked = time.monotonic()
        answer = requests.get(f"{self.at.program.address}/m/nothing", timeout=60)
        self.waited.append(time.monotonic() - asked)
        if answer.status_code not in (404, 429):
            self.odd.append(f"a knock: {answer.status_code}")

    def mark(self, fault: str) -> Unit:
        """A unit of its own whose mail will meet a fault; it is taken when this returns."""
        with self._lock:
            unit = Unit(len(self.units), True, time.monotonic(), kind=self.kind)
            self.units.append(unit)
        self.mails.faults[unit.address] = fault
        self._until_taken(self.line(), unit)
        return unit

    def recovered_after(self, moment: float, seconds: float = 240) -> float:
        """Wait until something begun after ``moment`` is done from end to end; how long it took."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for unit in reversed(self.units):
                if unit.begun < moment:
                    break
                if unit.taken and unit.by_page and (came := self.mails.times.get(unit.address)):
                    return max(unit.taken, came[0]) - moment
            time.sleep(0.05)
        raise AssertionError(f"not back after {seconds} s\n{self.at.program.log()}")

    def drain(self, seconds: float = 240) -> None:
        """Wait until every mail of what was taken is here, or ``seconds`` are over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and any(
            u.taken and u.by_page and u.address not in self.mails.times for u in self.units
        ):
            time.sleep(0.2)
        time.sleep(2)  # what would be sent once more has time to come

    def count(self) -> Count:
        """Count every row and every mail."""
        people = Counter(r[0] for r in self.at.rows("SELECT email FROM person"))
        needs = Counter(r[0] for r in self.at.rows("SELECT title FROM need"))
        written = "SELECT to_email FROM message WHERE kind = 'invitation'"
        letters = Counter(r[0] for r in self.at.rows(written))
        found = Count(sent=len(self.units), odd=sorted(set(self.odd))[:5])
        for unit in self.units:
            if unit.by_page:
                rows = (people[unit.address], letters[unit.address])
                came = self.mails.times.get(unit.address, [])
            else:
                rows, came = (needs[unit.name],), [0.0]
            found.twice += max(rows) > 1
            if not unit.taken or min(rows) < 1 or not came:
                found.lost += 1
                found.odd.append(self._fate(unit, rows, len(came)))
            found.copies += max(len(came) - 1, 0)
            found.most_copies = max(found.most_copies, len(came) - 1)
            if unit.taken and unit.by_page and came:
                found.slowest = max(found.slowest, came[0] - unit.begun)
        return found

    def _fate(self, unit: Unit, rows: tuple[int, ...], came: int) -> str:
        """What is known of a unit that is lost."""
        letter = f"SELECT state, attempts, reason FROM message WHERE to_email = '{unit.address}'"
        taken = "taken" if unit.taken else f"not taken in {unit.tries} tries"
        return f"{unit.name} lost: {taken}, rows {rows}, mails {came}, {self.at.rows(letter)}"
