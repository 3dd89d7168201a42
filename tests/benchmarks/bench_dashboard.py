"""The dashboard, the lists and the pictures of a network that grows: what they ask of the database,
and how long they take beside one bare statement that counts all exchanges by state in the same run.
TEST_DATABASE_URL runs the same on PostgreSQL; BENCH_EXCHANGES sets how many exchanges there are.
"""

import contextvars
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import islice, pairwise
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text

from exchange.catalogue.models import Need, need_terms
from exchange.clock import now, today
from exchange.directory.models import Organisation, Person, organisation_terms
from exchange.exchanges.models import Exchange, ExchangeKind, Partner, exchange_terms
from exchange.extensions import db
from exchange.forums.models import Attendance, Forum
from exchange.lessons.models import Note
from exchange.messages.models import Message
from exchange.reminders.models import Reminder
from exchange.steps import Step
from exchange.visits.models import Visit
from exchange.vocabularies.models import Place, Term
from tests import factories
from tests.benchmarks.figures import seconds, tell
from workflows.exchange import RULES, ExchangePhase, ExchangeState

# Growing a network to 100,000 exchanges takes its time.
pytestmark = pytest.mark.timeout(1800)

FEW, MANY, MOST = 300, 30_000, int(os.environ.get("BENCH_EXCHANGES", "100000"))
CITIES, COHORT, PIECE = 600, 120, 5_000
WAY = [s for s in ExchangeState if RULES[s].phase != ExchangePhase.closed and s != "on_hold"]
WAY.remove(ExchangeState.more_information)
ENDS = [state for state in ExchangeState if RULES[state].final]
KINDS = list(ExchangeKind)
ADDRESSES = {
    "dashboard, all": "/dashboard?owner=all",
    "dashboard, a section": "/dashboard?owner=all&section=AFRICA",
    "list": "/exchanges",
    "list, overdue": "/exchanges?overdue=yes",
    "list, a state": "/exchanges?state=preparing",
    "list, turned round": "/exchanges?sort=-due",
    "front page": "/",
    "board": "/board",
    "map": "/exchanges/map",
    "network": "/exchanges/network",
    "cohort": "/forums/{forum}/cohort?reached=visited",
    "report": "/reports?owner=all",
}
BARE = text("SELECT state, count(*) FROM exchange GROUP BY state")


def _cities() -> list[int]:
    """Cities of all sections at places of the world; those of a forum among them."""
    places = db.session.query(Place).order_by(Place.population.desc()).limit(CITIES).all()
    rows = [
        {
            "id": 1000 + number,
            "name": f"City {number}",
            "folded_name": f"city {number}",
            "kind": "local_government",
            "country_code": places[number % len(places)].country_code,
            "place_id": places[number % len(places)].id if number % 5 else None,
        }
        for number in range(CITIES)
    ]
    db.session.execute(insert(Organisation), rows)
    sections = [one.id for one in db.session.query(Term).filter_by(vocabulary="section")]
    pairs = [(row["id"], sections[row["id"] % len(sections)]) for row in rows]
    of_section = [{"organisation_id": one, "term_id": term} for one, term in pairs]
    db.session.execute(insert(organisation_terms), of_section)
    day = today() - timedelta(days=200)
    forum = Forum(code="f", titles={"en": "Forum"}, place="Rabat", starts_on=day, ends_on=day)
    db.session.add(forum)
    db.session.flush()
    guests = [{"forum_id": forum.id, "organisation_id": row["id"]} for row in rows[:COHORT]]
    db.session.execute(insert(Attendance), guests)
    db.session.commit()
    return [row["id"] for row in rows]


def _grow(first: int, last: int, cities: list[int], themes: list[int], owner: int) -> None:
    """Exchanges with all that hangs on them, written without the mapper."""
    numbers = iter(range(first, last))
    while piece := list(islice(numbers, PIECE)):
        rows: dict[Any, list[dict[str, Any]]] = {}
        for number in piece:
            for table, row in _rows(number, cities, themes, owner):
                rows.setdefault(table, []).append(row)
        for table, found in rows.items():
            db.session.execute(insert(table), found)
        db.session.commit()


def _rows(
    number: int, cities: list[int], themes: list[int], owner: int
) -> Iterator[tuple[Any, dict[str, Any]]]:
    learner, host = (cities[number * step % len(cities)] for step in (7, 11))
    state, at = _state(number), number % len(WAY)
    since = now() - timedelta(days=number * 13 % 120, hours=number % 24)
    theme = themes[number % len(themes)]
    exchange: dict[str, Any] = {"id": number, "reference": f"PX-B-{number}", "language": "en"}
    exchange |= {"title": f"Exchange {number}", "kind": KINDS[number % len(KINDS)], "state": state}
    exchange |= {"proposer_id": learner, "due_on": today() + timedelta(days=number * 7 % 90 - 25)}
    exchange |= {"owner_id": owner if number % 3 else None, "state_since": since}
    exchange |= {"created_at": since - timedelta(days=20 * at)}
    yield Exchange, exchange
    yield exchange_terms, {"exchange_id": number, "term_id": theme}
    for role, who in (("learner", learner), ("host", host)):
        yield Partner, {"exchange_id": number, "organisation_id": who, "role": role}
    for place, (before, after) in enumerate(pairwise(WAY[: at + 1])):
        happened = since - timedelta(days=20 * (at - place - 1))
        step = {"subject_type": "exchange", "subject_id": number, "trigger": "submit"}
        step |= {"from_state": before, "to_state": after, "happened_at": happened}
        yield Step, step
    yield from _hangs_on(number, learner, host, theme)


