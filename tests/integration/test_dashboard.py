"""The dashboard: each number is the length of the list behind its link, at a constant price."""

import re
from datetime import date, timedelta

import pytest

from exchange.clock import now, today
from exchange.dashboards import queries
from exchange.dashboards.pipeline import pipeline
from exchange.exchanges.ageing import Age
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.forums.cohort import Reached
from exchange.forums.models import Attendance, Forum
from exchange.lessons.models import Note
from exchange.matching.models import Match
from exchange.messages.models import Message
from exchange.programmes.models import Programme
from exchange.reminders.models import Reminder
from exchange.steps import Step
from exchange.visits.models import Visit
from tests import factories
from workflows.exchange import ExchangePhase, ExchangeState

NUMBER = re.compile(r'<a href="([^"]+)">\s*(?:<strong>)?(\d+)\b')
ENTRIES = re.compile(r"(\d+) entr(?:y|ies)")


def stand(state: str, days: int = 0, due: int | None = None, **facts) -> Exchange:
    """An exchange that has stood in ``state`` for so many days, due in so many days."""
    facts.setdefault("learner", factories.organisation())
    made = factories.exchange(state=ExchangeState(state), **facts)
    made.state_since = now() - timedelta(days=days, minutes=1)
    made.due_on = today() + timedelta(days=due) if due is not None else None
    db.session.commit()
    return made


@pytest.fixture
def busy(app):
    """A bit of everything."""
    stand("submitted", 3, 25)
    stand("submitted", 40, -12)
    stand("matching", 22, 8)
    stand("confirmed", 70, 30)
    stand("note_drafting", 16, 5)
    stand("closed_with_change", 400)
    held = stand("preparing", 15, -1)
    held.state = ExchangeState.on_hold
    db.session.commit()
    for days in (3, 40):
        visit = Visit(exchange=stand("confirmed", 1, days), number=1, title="Visit")
        visit.starts_on = visit.ends_on = today() + timedelta(days=days)
        db.session.add(visit)
    asked, free = factories.need(themes=("mobility", "health")), factories.need()
    for need, state in ((asked, "proposed"), (free, "suggested")):
        match = Match(need=need, offer=factories.offer(), state=state)
        match.holds_place = match.holds_host = state == "proposed"
        db.session.add(match)
    factories.need(themes=("health", "mobility"))
    lost = Message(
        kind="invitation", to_email="a@example.org", language="en", subject="S", text="T"
    )
    lost.state, lost.reason = "failed", "no such address"
    db.session.add(lost)
    db.session.commit()


DOT = re.compile(r'<a href="([^"]+)"><title>[^<]*: (\d+)</title>')


def check(page, links) -> dict[str, int]:
    """Each number is what its list holds; a cell of the ages that holds nothing is no link."""
    seen = {}
    wanted = {(href.replace("&amp;", "&"), number) for href, number in links}
    assert not [href for href, number in wanted if "age=" in href and number == "0"]
    for href, number in sorted(wanted):
        listed = page.get(href)
        assert listed.status_code == 200, href
        found = ENTRIES.search(listed.text)
        assert int(found.group(1) if found else 0) == int(number), href
        seen[href] = int(number)
    return seen


def main_of(text: str) -> str:
    """What is between the head and the foot."""
    return text[text.index("<main") : text.index("</main>")]


def test_every_number_is_the_length_of_its_list(browser, busy):
    page = browser.as_(factories.officer())
    main = main_of(page.get("/dashboard").text)
    closer = main_of(page.get("/dashboard/states").text)
    links = NUMBER.findall(main) + NUMBER.findall(closer)
    assert len(links) > 55
    seen = check(page, links)
    assert seen["/exchanges?state=matching"] == 1
    assert seen["/exchanges?overdue=yes"] == 2
    assert seen["/needs?unmatched=yes"] == 2
    assert seen["/visits"] == 2
    assert seen["/messages?state=failed"] == 1


def test_what_is_late_can_be_asked_for(browser, busy):
    page = browser.as_(factories.officer())
    asked = re.findall(r'href="(/exchanges/bulk[^"]+)">Remind', page.get("/dashboard").text)
    assert len(asked) == 2  # what is stuck and not overdue is not late
    assert page.get(asked[0].replace("&amp;", "&")).status_code == 200


def test_ages_and_what_is_stuck(busy):
    officer = factories.officer()
    found = pipeline(officer)
    assert (found.overdue, found.stuck, found.due_soon, found.to_triage) == (2, 2, 2, 2)
    proposal = found.phases[ExchangePhase.proposal]
    assert (proposal.total, proposal.overdue) == (2, 1)
    assert proposal.ages == {Age.to_14: 1, Age.to_60: 1}
    # On hold counts in the stage it was in.
    assert found.phases[ExchangePhase.visit].total == 4
    assert found.states[ExchangeState.on_hold].total == 1
    late = queries.late(officer)
    assert [exchange.state for exchange in late] == ["submitted", "matching", "on_hold"]


