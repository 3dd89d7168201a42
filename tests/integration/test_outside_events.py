"""Events of other associations: whoever plans sees that the same partner is asked elsewhere."""

from datetime import date, timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from exchange.clock import today
from exchange.extensions import db
from exchange.forums.models import Attendance, Forum
from exchange.forums.plans import planned_forums
from exchange.mechanisms import actions, queries
from exchange.mechanisms.clashes import NEAR, Plan, clashes, days_apart
from exchange.mechanisms.models import OutsideEvent
from exchange.visits.models import Visit
from tests import factories
from tests.factories import visits

SOON = today() + timedelta(days=60)
SENT = {
    "organiser": "Commonwealth forum",
    "title": "Congress",
    "language": "en",
    "starts_on": str(SOON),
    "ends_on": str(SOON + timedelta(days=2)),
}


def visit_of(exchange, first, days=3):
    made = Visit(exchange=exchange, starts_on=first, ends_on=first + timedelta(days=days - 1))
    db.session.add(made)
    db.session.commit()
    return made


def test_a_visit_with_the_same_partner_in_the_same_week_is_seen(browser):
    exchange = factories.exchange()
    host = exchange.proposer
    visit = visit_of(exchange, SOON + timedelta(days=7))
    mine = browser.as_(factories.person(of=host, role="coordinator"))
    saved = mine.post("/events/new", data={**SENT, "partner_id": str(host.id)})
    assert saved.status_code == 302
    assert "Congress" in mine.get("/events").text
    staff = browser.as_(factories.officer())
    shown = staff.get("/events/clashes").text
    assert "5 days apart" in shown
    assert f'href="/visits/{visit.id}"' in shown
    assert "Events of others at this time" in staff.get(f"/visits/{visit.id}").text


def test_what_is_far_away_or_of_others_is_no_clash(browser):
    exchange = factories.exchange()
    visit_of(exchange, SOON + timedelta(days=40))
    client = browser.api(factories.officer())
    client.post("/api/v1/events", json={**SENT, "partner_id": exchange.proposer_id})
    client.post(
        "/api/v1/events",
        json={
            **SENT,
            "starts_on": str(SOON + timedelta(days=40)),
            "ends_on": str(SOON + timedelta(days=41)),
        },
    )
    assert client.get("/api/v1/events").json["total"] == 2
    assert client.get("/api/v1/events/clashes").json == []


def test_whoever_thinks_of_days_sees_what_to_keep_clear_of(browser):
    made = visits.story(state="preparing")
    visit = visits.visit(made.exchange, starts_on=None, ends_on=None)
    city = made.exchange.proposer
    officer = browser.as_(factories.officer())
    officer.post("/events/new", data={**SENT, "partner_id": city.id})
    officer.post("/events/new", data={**SENT, "title": "Of somebody else"})
    for path in (f"/visits/{visit.id}/dates/new", f"/visits/{visit.id}/edit"):
        page = officer.get(path).text
        assert "Events of others with the same partner or theme" in page
        assert "Congress" in page
        assert "Of somebody else" not in page


def test_the_list_of_clashes_says_where_it_stops(browser, monkeypatch):
    exchange = factories.exchange(learner=factories.organisation(), state="preparing")
    db.session.add(visit_of(exchange, SOON))
    db.session.commit()
    officer = browser.as_(factories.officer())
    for number in range(3):
        sent = {**SENT, "title": f"Congress {number}", "partner_id": exchange.proposer_id}
        officer.post("/events/new", data=sent)
    assert "are shown." not in officer.get("/events/clashes").text
    monkeypatch.setattr(queries, "MOST_SHOWN", 2)
    assert "The first 2 of 3 are shown." in officer.get("/events/clashes").text


def test_only_whoever_wrote_it_and_staff_change_it(browser):
    writer = factories.person(of=factories.organisation(), role="coordinator")
    other = browser.as_(factories.person(of=factories.organisation(), role="coordinator"))
    browser.as_(writer).post("/events/new", data=SENT)
    row = db.session.query(OutsideEvent).one()
    address = f"/events/{row.id}/edit"
    assert other.post(address, data=SENT).status_code == 403
    wrong = browser.as_(writer).post(address, data={**SENT, "ends_on": "2020-01-01"})
    assert wrong.status_code == 422
    assert "The last day lies before the first." in wrong.text
    assert browser.as_(factories.officer()).post(address, data=SENT).status_code == 302


def test_an_edition_of_the_forum_clashes_by_who_takes_part(app):
    city = factories.organisation("Nampula")
    forum = Forum(code="next", titles={"en": "Next"}, place="Here", starts_on=SOON, ends_on=SOON)
    forum.attendances.append(Attendance(organisation=city))
    db.session.add(forum)
    facts = {"organiser": "O", "title": "T", "language": "en", "partner_id": city.id}
    actions.add_event({**facts, "starts_on": SOON, "ends_on": SOON}, actor=None)
    db.session.commit()
    (found,) = clashes(planned_forums(), queries.coming_events())
    assert (found.plan.page, found.same_partner, found.apart) == ("forums.show", True, 0)


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@given(DAYS, DAYS, DAYS, DAYS)
def test_nearness_knows_no_order(one, two, three, four):
    """Law: the distance is the same both ways, and 0 exactly when a day is shared."""
    (first, last), (begin, end) = sorted((one, two)), sorted((three, four))
    apart = days_apart(first, last, begin, end)
    assert apart == days_apart(begin, end, first, last)
    assert (apart == 0) == (first <= end and begin <= last)


@given(st.integers(0, 30), st.booleans(), st.booleans())
def test_a_clash_is_near_and_has_something_in_common(gap, partner, theme):
    first = date(2026, 1, 1)
    plan = Plan("visits.show", 1, {}, first, first, frozenset({7}), frozenset({"health"}))
    day = first + timedelta(days=gap)
    tagged = [SimpleNamespace(code="health" if theme else "mobility")]
    event = SimpleNamespace(id=1, starts_on=day, ends_on=day, partner_id=7 if partner else 8)
    event.tagged = lambda _vocabulary: tagged
    assert bool(clashes([plan], [event])) == (gap <= NEAR.days and (partner or theme))