def _state(number: int) -> ExchangeState:
    """Four of ten have ended, as in a network of some years."""
    return ENDS[number % len(ENDS)] if number % 10 < 4 else WAY[number % len(WAY)]


def _hangs_on(number: int, learner: int, host: int, theme: int) -> Iterator[tuple[Any, Any]]:
    day = today() + timedelta(days=number % 400 - 350)
    held = {"attendance_recorded_on": day} if day < today() else {"attendance_recorded_on": None}
    if number % 3 == 0:
        visit = {"id": number, "exchange_id": number, "number": 1, "starts_on": day}
        yield Visit, {**visit, "ends_on": day, **held}
        yield Note, {"exchange_id": number, "title": "N", "language": "en", "state": "drafting"}
    if number % 4 == 0:
        need = {"id": number, "organisation_id": learner, "title": "N", "language": "en"}
        published = now() - timedelta(days=number % 300)
        yield Need, {**need, "text": "", "state": "published", "published_at": published}
        yield need_terms, {"need_id": number, "term_id": theme}
    if number % 2 == 0:
        asked = {"kind": "idle", "subject_type": "exchange", "wanted_state": "matching"}
        asked |= {"subject_id": number - number % 6, "due_on": day, "due_at": now()}
        state = ("planned", "sent", "sent", "answered", "skipped")[number % 5]
        yield (
            Reminder,
            {**asked, "state": state, "level": ("owner", "association")[number % 4 // 2]},
        )
    mail = {"kind": "idle", "to_email": "a@example.org", "language": "en", "subject": "S"}
    lost = number % 500 == 0
    fate = {"state": "failed" if lost else "sent", "reason": "gone" if lost else ""}
    yield Message, {**mail, "text": "T", **fate}


@pytest.fixture
def network(browser: Any) -> Any:
    """A page of an officer, and what makes the network as large as asked."""
    officer = factories.officer()
    themes = [one.id for one in db.session.query(Term).filter_by(vocabulary="theme")]
    cities, size, owner = _cities(), 0, officer.id

    def grown(to: int) -> Any:
        nonlocal size
        _grow(size + 1, to + 1, cities, themes, owner)
        size = to
        db.session.execute(text("ANALYZE"))
        db.session.commit()
        db.session.remove()
        # Growing takes minutes: a sign-in of before would be noted as seen, a statement more.
        return browser.as_(db.session.get_one(Person, owner))

    return grown


def test_it_asks_the_same_of_the_database_whatever_its_size(network, statements):
    asked: dict[str, list[int]] = {name: [] for name in ADDRESSES}
    for size in (FEW, MANY):
        page = network(size)
        for name, address in ADDRESSES.items():
            path = _path(address)
            _open(page, path)
            with statements() as seen:
                _open(page, path)
            asked[name].append(len(seen))
    print(f"\nStatements at {FEW} and {MANY} exchanges: {asked}")  # noqa: T201 - the output
    for name, (few, many) in asked.items():
        assert few == many, name
        assert many <= 12, name


def _open(page: Any, path: str) -> None:
    """Ask as from outside, in a context of its own: what the page before showed is not remembered.
    A page of an error is no figure."""
    assert contextvars.Context().run(lambda: page.get(path).status_code) == 200, path


def _path(address: str) -> str:
    with db.engine.connect() as connection:  # of its own: none stays open beside the page's
        return address.format(forum=connection.execute(select(Forum.id)).scalar_one())


def _bare() -> None:
    with db.engine.connect() as connection:
        connection.execute(BARE).all()


def test_how_long_it_takes(network):
    for size in (FEW, MOST):
        page = network(size)
        for name, address in ADDRESSES.items():
            opened = partial(_open, page, _path(address))
            time, bare = seconds(opened, _bare, rounds=5)
            what = f"{db.engine.dialect.name}, {size} exchanges, {name}"
            tell(what, ("the page", time), ("one bare count by state", bare))


@contextmanager
def _compiler(setting: str) -> Iterator[None]:
    """The compiler of PostgreSQL, on or off, for whichever connection is taken meanwhile."""

    def put(connection: Any, *_more: Any) -> None:
        connection.execute(f"SET jit = {setting}")
        connection.commit()

    event.listen(db.engine, "checkout", put)
    try:
        yield
    finally:
        event.remove(db.engine, "checkout", put)


def _with_compiler(setting: str, work: Any) -> None:
    with _compiler(setting):
        work()


def test_what_the_compiler_of_the_server_would_cost(network):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("no compiler: TEST_DATABASE_URL names a PostgreSQL")
    page = network(MOST)
    for name in ("list", "front page", "dashboard, all"):
        opened = partial(_open, page, _path(ADDRESSES[name]))
        ways = [partial(_with_compiler, setting, opened) for setting in ("off", "on")]
        without, compiled = seconds(*ways, rounds=3)
        tell(f"{MOST} exchanges, {name}", ("compiled", compiled), ("not compiled", without))