@pytest.mark.parametrize(
    ("days", "age"),
    [(0, "to_14"), (14, "to_14"), (15, "to_30"), (30, "to_30"), (31, "to_60"), (61, "over_60")],
)
def test_a_day_belongs_to_one_bucket(app, days, age):
    stand("matching", days)
    row = pipeline(factories.officer()).states[ExchangeState.matching]
    assert row.ages == {Age(age): 1}


def test_the_page_costs_the_same_however_many(browser, statements):
    page = browser.as_(factories.officer())
    counts = set()
    for more in (1, 2, 27):
        for _ in range(more):
            late = stand("submitted", 40, -12)
            stand("confirmed", 1, 3)
            db.session.add(Visit(exchange=late, starts_on=today(), ends_on=today()))
            factories.need()
            db.session.commit()
        page.get("/dashboard")
        with statements() as seen:
            assert page.get("/dashboard").status_code == 200
        counts.add(len(seen))
    assert len(counts) == 1
    assert counts.pop() <= 12


def test_the_cohort_from_forum_to_lesson(browser):
    day = date(2026, 3, 1)
    forum = Forum(code="f", titles={"en": "Forum"}, place="Rabat", starts_on=day, ends_on=day)
    cities = [factories.organisation(f"City {n}") for n in range(4)]
    forum.attendances = [Attendance(organisation=city) for city in cities]
    db.session.add(forum)
    need = factories.need(organisation=cities[0], published_at=now())
    factories.need(organisation=cities[1], published_at=now())
    # Before the forum: not its doing.
    factories.offer(organisation=cities[2], published_at=now() - timedelta(days=3000))
    db.session.add(
        Match(
            need=need, offer=factories.offer(), state="proposed", holds_place=True, holds_host=True
        )
    )
    made = factories.exchange(learner=cities[0], host=cities[3])
    made.visits = [Visit(starts_on=day, ends_on=day, attendance_recorded_on=day)]
    other = factories.exchange(learner=cities[1], host=factories.organisation())
    old = day - timedelta(days=200)
    other.visits = [Visit(starts_on=old, ends_on=old, attendance_recorded_on=old)]
    made.note = Note(title="N", language="en", state="published", published_on=day)
    db.session.commit()
    found = queries.cohort()
    assert found is not None
    assert [found.totals[stage] for stage in Reached] == [4, 2, 1, 0, 2, 2, 2, 1]
    page = browser.as_(factories.officer())
    listed = page.get(f"/forums/{forum.id}/cohort?reached=visited").text
    assert "City 0" in listed
    assert "City 3" in listed
    assert "City 1" not in listed


def test_who_may_not_see_it(browser):
    assert (
        browser.as_(factories.person(of=factories.organisation())).get("/dashboard").status_code
        == 403
    )
    assert browser.as_().get("/dashboard").status_code == 302


def test_a_section_officer_sees_it_without_messages(browser, busy):
    text = browser.as_(factories.section_officer()).get("/dashboard").text
    assert "Pipeline" in text
    assert "Reminders and messages" not in text


@pytest.fixture
def two_regions(app):
    """An exchange, a need, a match and a visit in each of two sections."""
    for code in ("AFRICA", "EUROPE"):
        city = factories.organisation(sections=(code,))
        made = stand("submitted", 40, -12, learner=city)
        visit = Visit(exchange=stand("confirmed", 1, 3, learner=city), number=1, title="Visit")
        visit.starts_on = visit.ends_on = today() + timedelta(days=3)
        db.session.add(visit)
        asked, offer = factories.need(organisation=city), factories.offer()
        db.session.add(
            Match(need=asked, offer=offer, state="proposed", holds_place=True, holds_host=True)
        )
        factories.need(organisation=city)
        assert made.proposer is city
    db.session.commit()


@pytest.mark.parametrize("who", ["section officer", "officer who chose"])
def test_a_region_has_its_own_figures_and_lists(browser, two_regions, who):
    by_right = who == "section officer"
    page = browser.as_(factories.section_officer("AFRICA") if by_right else factories.officer())
    text = page.get("/dashboard" if by_right else "/dashboard?section=AFRICA").text
    main = text[text.index("<main") : text.index("</main>")]
    assert "Section: " in main
    links = [(h.replace("&amp;", "&"), n) for h, n in NUMBER.findall(main) if n != "0"]
    numbers = {href.partition("?")[0] for href, _number in links}
    assert {"/exchanges", "/needs", "/matches", "/visits"} <= numbers
    for href, number in links:
        if href.startswith("/offers"):
            continue  # an offer of any section may serve
        assert "section=AFRICA" in href, href
        assert number in ("1", "2"), f"{href} counts another region"
        entries = ENTRIES.search(page.get(href).text)
        assert entries, href
        assert entries[1] == number, href


def test_a_section_officer_cannot_choose_another_section(browser, two_regions):
    client = browser.api(factories.section_officer("AFRICA"))
    body = client.get("/api/v1/dashboard?section=EUROPE").json
    assert (body["section"], body["overdue"]) == ("AFRICA", 1)
    assert browser.api(factories.officer()).get("/api/v1/dashboard").json["overdue"] == 2


