"""Many at once: schedulers, workers, answers to a last place, and clicks."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import insert

from exchange.app import create_app
from exchange.catalogue.models import Need, Offer
from exchange.clock import now
from exchange.config import load
from exchange.directory.models import Affiliation, Organisation, Person
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.matching.models import Match
from tests.faults.installation import Installation, installed
from tests.faults.mails import arrivals
from tests.faults.processes import try_often
from tests.faults.servers import until
from tests.faults.table import Line
from tests.faults.traffic import Traffic

BEAT = ("celery", "-A", "tasks.beat", "beat", "--pidfile=")
WORKER = (
    *("celery", "--quiet", "-A", "tasks.worker", "worker", "-P", "threads", "-c", "4"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)
TWO_BEATS = 3.0
DUE = 10_000
KIND = "information_asked"
CROWDS, CLICKS = (2, 10, 50), (2, 10)


def schedulers(line: Line, folder: Path, tries: int) -> Line:
    """A second scheduler rings beside the first."""

    def hit(at: Installation, _number: int) -> None:
        with at.another(*BEAT):
            time.sleep(TWO_BEATS)

    return try_often(line, hit, folder, tries)


def sweepers(line: Line, folder: Path, _tries: int) -> Line:
    """Five workers sweep the same 10,000 due reminders: each goes out once."""
    with arrivals() as (mails, url):
        mails.seconds = 0.0
        # Twenty threads stand in line for the one pen of SQLite, for longer than a claim of a mail
        # lasts that has the one second of the other faults: a usual one lasts minutes.
        settings = {"EXCHANGE_MAIL_URL": url, "EXCHANGE_MAIL_TIMEOUT": "5"}
        with installed(line.setup, folder, **settings) as at:
            write_proposals(at, range(1000, 1000 + DUE), now() - timedelta(days=1.5))
            moment = time.monotonic()
            with ExitStack() as others:
                for _number in range(4):
                    others.enter_context(at.another(*WORKER))
                until(lambda: len(mails.times) >= DUE, f"{DUE} mails", 1500)
                line.back.append(time.monotonic() - moment)
                time.sleep(5)
            line.tried = line.work = DUE
            _count_reminders(line, at, mails.times)
    return line


def _count_reminders(line: Line, at: Installation, times: dict[str, list[float]]) -> None:
    sent = Counter(row[0] for row in at.rows(f"SELECT to_email FROM message WHERE kind='{KIND}'"))
    planned = at.rows(f"SELECT count(*) FROM reminder WHERE kind='{KIND}' AND state='sent'")
    line.lost = DUE - min(len(times), len(sent), planned[0][0])
    line.twice = sum(many > 1 for many in sent.values())
    line.copies = sum(len(came) - 1 for came in times.values())


@contextmanager
def inside(at: Installation) -> Iterator[None]:
    """The application on the database of an installation, in this process: to write many rows."""
    known = {k: v for k, v in at.program.environ.items() if k.startswith("EXCHANGE_")}
    with create_app(load(known)).app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def put(model: Any, rows: list[dict[str, Any]]) -> None:
    """Rows that have long been there: past the mapper, and with no entry of who wrote them."""
    db.session.connection().execute(insert(model.__table__), rows)


def write_proposals(at: Installation, numbers: range, since: datetime) -> None:
    """Proposals that wait for an answer, each of a city with one coordinator."""
    with inside(at):
        rows: list[tuple[Any, list[dict[str, Any]]]] = [
            (Organisation, [_city(n) for n in numbers]),
            (Person, [{"id": n, "name": f"P{n}", "email": f"p{n}@example.org"} for n in numbers]),
            (Affiliation, [_coordinator(n) for n in numbers]),
            (Exchange, [_proposal(n, since) for n in numbers]),
        ]
        for model, some in rows:
            put(model, some)
        db.session.commit()


def _city(number: int) -> dict[str, Any]:
    city = {"kind": "local_government", "level": "city", "country_code": "MZ"}
    return {"id": number, "name": f"C{number}", "folded_name": f"c{number}", **city}


def _coordinator(number: int) -> dict[str, Any]:
    return {"person_id": number, "organisation_id": number, "role": "coordinator"}


def _proposal(number: int, since: Any) -> dict[str, Any]:
    return {
        "id": number,
        "reference": f"PX-2097-{number}",
        "title": f"Exchange {number}",
        "kind": "study_visit",
        "language": "en",
        "state": "more_information",
        "state_since": since,
        "proposer_id": number,
    }


def places(line: Line, folder: Path, tries: int) -> Line:
    """2, 10 and 50 want the last place of an offer at the same moment: one gets it."""
    with installed(line.setup, folder) as at, inside(at):
        for number in range(tries):
            for many in CROWDS:
                first = 10_000 + 1000 * number + 100 * CROWDS.index(many)
                _last_place(line, at, first, many)
            line.tried += 1
    return line


def _last_place(line: Line, at: Installation, first: int, many: int) -> None:
    _write_matches(first, many)
    note = {"trigger": "overrule", "note": "They agreed by telephone"}
    moment = time.monotonic()
    answers = at_once(
        [lambda n=n: patiently(at, f"/matches/{n}/steps", note) for n in range(first, first + many)]
    )
    line.back.append(time.monotonic() - moment)
    agreed = at.rows(f"SELECT count(*) FROM match WHERE offer_id={first} AND state='agreed'")
    made = at.rows(f"SELECT count(DISTINCT exchange_id) FROM match WHERE offer_id={first}")
    taken = at.rows(f"SELECT places_taken FROM offer WHERE id={first}")
    counts = (agreed[0][0], made[0][0], taken[0][0], answers.count(201))
    line.work += many
    line.lost += min(counts) < 1
    line.twice += max(counts) > 1
    if set(answers) - {201, 409}:
        line.wrong = f"answers {sorted(set(answers))}"


def _write_matches(first: int, many: int) -> None:
    """An offer of one place, and as many needs that could have it."""
    at, numbers = now(), range(first, first + many)
    tags = {"text": "Markets.", "language": "en", "state": "published", "examined_at": at}
    offer = {"id": first, "organisation_id": first - 1, "title": "Markets", "places": 1, **tags}
    rows: list[tuple[Any, list[dict[str, Any]]]] = [
        (Organisation, [_city(n) for n in (first - 1, *numbers)]),
        (Offer, [offer]),
        (Need, [{"id": n, "organisation_id": n, "title": f"N{n}", **tags} for n in numbers]),
        (Match, [{"id": n, "need_id": n, "offer_id": first} for n in numbers]),
    ]
    for model, some in rows:
        put(model, some)
    db.session.commit()
    db.session.remove()


def clicks(line: Line, folder: Path, tries: int) -> Line:
    """The same form and the same call of the API, twice and ten times at the same moment."""
    with arrivals() as (mails, url), installed(line.setup, folder, EXCHANGE_MAIL_URL=url) as at:
        traffic = Traffic(at, mails)
        for number in range(tries):
            for many in CLICKS:
                name = f"click-{number}-{many}"
                forms, calls = _same_at_once(traffic, name, many)
                if set(forms) != {302} or set(calls) != {201}:
                    line.wrong = f"answers {sorted(set(forms + calls))}"
                line.work += 2
            line.tried += 1
        names = [f"click-{n}-{many}" for n in range(tries) for many in CLICKS]
        for statement in (
            "SELECT name FROM person",
            "SELECT to_name FROM message WHERE kind='invitation'",
            "SELECT title FROM need",
        ):
            found = Counter(row[0] for row in at.rows(statement))
            line.lost += sum(found[name] < 1 for name in names)
            line.twice += sum(found[name] > 1 for name in names)
    return line


def _same_at_once(traffic: Traffic, name: str, many: int) -> tuple[list[int], list[int]]:
    key = uuid.uuid4().hex
    lines = [traffic.line() for _ in range(many)]
    forms = at_once([lambda one=one: traffic.page(one, name, key) for one in lines])
    calls = at_once([lambda: traffic.api(name, key) for _ in range(many)])
    return forms, calls


def patiently(at: Installation, path: str, body: dict[str, str]) -> int:
    """Call the API; whoever is asked to send again does."""
    headers = {"Authorization": f"Bearer {at.admin.key}"}
    address = f"{at.program.address}/api/v1{path}"
    for _try in range(30):
        answer = requests.post(address, json=body, headers=headers, timeout=60)
        again = answer.status_code == 409 and answer.json()["error"]["code"] == "overtaken"
        if answer.status_code != 503 and not again:
            break
        time.sleep(0.2)
    return answer.status_code


def at_once(jobs: list[Callable[[], int]]) -> list[int]:
    """Run them in as many threads at the same moment; the status of each answer."""
    start, answers = threading.Barrier(len(jobs)), [0] * len(jobs)

    def run(number: int) -> None:
        start.wait()
        answers[number] = jobs[number]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
