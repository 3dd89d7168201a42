"""Challenges and opportunities by global agenda: each figure counts the list that it opens."""

from exchange.challenges.models import Challenge
from exchange.clock import today
from exchange.dashboards.agendas import ASKED, Side
from exchange.extensions import db
from exchange.modules.models import Module, ModuleTopic
from exchange.recommendations.models import About, Recommendation, Scale
from tests import factories
from workflows.module import ModuleState
from workflows.need import NeedState

NUA, PARIS = "new-urban-agenda", "paris-agreement"
# Where the list of a side is, when it is not at its own name: as a page, and in the API.
PAGES, RESOURCES = {"topics": "modules/topics"}, {"topics": "module-topics"}


def tagged(row, *codes):
    row.terms = [*row.terms, *(factories.term("agenda", code) for code in codes)]
    db.session.add(row)
    return row


def everything(city):
    """Of each noun one of the New Urban Agenda, and some that do not count."""
    tagged(factories.need(organisation=city), NUA, PARIS)
    tagged(factories.need(organisation=city, state=NeedState.draft), NUA)
    tagged(factories.offer(organisation=city), NUA)
    facts = {"language": "en", "organisation": city, "said_on": today()}
    tagged(Challenge(text="Who follows the trainers?", **facts), NUA)
    tagged(ModuleTopic(title="Public space", language="en"), NUA)
    tagged(Module(code="M-1", titles={"en": "Space"}, state=ModuleState.published), NUA)
    tagged(Module(code="M-2", titles={"en": "Draft"}), NUA)
    said = {"title": "Plan with people", "language": "en", "about": About.policy}
    tagged(Recommendation(scale=Scale.local, **said), NUA, PARIS)
    db.session.commit()


def test_each_figure_counts_the_rows_that_it_opens(browser):
    city = factories.organisation("Nampula")
    everything(city)
    for person, drafts in ((factories.person(of=city), 0), (factories.officer(), 1)):
        page, api = browser.as_(person), browser.api(person)
        found = {one["agenda"]: one["figures"] for one in api.get("/api/v1/modules/agendas").json}
        assert found[NUA] == {**dict.fromkeys(map(str, Side), 1), "modules": 1 + drafts}
        assert found[PARIS] == {"needs": 1, "recommendations": 1}
        text = page.get("/modules/agendas").text
        for side, number in found[NUA].items():
            asked = "".join(f"&{name}={value}" for name, value in ASKED[Side(side)].items())
            query = f"agenda={NUA}{asked}"
            assert query.replace("&", "&amp;") in text
            listed = api.get(f"/api/v1/{RESOURCES.get(side, side)}?{query}").json
            assert listed["total"] == number, side
            assert page.get(f"/{PAGES.get(side, side)}?{query}").status_code == 200


def test_whoever_writes_a_challenge_or_a_recommendation_says_its_agendas(browser):
    section = factories.organisation("UCLG Africa", kind="section", sections=("AFRICA",))
    there = browser.as_(factories.section_officer())
    sent = {"text": "Who follows them?", "language": "en", "organisation_id": section.id}
    sent |= {"said_on": today(), "agendas": [NUA]}
    assert there.post("/challenges/new", data=sent).status_code == 302
    row = db.session.query(Challenge).one()
    assert [term.code for term in row.terms] == [NUA]
    assert "New Urban Agenda" in there.get(f"/challenges/{row.id}").text
    there.post(f"/challenges/{row.id}/edit", data={**sent, "agendas": [PARIS]})
    db.session.expire_all()
    assert [term.code for term in row.terms] == [PARIS]
    api = browser.api(factories.officer())
    said = {"title": "Plan", "language": "en", "about": "policy", "scale": "local"}
    made = api.post("/api/v1/recommendations", json={**said, "agendas": [NUA]}).json
    assert made["agendas"] == [NUA]
    assert api.get(f"/api/v1/recommendations?agenda={NUA}").json["total"] == 1
    assert api.get(f"/api/v1/recommendations?agenda={PARIS}").json["total"] == 0


def test_it_costs_the_same_however_many(browser, statements):
    city = factories.organisation()
    there = browser.as_(factories.person(of=city))
    costs = []
    for _times in range(2):
        tagged(factories.need(organisation=city), NUA)
        tagged(factories.offer(organisation=city), PARIS)
        db.session.commit()
        there.get("/modules/agendas")
        with statements() as seen:
            there.get("/modules/agendas")
        costs.append(len(seen))
    assert costs[0] == costs[1]
