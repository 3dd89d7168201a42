"""The database goes up to the next version and back while this one runs and people write."""

import os
import subprocess
import sys
import time
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import update

from exchange.clock import now
from exchange.commands.db import patiently
from exchange.config import CHECKOUT
from exchange.directory.models import Organisation
from exchange.exchanges.models import Exchange, Partner
from exchange.extensions import db
from exchange.transaction import transaction
from tests.faults.crowds import inside, put
from tests.faults.installation import CITY, Installation
from tests.faults.processes import at_work
from tests.faults.table import Line
from workflows.exchange import RULES, ExchangeState

STATES = [state for state in ExchangeState if RULES[state].days and state != "on_hold"]
AT_ONCE = 5_000
DAY, YEARS = timedelta(days=1), 700
WRITTEN = {"created_at": now() - DAY, "updated_at": now() - DAY}


def many_exchanges() -> int:
    """How many exchanges there are: EXCHANGES=100000 unless said."""
    return int(os.environ.get("EXCHANGES") or 100_000)


def fill(at: Installation, many: int) -> None:
    """Exchanges with a partner each, in all states, written without the mapper; of a city where
    nobody is, or whoever is invited meanwhile would be written to about all of them. They are of
    the day before: search looks at what changed of late every few seconds."""
    city = at.admin.post("/organisations", {"name": "Lichinga", **CITY})["id"]
    with inside(at):
        patiently(partial(_was_there_before, city))
        for first in range(1, many + 1, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, many + 1))
            patiently(partial(_put, numbers, city))


def _put(numbers: range, city: int) -> None:
    with transaction():
        put(Exchange, [_exchange(n, city) for n in numbers])
        put(Partner, [_partner(n, city) for n in numbers])


def _was_there_before(city: int) -> None:
    table = Organisation.metadata.tables["organisation"]
    with transaction():
        db.session.connection().execute(
            update(table).where(table.c.id == city).values(updated_at=now() - DAY)
        )


def _exchange(number: int, proposer: int) -> dict[str, Any]:
    return {
        "id": number,
        "reference": f"PX-2098-{number:06d}",
        "title": f"Exchange {number}",
        "kind": "study_visit",
        "language": "en",
        "state": STATES[number % len(STATES)],
        "proposer_id": proposer,
        **WRITTEN,
        # Due long from now, and in its state since one day or another of two years: as many are to
        # be reminded as in a network that grew, not a hundred thousand at once.
        "due_on": date(2031, 1, 1) + number % YEARS * DAY,
        "state_since": WRITTEN["created_at"] - number % YEARS * DAY,
    }


def _partner(number: int, organisation: int) -> dict[str, Any]:
    return {"exchange_id": number, "organisation_id": organisation, "role": "learner", **WRITTEN}


def upgraded(line: Line, folder: Path, tries: int) -> Line:
    """Up to the next version and down again, with many exchanges, under load."""
    with at_work(line, folder, before=lambda at: fill(at, many_exchanges())) as traffic:
        for _number in range(tries):
            for way in ("up", "down"):
                moment = time.monotonic()
                _go(traffic.at, way)
                line.back.append(traffic.recovered_after(moment))
            line.tried += 1
    line.note += f", {many_exchanges():,} exchanges"
    return line


def _go(at: Installation, way: str) -> None:
    command = (sys.executable, "-m", "tests.faults.next_version", way)
    environ = {**at.program.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        command, env=environ, cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr.strip()[-1000:]
