"""The report of a period: its figures open their rows, and the same come as CSV."""

import csv
import io
import re
from datetime import timedelta

import pytest

from exchange.clock import now, today
from exchange.dashboards.reports import target_days
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.lessons.models import FollowUp
from exchange.steps import Step
from tests import factories
from workflows.exchange import ExchangePhase, ExchangeState

NUMBER = re.compile(r'<a href="(/exchanges[^"]+)">(\d+)\b')
ENTRIES = re.compile(r"(\d+) entr(?:y|ies)")


def walked(*way: tuple[str, int], begun: int = 100, **facts) -> Exchange:
    """An exchange that came into states so many days ago."""
    made = factories.exchange(state=ExchangeState(way[-1][0]), **facts)
    made.created_at = now() - timedelta(days=begun)
    before = "draft"
    for state, days in way:
        step = Step(subject_type="exchange", subject_id=made.id, trigger="submit")
        step.from_state, step.to_state = before, state
        step.happened_at = now() - timedelta(days=days)
        db.session.add(step)
        before = state
    db.session.commit()
    return made


@pytest.fixture
def year(app):
    """Four exchanges of this year, one of them refused, and one of long ago."""
    city = factories.organisation(sections=("AFRICA",))
    walked(("submitted", 90), ("matching", 80), learner=city)
    walked(("submitted", 90), ("matching", 60), learner=factories.organisation())
    walked(("submitted", 50), ("declined", 20), learner=factories.organisation())
    way = (("submitted", 95), ("matching", 85), ("preparing", 80), ("closed_with_change", 1))
    done = walked(*way, learner=factories.organisation())
    walked(("submitted", 800), begun=800, learner=factories.organisation())
    db.session.add(FollowUp(exchange=done, organisation=done.proposer, months=3, due_on=today()))
    db.session.commit()


def test_every_figure_opens_its_rows(browser, year):
    page = browser.as_(factories.officer())
    text = page.get("/reports").text
    found = {href.replace("&amp;", "&"): int(number) for href, number in NUMBER.findall(text)}
    assert len(found) > 10
    for href, number in found.items():
        entries = ENTRIES.search(page.get(href).text)
        assert int(entries[1] if entries else 0) == number, href
    by_stage = {h.rpartition("reached_stage=")[2]: n for h, n in found.items()}
    assert (by_stage["proposal"], by_stage["matching"], by_stage["visit"]) == (4, 3, 1)


def test_time_in_stage_against_the_target(browser, year):
    rows = figures(browser.as_(factories.officer()).get("/reports/figures.csv").data)
    assert rows["Time in stage", "Proposal", "Exchanges"] == "4"
    assert rows["Time in stage", "Proposal", "Median, days"] == "10"
    assert rows["Time in stage", "Proposal", "Nine of ten, days"] == "30"
    assert rows["Time in stage", "Proposal", "Target, days"] == "42"
    assert rows["Time in stage", "Matching", "Median, days"] == "5"
    assert rows["How they ended", "Declined", "Exchanges"] == "1"
    assert rows["Follow-up after 3 months", "Planned", "Number"] == "1"


def figures(data: bytes) -> dict[tuple[str, ...], str]:
    """The lines of the CSV."""
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:]
    return {tuple(line[:3]): line[3] for line in lines}


def test_targets_follow_the_table_of_states():
    assert target_days(ExchangePhase.matching) == 67
    assert target_days(ExchangePhase.follow_up) == 365


def test_a_period_and_a_section_narrow_it(browser, year):
    page = browser.as_(factories.officer())
    assert ">3<" not in page.get("/reports?section=AFRICA").text
    long_ago = today() - timedelta(days=900)
    rows = figures(page.get(f"/reports/figures.csv?since={long_ago}").data)
    assert rows["How far they came", "Proposal", "Exchanges"] == "5"
    empty = page.get("/reports?since=1999-01-01&until=1999-12-31").text
    assert "No exchange was begun in this period" in empty


def test_it_costs_the_same_however_many(browser, year, statements):
    page = browser.as_(factories.officer())
    counts = set()
    for more in (0, 9):
        for _ in range(more):
            walked(("submitted", 9), ("matching", 2), learner=factories.organisation())
        page.get("/reports")
        with statements() as seen:
            assert page.get("/reports").status_code == 200
        counts.add(len(seen))
    assert len(counts) == 1
    assert counts.pop() <= 12


def test_who_may_not_see_it(browser):
    city = factories.person(of=factories.organisation())
    assert browser.as_(city).get("/reports").status_code == 403
    assert browser.as_(city).get("/reports/figures.csv").status_code == 403
