"""Learning modules: from a need that many have over a topic to a module that is given."""

from datetime import date

import pytest

from exchange.clock import today
from exchange.errors import Invalid, NotAllowed
from exchange.exchanges.models import MeetingMode
from exchange.extensions import db
from exchange.lessons.models import Note
from exchange.modules import actions, topics
from exchange.modules.models import Delivery, DeliveryKind, Depth, Module, ModuleTopic, Part
from exchange.reminders.audience import asked_of
from exchange.reminders.kinds import KINDS
from exchange.reminders.models import EscalationLevel, Reminder
from exchange.reminders.send import plan_now
from tests import factories
from workflows.engine import TransitionRefused
from workflows.module import MODULE, ModuleState
from workflows.module_topic import MODULE_TOPIC, TopicState
from workflows.need import NeedState
from workflows.note import NoteState

S, T = ModuleState, TopicState
SENT = {
    "code": "RES-1",
    "title_en": "Resilience",
    "title_fr": "Résilience",
    "depth": "introduction",
}
GIVEN = {"kind": "training", "mode": "online", "starts_on": "2026-01-05", "ends_on": "2026-01-06"}
TOPIC = {"title": "Water in informal areas", "text": "", "language": "en"}


@pytest.fixture
def module(app):
    made = actions.create({**SENT, "depth": Depth.introduction})
    db.session.commit()
    return made


@pytest.fixture
def topic(app):
    theme = factories.term("theme", "water-sanitation")
    made = topics.propose({**TOPIC, "themes": [theme.code]})
    db.session.commit()
    return made


@pytest.mark.parametrize(
    ("trigger", "source", "has", "dest"),
    [
        ("pilot", S.drafted, "", "module_has_a_partner"),
        ("pilot", S.drafted, "partner", S.in_pilot),
        ("publish", S.in_pilot, "partner", "module_has_a_version"),
        ("publish", S.in_pilot, "version", S.published),
        ("publish", S.drafted, "version", "no_such_move"),
        ("back_to_draft", S.in_pilot, "", S.drafted),
        ("retire", S.published, "", S.retired),
        ("pilot", S.retired, "partner", "no_such_move"),
    ],
    ids=str,
)
def test_the_table_of_modules(trigger, source, has, dest):
    made = Module(state=source)
    if has == "partner":
        actions.ModulePartner(module=made, part=Part.lead)
    if has == "version":
        actions.ModuleVersion(module=made, number="1")
    if dest in list(S):
        assert MODULE.fire(trigger, made) == (source, dest)
    else:
        with pytest.raises(TransitionRefused):
            MODULE.fire(trigger, made)
        assert MODULE.unmet(trigger, made) == (dest,)


@pytest.mark.parametrize(
    ("trigger", "source", "dest"),
    [
        ("accept", T.proposed, T.accepted),
        ("make_module", T.proposed, T.in_module),
        ("make_module", T.accepted, T.in_module),
        ("decline", T.accepted, T.declined),
        ("reopen", T.declined, T.proposed),
        ("reopen", T.in_module, "no_such_move"),
        ("make_module", T.declined, "no_such_move"),
    ],
    ids=str,
)
def test_the_table_of_topics(trigger, source, dest):
    made = ModuleTopic(state=source)
    if dest in list(T):
        assert MODULE_TOPIC.fire(trigger, made) == (source, dest)
    else:
        with pytest.raises(TransitionRefused):
            MODULE_TOPIC.fire(trigger, made)


def test_staff_write_a_module_pilot_and_publish_it(browser):
    lead = factories.organisation("UNGL")
    staff = browser.as_(factories.officer())
    city = browser.as_(factories.person(of=lead, role="coordinator"))
    assert city.get("/modules/new").status_code == 403
    assert staff.post("/modules/new", data=SENT).status_code == 302
    made = db.session.query(Module).one()
    address = f"/modules/{made.id}"
    assert city.get(address).status_code == 404, "a draft is the secretariat's"
    assert staff.post(f"{address}/move", data={"trigger": "pilot"}).status_code == 409
    partner = {"organisation_id": str(lead.id), "part": "lead"}
    assert city.post(address, data=partner).status_code in (403, 404)
    for _again in range(2):
        staff.post(address, data=partner)
    staff.post(f"{address}/move", data={"trigger": "pilot"})
    version = {"number": "1.0", "released_on": "2026-01-02", "language": "en", "changes": "First."}
    assert staff.post(f"{address}/versions/new", data=version).status_code == 302
    again = staff.post(f"{address}/versions/new", data=version)
    assert "Another version has this number already." in again.text
    staff.post(f"{address}/move", data={"trigger": "publish"})
    db.session.expire_all()
    assert (made.state, len(made.partners)) == (S.published, 1)
    shown = city.get(address).text
    assert "UNGL" in shown
    assert "First." in shown
    assert "RES-1" in city.get("/modules?depth=introduction&q=Resil").text
    assert "RES-1" not in city.get("/modules?depth=trainers").text


