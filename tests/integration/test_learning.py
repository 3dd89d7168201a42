"""The state of learning: each figure opens its rows; what is not known is told."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from exchange.catalogue.models import Need, Offer
from exchange.clock import now
from exchange.dashboards.learning_figures import learning
from exchange.dashboards.learning_rows import By, Counted, Innovation, listed
from exchange.dashboards.learning_tables import figures
from exchange.exchanges.models import Exchange, ExchangeKind, Partner, PartnerRole
from exchange.extensions import db
from exchange.lessons.models import ChangeKind, FollowUp, Note, RecordedChange
from exchange.matching.models import Match
from exchange.visits.models import Visit
from tests import factories
from workflows.follow_up import FollowUpState
from workflows.match import MatchState
from workflows.need import NeedState
from workflows.note import NoteState
from workflows.offer import OfferState

LINK = re.compile(r'<a href="(/learning/rows[^"]+)">([\d,]+)\b')
ENTRIES = re.compile(r"(\d+) entr(?:y|ies)")
TAGS = (
    ("theme", "health"),
    ("theme", "mobility"),
    ("sdg_goal", "11"),
    ("sdg_target", "11.3"),
    ("sdg_target", "13.1"),
    ("agenda", "sendai"),
    ("agenda", "sendai-p1"),
)
DAYS = (date(2019, 6, 30), date(2019, 7, 1), date(2020, 1, 1), date(2021, 12, 31), None)


class World:
    """Cities of sections and whatever is said about them; made of numbers."""

    def __init__(self) -> None:
        self.officer = factories.officer()
        sections = ((), ("AFRICA",), ("EUROPE", "METROPOLIS"))
        self.cities = [factories.organisation(sections=one) for one in sections]
        self.terms = [factories.term(*one) for one in TAGS]
        self.number = 0

    def add(self, kind: str, city: int, other: int, tags: set[int], day: date | None) -> None:
        self.number += 1
        whose, partner = self.cities[city], self.cities[other]
        terms = [self.terms[one] for one in tags]
        at = datetime.combine(day, datetime.min.time(), UTC) if day else None
        listing: dict[str, Any] = {"organisation": whose, "title": "T", "language": "en"}
        listing |= {"terms": terms, "published_at": at, "innovative": self.number % 2 == 1}
        if kind in ("need", "match"):
            need = Need(**listing, state=NeedState.published if at else NeedState.draft)
            db.session.add(need)
        if kind in ("offer", "match"):
            offer = Offer(**{**listing, "organisation": partner}, state=OfferState.published)
            db.session.add(offer)
        if kind == "match":
            state = (MatchState.agreed, MatchState.declined)[self.number % 2]
            match = Match(need=need, offer=offer, state=state, holds_place=True, holds_host=True)
            match.created_at = at or datetime(2022, 1, 1, tzinfo=UTC)
            db.session.add(match)
        if kind not in ("need", "offer", "match"):
            db.session.add_all(self._exchange(kind, whose, partner, terms, day))
        db.session.flush()

    def _exchange(self, kind: str, whose: Any, partner: Any, terms: Any, day: Any) -> Any:
        exchange = Exchange(reference=f"PX-L-{self.number}", title="E", language="en")
        exchange.kind, exchange.proposer, exchange.terms = ExchangeKind.study_visit, whose, terms
        exchange.partners = [Partner(organisation=partner, role=PartnerRole.host)]
        if self.number % 3 == 0:
            asked_for = Need(organisation=whose, title="T", language="en", innovative=True)
            exchange.needs = [asked_for]
        yield exchange
        some_day = day or date(2022, 3, 3)
        if kind == "visit":
            yield Visit(
                exchange=exchange, starts_on=day, ends_on=day, attendance_recorded_on=some_day
            )
        if kind == "note":
            note = Note(exchange=exchange, title="N", language="en", published_on=day)
            note.state = NoteState.published if day else NoteState.drafting
            yield note
        if kind == "follow_up":
            state = list(FollowUpState)[self.number % 4]
            asked = FollowUp(exchange=exchange, organisation=partner, months=3, due_on=some_day)
            asked.state = state
            yield asked
            db.session.flush()
            if self.number % 3:
                change = RecordedChange(exchange=exchange, organisation=partner, text="C")
                change.kind, change.recorded_on = ChangeKind.policy, some_day
                change.follow_up_id = asked.id if self.number % 3 == 1 else None
                yield change


THINGS = st.tuples(
    st.sampled_from(("need", "offer", "match", "visit", "note", "follow_up")),
    st.integers(0, 2),
    st.integers(0, 2),
    st.sets(st.integers(0, len(TAGS) - 1), max_size=4),
    st.sampled_from(DAYS),
)
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "theme": st.sampled_from(("health", "mobility", "none")),
        "sdg": st.sampled_from(("11", "13", "none")),
        "agenda": st.sampled_from(("sendai", "none")),
        "section": st.sampled_from(("AFRICA", "METROPOLIS", "none")),
        "track": st.sampled_from(("localising", "peer_learning")),
        "innovation": st.sampled_from(("innovative", "usual")),
        "period": st.sampled_from(("2019", "2019-1", "2019-2", "2021", "none")),
    },
)


@pytest.fixture
def world(app: Any) -> World:
    return World()


@contextmanager
def undone() -> Iterator[None]:
    """What is added within is taken back."""
    point = db.session.begin_nested()
    try:
        yield
    finally:
        point.rollback()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(things=st.lists(THINGS, max_size=12), asked=ASKED)
def test_every_figure_is_the_number_of_rows_of_the_list_it_opens(world, things, asked):
    with undone():
        for thing in things:
            world.add(*thing)
        found = list(figures(learning(world.officer, asked), asked))
        assert {one.part for one in found} >= {"total"}
        for one in found:
            rows = listed(one.counted, world.officer, one.asked).subquery()
            number = db.session.scalar(select(func.count()).select_from(rows))
            assert one.number == number, one


def test_the_parts_add_up_to_the_whole_where_each_row_has_one(world):
    for number in range(8):
        world.add("need", number % 3, 0, {number % 7}, DAYS[number % 4])
    found = learning(world.officer, {})
    asked = found.totals[Counted.asked]
    assert asked == 8
    assert sum(row[Counted.asked] for row in found.cuts[By.track].values()) == asked
    assert sum(row[Counted.asked] for row in found.cuts[By.innovation].values()) == asked
    assert sum(row[Counted.asked] for row in found.periods().values()) == asked
    assert sum(row[Counted.asked] for row in found.periods(by_half=True).values()) == asked


def test_what_comes_of_an_innovative_need_is_counted_as_such(world, browser):
    need, offer = factories.need(published_at=now()), factories.offer(published_at=now())
    need.innovative = True
    answered, other = factories.exchange(title="Answers it"), factories.exchange(title="Another")
    answered.needs = [need]
    for exchange in (answered, other):
        note = Note(exchange=exchange, title=f"Note: {exchange.title}", language="en")
        note.state, note.published_on, note.number = NoteState.published, DAYS[0], exchange.id
        db.session.add(note)
    db.session.commit()
    page = browser.as_(world.officer)
    cut = learning(world.officer, {}).cuts[By.innovation]
    for counted in (Counted.asked, Counted.published):
        assert cut[Innovation.innovative][counted] == 1
    assert cut[Innovation.usual][Counted.offered] == 1, offer.title
    assert "Not marked as an innovation" in page.get("/learning").text
    rows = page.get("/learning/rows?counted=published&innovation=innovative").text
    assert "Note: Answers it" in rows
    assert "Note: Another" not in rows


@pytest.fixture
def told(world: World) -> World:
    """Something of everything, in two years."""
    for number, kind in enumerate(("need", "offer", "match", "visit", "note") + ("follow_up",) * 8):
        world.add(kind, number % 3, 1, {number % 7, (number + 2) % 7}, DAYS[number % 4])
    db.session.commit()
    return world


def test_every_figure_of_the_page_opens_its_rows(browser, told):
    page = browser.as_(told.officer)
    for address in ("/learning", "/learning?section=AFRICA&period=2019&step=half"):
        text = page.get(address).text
        found = {h.replace("&amp;", "&"): int(n) for h, n in LINK.findall(text)}
        assert len(found) > 20
        for href, number in found.items():
            entries = ENTRIES.search(page.get(href).text)
            assert int(entries[1] if entries else 0) == number, href


def test_missing_answers_are_told_with_their_number(browser, told):
    found = learning(told.officer, {}).totals
    states = (Counted.answered, Counted.waiting, Counted.silent)
    assert found[Counted.followed] == sum(found[one] for one in states) == 6
    text = browser.as_(told.officer).get("/learning").text
    assert "Of 6 follow-ups asked, 2 were answered, 2 may still be, 2 never were" in text


def test_the_files_hold_the_figures_of_the_page(browser, told):
    page = browser.as_(told.officer)
    data = page.get("/learning/figures.csv?theme=health").data.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(data)))
    machine = page.get("/learning/figures.json?theme=health").json["figures"]
    api = browser.api(told.officer).get("/api/v1/learning?theme=health").json["figures"]
    assert len(lines) - 1 == len(machine) == len(api)
    assert [int(line[3]) for line in lines[1:]] == [one["number"] for one in machine]
    assert [one["number"] for one in machine] == [one["number"] for one in api]
    shares = [one for one in machine if one["of"]]
    assert shares
    assert all(one["of_number"] >= one["number"] for one in shares)


def test_the_rows_come_by_the_api_as_well(browser, told):
    api = browser.api(told.officer)
    for counted in Counted:
        number = learning(told.officer, {}).totals[counted]
        assert api.get(f"/api/v1/learning/rows?counted={counted}").json["total"] == number


def test_a_member_counts_what_a_member_may_know_of(browser, world):
    world.add("need", 1, 0, {0}, None)  # a draft of another
    world.add("follow_up", 1, 2, {0}, DAYS[0])
    db.session.commit()
    stranger = factories.person(of=factories.organisation())
    found = learning(stranger, {}).totals
    assert found[Counted.asked] == found[Counted.followed] == 0
    assert browser.as_(stranger).get("/learning").status_code == 200
    assert browser.as_(None).get("/learning").status_code in (302, 401)


def test_a_period_that_is_none_is_answered_with_its_name(browser, world):
    answer = browser.as_(world.officer).get("/learning?period=last+year")
    assert answer.status_code == 422
    assert "Period" in answer.text


def test_the_page_costs_the_same_whatever_the_rows(browser, told, statements):
    page = browser.as_(told.officer)
    asked = []
    for _round in range(2):
        page.get("/learning")
        with statements() as seen:
            page.get("/learning")
        asked.append(len(seen))
        for number in range(30):
            told.add("visit", number % 3, 1, {number % 7}, DAYS[number % 4])
        db.session.commit()
    assert asked[0] == asked[1] <= 16


def test_the_figures_come_on_paper_in_the_language_of_the_reader(browser, told):
    answer = browser.as_(told.officer).get("/learning/figures.pdf?section=AFRICA")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in answer.data or b"/ObjStm" in answer.data
