"""What a city contributes to its voluntary local review: goal by goal, and what is not known."""

from datetime import date, timedelta

import pytest

from exchange.clock import now
from exchange.dashboards.contribution import NO_GOAL, Period, contribution
from exchange.extensions import db
from exchange.labs.models import Lab
from exchange.lessons.models import ChangeKind, FollowUp, RecordedChange
from tests import factories
from workflows.exchange import ExchangeState
from workflows.follow_up import FollowUpState
from workflows.lab import LabState

DAY = date(2025, 3, 4)


@pytest.fixture
def city(app):
    """Nampula: a need and an exchange for goal 11, one exchange without a goal, one change."""
    goal, target = factories.term("sdg_goal", "11"), factories.term("sdg_target", "11.2")
    target.parent_id = goal.id
    nampula, lyon = factories.organisation("Nampula"), factories.organisation("Lyon")
    need = factories.need(organisation=nampula, title="Buses at night", published_at=now())
    need.terms.append(target)
    facts = {"host": lyon, "learner": nampula, "state": ExchangeState.visited}
    with_goal = factories.exchange(title="Night buses", starts_on=DAY, **facts)
    with_goal.terms.append(goal)
    without = factories.exchange(title="Archives", **facts)
    lab = Lab(title="One line at night", text="Why", language="en", organisation=nampula)
    lab.starts_on = lab.ends_on = DAY
    lab.state, lab.kept = LabState.concluded, "The line"
    lab.terms.append(goal)
    change = RecordedChange(exchange=with_goal, organisation=nampula, recorded_on=DAY)
    change.kind, change.text = ChangeKind.service, "Two lines run until midnight & later"
    asked = [
        FollowUp(exchange=one, organisation=nampula, months=3, due_on=DAY, state=state)
        for one, state in ((with_goal, "answered"), (without, "unanswered"))
    ]
    asked.append(FollowUp(exchange=without, organisation=nampula, months=6, due_on=DAY))
    db.session.add_all([lab, change, *asked])
    db.session.commit()
    return nampula


def test_a_row_stands_under_its_goals_and_a_target_counts_for_its_goal(city):
    found = contribution(city, factories.officer())
    eleven, none = found.goals["11"], found.goals[NO_GOAL]
    assert list(found.goals) == ["11", NO_GOAL], "what carries none comes last"
    assert [one.title for one in eleven.needs] == ["Buses at night"]
    assert [one.title for one in eleven.exchanges] == ["Night buses"]
    assert [one.title for one in eleven.labs] == ["One line at night"]
    assert [one.text for one in eleven.changes] == ["Two lines run until midnight & later"]
    assert [one.title for one in none.exchanges] == ["Archives"]


def test_it_says_what_is_not_known(city):
    found = contribution(city, factories.officer())
    assert (found.asked, found.follow_ups[FollowUpState.unanswered]) == (2, 1)
    assert [one.title for one in found.unchanged] == ["Archives"]
    assert found.exchanges == 2


def test_a_city_takes_its_contribution_away_as_text(browser, city):
    mine = browser.as_(factories.person(of=city, role="coordinator"))
    address = f"/organisations/{city.id}/review"
    assert address in mine.get(f"/organisations/{city.id}").text
    page = mine.get(address).text
    answer = mine.get(f"{address}.txt")
    assert answer.mimetype == "text/plain"
    assert 'filename="review-nampula-' in answer.headers["Content-Disposition"]
    for words in (
        "Goal 11",
        "Buses at night",
        "Of 2 follow-ups asked, 1 were answered, 0 may still be, 1 never were",
        "Of 1 of 2 exchanges no change of this city is recorded.",
        "Without the tag of a goal",
    ):
        assert words in page, words
        assert words in answer.text, words
    assert "until midnight & later" in answer.text, "typed words are written as they were typed"
    assert "Kept: The line" in answer.text
    assert "\n\n\n\n" not in answer.text


def test_a_review_tells_of_its_own_years_and_what_has_no_day_is_counted(browser, city):
    client = browser.as_(factories.officer())
    address = f"/organisations/{city.id}/review"
    inside = client.get(f"{address}?since=2025-01-01&until=2025-12-31").text
    assert "Night buses" in inside
    assert "Two lines run until midnight" in inside
    assert "One line at night" in inside
    assert "Buses at night" not in inside, "it was asked today"
    assert "Archives" not in inside
    assert "1 exchange has no day and lies in no period." in inside
    assert f"{address}.txt?since=2025-01-01&amp;until=2025-12-31" in inside
    taken = client.get(f"{address}.txt?since=2025-01-01&until=2025-12-31").text
    assert "\nFrom Jan 1, 2025 to Dec 31, 2025.\n\nWhat" in taken
    before = client.get(f"{address}?since=&until=2025-03-03").text
    assert "Nothing is recorded of this city yet." not in client.get(address).text
    assert "Night buses" not in before
    assert "One line at night" not in before
    after = client.get(f"{address}?since=2025-03-05").text
    assert "Buses at night" in after
    assert "Two lines run until midnight" not in after
    assert client.get(f"{address}?since=never").status_code == 422
    api = browser.api(factories.officer())
    told = api.get(f"/api/v1{address}?until=2025-12-31").json
    assert told["goals"][0]["needs"] == []
    assert (told["until"], told["undated_exchanges"]) == ("2025-12-31", 1)


@pytest.mark.parametrize(
    ("since", "until", "there"),
    [
        (DAY, DAY, True),
        (DAY, None, True),
        (None, DAY, True),
        (DAY + timedelta(1), None, False),
        (None, DAY - timedelta(1), False),
    ],
)
def test_both_days_of_a_period_belong_to_it(city, since, until, there):
    found = contribution(city, factories.officer(), Period(since, until)).goals
    eleven = found.get("11")
    for rows in ("exchanges", "labs", "changes"):
        assert bool(eleven and getattr(eleven, rows)) is there, rows


def test_others_do_not_read_it(browser, city):
    stranger = browser.as_(factories.person(of=factories.organisation(), role="coordinator"))
    assert stranger.get(f"/organisations/{city.id}/review").status_code == 403
    assert stranger.get(f"/organisations/{city.id}/review.txt").status_code == 403


def test_a_city_of_which_nothing_is_recorded_is_told_so(browser):
    city = factories.organisation()
    mine = browser.as_(factories.person(of=city, role="coordinator"))
    for path in ("review", "review.txt"):
        shown = mine.get(f"/organisations/{city.id}/{path}").text
        assert "Nothing is recorded of this city yet." in shown
        assert "No follow-up was asked yet: what changed is not known." in shown


def test_the_api_gives_the_same(browser, city):
    client = browser.api(factories.officer())
    found = client.get(f"/api/v1/organisations/{city.id}/review").json
    assert [row["goal"] for row in found["goals"]] == ["11", None]
    assert found["goals"][0]["changes"][0]["text"] == "Two lines run until midnight & later"
    assert found["follow_ups"]["unanswered"] == 1
    assert len(found["unchanged_exchange_ids"]) == 1


def test_it_costs_the_same_however_much_a_city_did(browser, city, statements):
    page, counts = browser.as_(factories.officer()), set()
    for number in (1, 3, 20):
        for _time in range(number):
            factories.need(organisation=city, published_at=now())
            factories.exchange(learner=city, state=ExchangeState.visited)
        page.get(f"/organisations/{city.id}/review")
        with statements() as seen:
            assert page.get(f"/organisations/{city.id}/review").status_code == 200
        counts.add(len(seen))
    assert len(counts) == 1