def test_a_delivery_is_counted_and_belongs_to_an_exchange(browser, module):
    staff = browser.as_(factories.officer())
    exchange = factories.exchange()
    address = f"/modules/{module.id}/deliveries/new"
    sent = {**GIVEN, "participants": "30", "women": "20", "men": "11", "place": "Georgia"}
    assert "Women and men are more" in staff.post(address, data=sent).text
    wrong = staff.post(address, data={**sent, "men": "10", "evaluation": "5.5"})
    assert "Give a number from 1 to 5." in wrong.text
    assert "Georgia" in wrong.text, "nothing typed is lost"
    sent |= {"men": "10", "evaluation": "4.25", "reference": exchange.reference.lower()}
    assert staff.post(address, data=sent).status_code == 302
    given = db.session.query(Delivery).one()
    assert given.exchange == exchange
    shown = staff.get(f"/exchanges/{exchange.id}").text
    assert f"/modules/{module.id}" in shown, "and the exchange knows it"
    edit = f"/modules/deliveries/{given.id}/edit"
    assert exchange.reference in staff.get(edit).text
    before = staff.post(edit, data={**sent, "ends_on": "2026-01-01"})
    assert before.status_code != 302
    assert "no exchange of this number" in staff.post(edit, data={**sent, "reference": "X"}).text


def test_women_and_men_need_not_be_counted(module):
    facts = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 1, 1), "women": 3}
    kinds = {"kind": DeliveryKind.training, "mode": MeetingMode.hybrid}
    assert actions.save_delivery(module, {**facts, **kinds}).participants is None


def test_the_demand_is_the_number_of_open_needs_and_opens_them(browser, topic):
    theme = topic.terms[0]
    facts = {"themes": (theme.code,), "state": NeedState.published}
    wanted = factories.need(title="Drain the market", **facts)
    factories.need(title="Closed long ago", themes=(theme.code,), state=NeedState.fulfilled)
    factories.need(title="Something else", state=NeedState.published)
    other = topics.propose({**TOPIC, "title": "Nobody asked"})
    db.session.commit()
    page = browser.as_(factories.officer())
    api = browser.api(factories.administrator()).get("/api/v1/module-topics").json
    rows = api.get("items") or api.get("data")
    assert [(row["id"], row["demand"]) for row in rows] == [(topic.id, 1), (other.id, 0)]
    assert "1 need" in page.get("/modules/topics").text
    shown = page.get(f"/modules/topics/{topic.id}/needs").text
    assert wanted.title in shown
    assert "Closed long ago" not in shown
    assert "Something else" not in shown


def test_a_topic_becomes_a_module_in_one_click_and_both_know(browser, topic):
    page = browser.as_(factories.officer())
    address = f"/modules/topics/{topic.id}"
    answer = page.post(f"{address}/move", data={"trigger": "make_module"}, follow_redirects=True)
    assert "What it grew from" in answer.text
    made = db.session.query(Module).one()
    assert made.titles == {"en": TOPIC["title"]}
    assert [term.code for term in made.terms] == ["water-sanitation"]
    assert f"/modules/{made.id}" in page.get(address).text
    with pytest.raises(NotAllowed, match="finished"):
        topics.edit(topic, {"title": "Later"})


def test_a_topic_can_go_into_a_module_that_is_there(topic, module):
    with pytest.raises(Invalid, match="no_such_module"):
        topics.edit(topic, {"module_id": 999})
    topics.edit(topic, {"module_id": module.id})
    topics.advance_topic(topic, "make_module", actor=None)
    assert module.topics == [topic]
    assert db.session.query(Module).count() == 1


