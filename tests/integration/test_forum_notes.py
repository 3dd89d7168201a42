"""What is said in the room is written down, once, and compared afterwards with what came of it."""

import secrets
from datetime import time, timedelta

import pytest

from exchange.clock import today
from exchange.extensions import db
from exchange.forums import arrivals, gathered
from exchange.forums import capture as writing
from exchange.forums.items import ForumItem, ItemKind, Met
from exchange.forums.models import Forum, ForumSession
from exchange.reminders.kinds import KINDS
from exchange.reminders.models import Reminder
from exchange.reminders.send import plan_now
from exchange.reminders.subjects import asking
from tests import factories
from workflows.forum_item import ItemState

ZONE = "Africa/Johannesburg"


@pytest.fixture
def forum(app):
    day = today(ZONE)
    made = Forum(code="now", starts_on=day, ends_on=day, time_zone=ZONE, place="Durban")
    made.titles = {"en": "Learning Forum"}
    slot = ForumSession(day=day, titles={"en": "Review"})
    slot.starts_at, slot.ends_at = time(0), time(23, 59)
    made.sessions.append(slot)
    db.session.add(made)
    db.session.commit()
    return made


def _note(forum, **other):
    sent = {"kind": "need", "text": "Markets that do not flood.", "key": secrets.token_hex(8)}
    return {**sent, "session_id": forum.sessions[0].id, **other}


def test_the_form_in_the_room_has_the_session_that_goes_on(browser, forum):
    page = browser.as_(None).get(f"/room/{forum.room_code}").text
    assert f'value="{forum.sessions[0].id}" selected' in page
    assert "capture.js" in page


def test_a_note_is_written_down_without_a_script(browser, forum):
    page = browser.as_(None)
    page.post(f"/room/{forum.room_code}/check-in", data={"name": "Rui"})
    answer = page.post(f"/room/{forum.room_code}/notes", data=_note(forum), follow_redirects=True)
    assert "Written down. Thank you." in answer.text
    assert "Markets that do not flood." in answer.text, "what you wrote"
    item = db.session.query(ForumItem).one()
    assert (item.kind, item.state, item.guest.name) == ("need", "captured", "Rui")
    assert item.session.titles == {"en": "Review"}


def test_a_note_that_lacks_something_comes_back_with_its_words(browser, forum):
    page = browser.as_(None)
    answer = page.post(f"/room/{forum.room_code}/notes", data=_note(forum, kind=""))
    assert answer.status_code == 422
    assert "Markets that do not flood." in answer.text
    assert db.session.query(ForumItem).count() == 0


def test_a_line_that_drops_and_sends_again_writes_once(browser, forum):
    page, headers = browser.as_(None), {"Accept": "application/json"}
    address, sent = f"/room/{forum.room_code}/notes", _note(forum)
    for _ in range(3):
        answer = page.post(address, data=sent, headers=headers)
        assert (answer.status_code, answer.json["taken"]) == (201, True)
    assert db.session.query(ForumItem).count() == 1
    page.post(address, data=_note(forum), headers=headers)
    assert db.session.query(ForumItem).count() == 2
    wrong = page.post(address, data=_note(forum, text=" "), headers=headers)
    assert wrong.status_code == 422
    assert wrong.json["wrong"]["text"]


def test_a_session_that_was_taken_out_meanwhile_loses_no_note(browser, forum):
    page = browser.as_(None)
    page.post(f"/room/{forum.room_code}/notes", data=_note(forum, session_id=999))
    assert db.session.query(ForumItem).one().session_id is None


def test_who_said_it_is_for_staff_and_what_was_said_for_members(browser, forum):
    guest = arrivals.check_in(forum, {"name": "Rui Nome"})
    facts = _note(forum)
    item = writing.capture(forum, facts, language="en", actor=None, guest=guest)
    db.session.commit()
    member = browser.as_(factories.person(of=factories.organisation()))
    shown = member.get(f"/forums/notes/{item.id}").text
    assert "Markets that do not flood." in shown
    assert "Rui Nome" not in shown
    assert "Rui Nome" in browser.as_(factories.officer()).get(f"/forums/notes/{item.id}").text
    assert member.get(f"/forums/notes/{item.id}/edit").status_code == 403
    assert browser.as_(None).get(f"/forums/{forum.id}/notes").status_code in (302, 401)