def test_an_empty_network_is_calm(browser):
    text = browser.as_(factories.officer()).get("/dashboard").text
    assert "Everything is on time." in text
    assert "No visit is planned." in text


def test_the_api_gives_the_same_figures(browser, busy):
    body = browser.api(factories.officer()).get("/api/v1/dashboard").json
    assert body["overdue"] == 2
    assert body["phases"]["proposal"]["ages"]["to_60"] == 1
    assert body["unmatched_needs"] == 2
    assert {row["theme"]: row["total"] for row in body["unmatched"]} == {"mobility": 2, "health": 1}
    assert body["by_state"]["message"] == {"failed": 1}
    assert body["visits_to_come"] == 2
    assert len(body["late"]) == 3
    assert body["cohort"] == {}


@pytest.fixture
def two_officers(app):
    """Exchanges of two officers and of none, in two programmes, with all that hangs on them."""
    officers = [factories.officer(), factories.person()]
    officers[1].staff_role = "officer"
    call = Programme(code="call", titles={"en": "The call"})
    db.session.add(call)
    db.session.commit()
    for number, owner in enumerate([officers[0], officers[0], officers[1], None]):
        city = factories.organisation(country_code="ZA" if number else "KE")
        need = factories.need(organisation=city, programme_id=call.id if number < 3 else None)
        made = stand("matching", 30, -2, learner=city, owner=owner)
        made.needs.append(need)
        moved(made, "submitted", "eligible")
        moved(made, "eligible", "matching")
        coming = stand("confirmed", 1, 9, learner=city, owner=owner)
        coming.visits = [Visit(starts_on=today() + timedelta(days=9), ends_on=today() + WEEKS)]
        coming.needs.append(need)
        moved(coming, "matching", "cancelled")
        for day in (30, 20, 10):
            one = Reminder(kind="idle", subject_type="exchange", subject_id=made.id, state="sent")
            one.wanted_state, one.due_on = "matching", today() - timedelta(days=day)
            one.due_at = one.sent_at = now() - timedelta(days=day)
            db.session.add(one)
    db.session.commit()
    return officers, call


WEEKS = timedelta(weeks=3)


def moved(exchange, before, after) -> None:
    """A step of an exchange, a day ago."""
    step = Step(subject_type="exchange", subject_id=exchange.id, trigger="find_eligible")
    step.from_state, step.to_state = before, after
    step.happened_at = now() - timedelta(days=1)
    db.session.add(step)


@pytest.mark.parametrize(
    ("query", "overdue"),
    [("", 2), ("?owner=all", 4), ("?owner=all&programme_id={call}", 3), ("?owner={other}", 1)],
)
def test_all_blocks_follow_the_filter_bar(browser, two_officers, query, overdue):
    (me, other), call = two_officers
    page = browser.as_(me)
    asked = query.format(call=call.id, other=other.id)
    main = main_of(page.get(f"/dashboard{asked}").text)
    seen = check(page, NUMBER.findall(main) + DOT.findall(main))
    assert f"<strong>{overdue}</strong> <span>overdue" in main
    kinds = ("silent=yes", "was_sent=yes", "passed=proposal", "left=matching", "at=", "/visits")
    for kind in kinds:
        assert any(kind in href and number for href, number in seen.items()), kind


def test_the_cohort_opens_its_organisations(browser):
    day = today() - timedelta(days=70)
    forum = Forum(code="f", titles={"en": "Forum"}, place="Rabat", starts_on=day, ends_on=day)
    cities = [factories.organisation(f"City {n}") for n in range(4)]
    forum.attendances = [Attendance(organisation=city) for city in cities]
    db.session.add(forum)
    soon, later = factories.need(organisation=cities[0]), factories.need(organisation=cities[1])
    soon.published_at = now() - timedelta(days=60)
    later.published_at = now() - timedelta(days=20)
    made = factories.exchange(learner=cities[0])
    made.visits = [Visit(starts_on=today(), ends_on=today(), attendance_recorded_on=today())]
    db.session.commit()
    page = browser.as_(factories.officer())
    for address in ("/dashboard", f"/forums/{forum.id}/cohort"):
        main = main_of(page.get(address).text)
        links = [(h, n) for h, n in NUMBER.findall(main) if "/cohort" in h]
        seen = check(page, links)
        ways = {h.partition("?")[2]: n for h, n in seen.items()}
        assert ways["reached=registered"] == 2
        assert ways["reached=registered&days=30"] == 1
        assert ways["reached=registered&days=60"] == 2
        assert "reached=registered&days=90" not in ways  # not over yet
        assert ways["reached=visited"] == 1
        assert ways["reached=no_contact"] == 2
    listed = page.get(f"/forums/{forum.id}/cohort?reached=took_part").text
    assert "had a visit" in listed
    assert "no contact since the forum" in listed
