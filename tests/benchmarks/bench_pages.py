"""What our pages cost beside the least that a page of the same rows can cost."""

import re
from datetime import date, timedelta
from typing import Any

from jinja2 import Environment
from sqlalchemy import func, insert, select

from exchange.directory.models import Organisation
from exchange.exchanges.models import Exchange, Partner
from exchange.extensions import db
from tests import factories
from tests.benchmarks.figures import seconds, tell
from workflows.exchange import RULES, ExchangeState

MANY, FEW, SHOWN = 3_000, 100, 25
STATES = [state for state in ExchangeState if RULES[state].days and state != "on_hold"]
MINIMAL = Environment(autoescape=True).from_string(
    "<table>{% for row in rows %}<tr><th>{{ row.reference }} {{ row.title }}</th>"
    "<td>{{ row.kind }}</td><td>{{ row.name }}</td><td>{{ row.state }}</td>"
    "<td>{{ row.due_on }}</td></tr>{% endfor %}</table>{{ total }}"
)


def _exchanges(first: int, last: int) -> None:
    """Exchanges with two partners each, in all states, written without the mapper."""
    cities = [city.id for city in db.session.query(Organisation)]
    cities = cities or [factories.organisation().id for _ in range(40)]
    begin = date(2026, 1, 1)
    rows: list[dict[str, Any]] = [
        {
            "id": number,
            "reference": f"PX-2098-{number:04d}",
            "title": f"Exchange {number}",
            "kind": "study_visit",
            "language": "en",
            "state": STATES[number % len(STATES)],
            "proposer_id": cities[number % len(cities)],
            "due_on": begin + timedelta(days=number % 700),
        }
        for number in range(first, last)
    ]
    partners = [
        {
            "exchange_id": row["id"],
            "organisation_id": cities[(row["id"] + step) % len(cities)],
            "role": role,
        }
        for row in rows
        for step, role in enumerate(("learner", "host"))
    ]
    db.session.execute(insert(Exchange), rows)
    db.session.execute(insert(Partner), partners)
    db.session.commit()


def _bare_page() -> str:
    """One Core query for the rows, one for how many there are, a loop of a template."""
    columns = (Exchange.reference, Exchange.title, Exchange.kind, Exchange.state, Exchange.due_on)
    query = select(*columns, Organisation.name).join(
        Organisation, Organisation.id == Exchange.proposer_id
    )
    query = query.order_by(Exchange.due_on, Exchange.id).limit(SHOWN)
    with db.engine.connect() as connection:
        total = connection.scalar(select(func.count()).select_from(Exchange))
        return MINIMAL.render(rows=connection.execute(query).all(), total=total)


def test_the_list_of_exchanges(browser):
    _exchanges(1, MANY + 1)
    page = browser.as_(factories.officer())
    db.session.remove()

    def ours() -> str:
        return page.get("/exchanges").text

    assert len(re.findall(r"PX-2098-\d+", ours())) == SHOWN
    assert len(re.findall(r"PX-2098-\d+", _bare_page())) == SHOWN
    times = seconds(ours, _bare_page)
    tell(
        f"A page of {SHOWN} of {MANY} exchanges",
        ("signed in, filtered, translated, laid out", times[0]),
        ("two bare queries and a loop", times[1]),
    )


def test_the_dashboard(browser):
    page = browser.as_(factories.officer())
    times = []
    for first, last in ((1, FEW + 1), (FEW + 1, MANY + 1)):
        _exchanges(first, last)
        db.session.remove()
        assert page.get("/dashboard").status_code == 200
        times += seconds(lambda: page.get("/dashboard"))
    tell("The dashboard", (f"{MANY} exchanges", times[1]), (f"{FEW} exchanges", times[0]))