def test_staff_correct_set_aside_and_reopen(browser, forum):
    item = writing.capture(forum, _note(forum), language="en", actor=None)
    db.session.commit()
    page, address = browser.as_(factories.officer()), f"/forums/notes/{item.id}"
    page.post(f"{address}/edit", data={"kind": "challenge", "text": "Markets flood."})
    db.session.expire_all()
    assert (item.kind, item.text) == ("challenge", "Markets flood.")
    refused = page.post(f"{address}/move", data={"trigger": "set_aside"})
    assert refused.status_code == 422, "it asks why"
    page.post(f"{address}/move", data={"trigger": "set_aside", "note": "Said twice."})
    db.session.expire_all()
    assert item.state == ItemState.set_aside
    page.post(f"{address}/move", data={"trigger": "reopen"})
    taken = page.post(f"{address}/move", data={"trigger": "take_up"})
    db.session.expire_all()
    assert item.state == ItemState.captured, "it leads nowhere yet"
    assert taken.status_code == 409


def test_an_expectation_is_compared_by_whose_it_is(browser, forum):
    city, other = factories.organisation("Nampula"), factories.organisation("Lyon")
    mine = browser.as_(factories.person(of=city, role="coordinator"))
    sent = {"text": "Find a partner.", "expected_result": "A date.", "organisation_id": city.id}
    address = f"/forums/{forum.id}/expectations"
    assert "A date." in mine.post(address, data=sent, follow_redirects=True).text
    assert mine.post(address, data={**sent, "organisation_id": other.id}).status_code == 422
    item = db.session.query(ForumItem).one()
    compare = f"/forums/notes/{item.id}/compare"
    theirs = browser.as_(factories.person(of=other, role="coordinator"))
    assert theirs.post(compare, data={"verdict": "met"}).status_code == 403
    mine.post(compare, data={"verdict": "partly", "verdict_note": "A partner, no date."})
    assert gathered.verdicts(forum) == {Met.met: 0, Met.partly: 1, Met.not_met: 0, None: 0}
    assert "A partner, no date." in mine.get(f"{address}?verdict=partly").text
    staff = browser.as_(factories.officer())
    edited = {"kind": "need", "text": "x", "organisation_id": city.id}
    assert staff.post(f"/forums/notes/{item.id}/edit", data=edited).status_code == 422


def test_the_day_after_the_organisation_is_asked_whether_it_was_met(forum):
    city = factories.organisation("Nampula")
    factories.person(of=city, role="coordinator")
    facts = _note(forum, kind=ItemKind.expectation, organisation_id=city.id)
    item = writing.capture(forum, facts, language="en", actor=factories.officer())
    writing.capture(forum, _note(forum), language="en", actor=None)
    kind = KINDS["expectation_to_compare"]
    assert [row.id for row in asking(kind)] == [item.id]
    plan_now()
    due = {r.due_on for r in db.session.query(Reminder).filter_by(kind=kind.name)}
    assert due == {forum.ends_on + timedelta(days=n) for n in (1, 21)}
    writing.compare(item, {"verdict": Met.met})
    assert asking(kind) == []


def test_the_api_writes_once_and_tells_no_names(browser, forum):
    client = browser.api(factories.officer())
    address = f"/api/v1/forums/{forum.id}/notes"
    sent = {"kind": "expectation", "text": "Learn.", "key": "a-key-of-mine"}
    one, again = (client.post(address, json=sent).json for _ in range(2))
    assert one["id"] == again["id"]
    assert not {"person", "guest"} & set(one)
    assert client.get(f"{address}?kind=expectation").json["total"] == 1
    assert client.get(f"{address}?kind=offer").json["total"] == 0
    row = f"/api/v1/forums/notes/{one['id']}"
    assert client.patch(row, json={"text": "Learn more."}).json["text"] == "Learn more."
    assert client.post(f"{row}/verdict", json={"verdict": "not_met"}).json["verdict"] == "not_met"
    assert client.get(row).json["became"] == []
    step = {"trigger": "set_aside", "note": "Twice."}
    assert client.post(f"{row}/steps", json=step).status_code == 201


def test_the_list_costs_the_same_however_many(browser, forum, statements):
    page, counts = browser.as_(factories.officer()), set()
    for rows in (1, 3, 30):
        while db.session.query(ForumItem).count() < rows:
            facts = _note(forum, organisation_id=factories.organisation().id)
            writing.capture(forum, facts, language="en", actor=factories.officer())
            db.session.commit()
        address = f"/forums/{forum.id}/notes?size=100"
        page.get(address)
        with statements() as seen:
            assert page.get(address).status_code == 200
        counts.add(len(seen))
    assert len(counts) == 1
