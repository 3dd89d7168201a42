"""What the work of learning brings to a Congress: forums, exchanges, recommendations, plans."""

from datetime import date

import pytest

from exchange.congresses import actions
from exchange.congresses.models import Congress, Contribution
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.forums.models import Forum
from exchange.recommendations.models import About, Recommendation, Scale
from exchange.strategies.models import Strategy
from tests import factories
from workflows.exchange import ExchangeState

DAY = date(2019, 11, 12)
EDITION = {"code": "durban-2019", "title_en": "Congress in Durban", "place": "Durban"}
DAYS = {"starts_on": "2019-11-11", "ends_on": "2019-11-15"}


@pytest.fixture
def officer(app):
    return factories.officer()


@pytest.fixture
def things(app):
    """One of each kind that can go to a Congress."""
    forum = Forum(code="forum", titles={"en": "Forum of 2019"}, place="Durban")
    strategy = Strategy(code="strategy", titles={"en": "Strategy 2019–2021"})
    for row in (forum, strategy):
        row.starts_on = row.ends_on = DAY
    said = Recommendation(title="Fund learning", language="en")
    said.about, said.scale = About.policy, Scale.world
    db.session.add_all([forum, strategy, said])
    db.session.commit()
    return {"forum_id": forum.id, "recommendation_id": said.id, "strategy_id": strategy.id}


def test_staff_say_what_goes_to_a_congress(browser, officer, things):
    staff = browser.as_(officer)
    city = factories.organisation("Nampula")
    mine = browser.as_(factories.person(of=city, role="coordinator"))
    assert mine.post("/congresses/new", data={**EDITION, **DAYS}).status_code == 403
    staff.post("/congresses/new", data={**EDITION, **DAYS})
    row = db.session.query(Congress).one()
    address = f"/congresses/{row.id}"
    exchange = factories.exchange(proposer=city)
    for name, value in ({"reference": exchange.reference} | things).items():
        sent = {name: str(value), "language": "en", "aim": f"Aim of {name}"}
        assert staff.post(f"{address}/contributions/new", data=sent).status_code == 302, name
    shown = mine.get(address).text
    for words in ("Forum of 2019", "Strategy 2019–2021", "Fund learning", exchange.reference):
        assert words in shown
    assert "Aim of forum_id" in shown
    assert f'{address}"' in mine.get(f"/exchanges/{exchange.id}").text
    assert "Congress in Durban" in mine.get("/congresses").text
    first = db.session.query(Contribution).first()
    assert mine.post(f"/congresses/contributions/{first.id}/remove").status_code == 403
    staff.post(f"/congresses/contributions/{first.id}/remove")
    assert db.session.query(Contribution).count() == 3


def test_one_thing_is_named_and_stands_once(officer, things):
    row = actions.create({**EDITION, "starts_on": DAY, "ends_on": DAY})
    for wrong, code in (
        ({}, "one_thing"),
        (things, "one_thing"),
        ({"reference": "PX-0000-0000"}, "no_such_exchange"),
        ({"forum_id": 999}, "bad_value"),
    ):
        with pytest.raises(Invalid, match=code):
            actions.bring(row, {**wrong, "language": "en"})
    named = {"forum_id": things["forum_id"], "language": "en"}
    actions.bring(row, named)
    again = actions.bring(row, {**named, "aim": "Synergies"})
    assert [one.aim for one in row.contributions] == ["Synergies"]
    assert actions.kind_of(again) == "forum"


def test_an_edition_is_changed_and_has_its_own_code(browser, officer):
    first = actions.create({**EDITION, "starts_on": DAY, "ends_on": DAY})
    with pytest.raises(Invalid, match="code_taken"):
        actions.create({**EDITION, "starts_on": DAY, "ends_on": DAY})
    with pytest.raises(Invalid, match="window"):
        actions.edit(first, {"ends_on": date(2018, 1, 1)})
    first.ends_on = DAY
    db.session.commit()
    page = browser.as_(officer)
    page.post(f"/congresses/{first.id}/edit", data={**EDITION, **DAYS, "title_fr": "Congrès"})
    db.session.expire_all()
    assert first.titles["fr"] == "Congrès"


def test_the_api_carries_congresses(browser, officer, things):
    client = browser.api(officer)
    made = client.post("/api/v1/congresses", json={**EDITION, **DAYS})
    assert made.status_code == 201, made.json
    address = f"/api/v1/congresses/{made.json['id']}"
    sent = {"forum_id": things["forum_id"], "language": "en", "aim": "Synergies"}
    one = client.post(f"{address}/contributions", json=sent)
    assert one.json["aim"] == "Synergies"
    assert client.get(address).json["contributions"][0]["forum_id"] == things["forum_id"]
    assert client.patch(address, json={"place": "eThekwini"}).json["place"] == "eThekwini"
    assert client.get("/api/v1/congresses?q=durban").json["total"] == 1
    gone = client.delete(f"/api/v1/congresses/contributions/{one.json['id']}")
    assert gone.status_code == 204
    assert client.get(address).json["contributions"] == []


def test_a_reader_learns_of_no_exchange_that_is_a_draft_of_others(browser, officer):
    made = browser.api(officer).post("/api/v1/congresses", json={**EDITION, **DAYS})
    draft = factories.exchange(state=ExchangeState.draft)
    sent = {"reference": draft.reference, "language": "en", "aim": "Kept among us"}
    address = f"/api/v1/congresses/{made.json['id']}"
    assert browser.api(officer).post(f"{address}/contributions", json=sent).status_code == 201
    stranger = factories.person(of=factories.organisation("Lyon"))
    assert browser.api(stranger).get(address).json["contributions"] == []
    assert len(browser.api(officer).get(address).json["contributions"]) == 1
    assert "Kept among us" not in browser.as_(stranger).get(address.removeprefix("/api/v1")).text