def test_from_the_exchange_over_its_note_to_the_module_and_back(browser):
    exchange = factories.exchange()
    exchange.terms = [factories.term("theme", "mobility"), factories.term("agenda", "sendai")]
    note = Note(exchange=exchange, title="What Surabaya showed", language="en", parts={})
    note.state, note.number, note.slug, note.published_on = (
        NoteState.drafting,
        24,
        "n24",
        today(),
    )
    db.session.add(note)
    db.session.commit()
    with pytest.raises(Invalid, match="not_published"):
        topics.from_note(note)
    note.state = NoteState.published
    db.session.commit()
    page = browser.as_(factories.officer())
    assert "Propose as a topic for a module" in page.get("/en/lessons/n24").text
    for _again in range(2):
        assert page.post(f"/notes/{note.id}/topic").status_code == 302
    topic = db.session.query(ModuleTopic).one()
    assert {term.code for term in topic.terms} == {"mobility", "sendai"}
    page.post(f"/modules/topics/{topic.id}/move", data={"trigger": "make_module"})
    module = db.session.query(Module).one()
    shown = page.get(f"/modules/{module.id}").text
    assert exchange.reference in shown
    assert "/en/lessons/n24" in shown
    assert f"/modules/{module.id}" in page.get("/en/lessons/n24").text
    assert f"/modules/{module.id}" in page.get(f"/exchanges/{exchange.id}").text


def test_a_coordinator_proposes_and_staff_decline_with_a_reason(browser):
    mine = browser.as_(factories.person(of=factories.organisation(), role="coordinator"))
    staff = browser.as_(factories.officer())
    assert mine.post("/modules/topics/new", data=TOPIC).status_code == 302
    made = db.session.query(ModuleTopic).one()
    address = f"/modules/topics/{made.id}"
    assert mine.post(f"{address}/move", data={"trigger": "decline"}).status_code == 403
    assert mine.get(f"{address}/edit").status_code == 403
    staff.post(f"{address}/move", data={"trigger": "decline"})
    assert made.state == T.proposed, "without a reason nothing happens"
    staff.post(f"{address}/move", data={"trigger": "decline", "note": "Too narrow."})
    db.session.expire_all()
    assert made.state == T.declined
    assert "Too narrow." in mine.get(address).text
    assert "Water" in staff.get("/log").text


def test_a_topic_that_waits_is_asked_for(topic):
    officer = factories.officer()
    plan_now()
    due = db.session.query(Reminder).filter_by(kind="topic_waits").all()
    assert sorted((one.due_on - topic.state_since.date()).days for one in due) == [14, 42]
    kind = KINDS["topic_waits"]
    assert [a.reader for a in asked_of(kind.audience, topic, EscalationLevel.owner)] == [officer]


def test_what_is_retired_stays_as_it_was(module):
    actions.advance_module(module, "retire", actor=None, note="Replaced.")
    for change in (
        lambda: actions.edit(module, {"code": "X"}),
        lambda: actions.add_partner(module, {"organisation_id": 1, "part": Part.lead}),
        lambda: actions.save_version(module, {"number": "1"}),
    ):
        with pytest.raises(NotAllowed, match="finished"):
            change()


def test_the_api_does_what_the_pages_do(browser):
    page = browser.api(factories.officer())
    city = factories.organisation()
    row = page.post("/api/v1/modules", json=SENT).json
    address = f"/api/v1/modules/{row['id']}"
    assert page.patch(address, json={"text_en": "Why."}).json["texts"] == {"en": "Why."}
    assert page.post("/api/v1/modules", json=SENT).status_code == 422, "the code is taken"
    who = {"organisation_id": city.id, "part": "lead"}
    partner = page.post(f"{address}/partners", json=who).json
    assert page.post(f"{address}/steps", json={"trigger": "pilot"}).status_code == 201
    version = {"number": "1.0", "released_on": "2026-01-02", "language": "en"}
    made = page.post(f"{address}/versions", json=version).json
    changed = page.patch(f"/api/v1/modules/versions/{made['id']}", json={"number": "1.1"}).json
    assert changed["number"] == "1.1"
    given = page.post(f"{address}/deliveries", json=GIVEN).json
    mended = page.patch(f"/api/v1/modules/deliveries/{given['id']}", json={"evaluation": "4.5"})
    assert mended.json["evaluation"] == 4.5
    assert page.delete(f"/api/v1/modules/partners/{partner['id']}").status_code == 204
    shown = page.get(address).json
    assert (shown["state"], shown["partners"], len(shown["deliveries"])) == ("in_pilot", [], 1)
    topic = page.post("/api/v1/module-topics", json=TOPIC).json
    address = f"/api/v1/module-topics/{topic['id']}"
    page.patch(address, json={"module_id": row["id"]})
    assert page.post(f"{address}/steps", json={"trigger": "make_module"}).status_code == 201
    assert page.get(address).json["module_id"] == row["id"]
