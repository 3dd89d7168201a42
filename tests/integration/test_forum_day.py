"""The day of a forum: its programme is built, people come in, the room opens with a code."""

from datetime import UTC, datetime, time, timedelta

import pytest

from exchange.clock import now, today
from exchange.extensions import db
from exchange.forums import actions, arrivals, queries, retention
from exchange.forums.models import Attendance, Forum, ForumSession, Guest
from exchange.transaction import transaction
from tests import factories

ZONE = "Africa/Johannesburg"


@pytest.fixture
def forum(app):
    day = today(ZONE)
    facts = {"titles": {"en": "Learning Forum", "fr": "Forum"}, "place": "Durban"}
    made = Forum(code="now", starts_on=day, ends_on=day, time_zone=ZONE, **facts)
    made.rules = {"en": "Questions before statements."}
    for begins, ends, title in ((9, 10, "Opening"), (10, 11, "Review"), (13, 15, "Lunch")):
        slot = ForumSession(day=day, starts_at=time(begins), ends_at=time(ends))
        slot.titles, slot.part = {"en": title}, {"en": "Part one"}
        slot.is_break = title == "Lunch"
        made.sessions.append(slot)
    db.session.add(made)
    db.session.commit()
    return made


def _slot(title):
    return next(s for s in db.session.query(ForumSession) if s.titles.get("en") == title)


def test_staff_build_a_programme_slot_after_slot(browser, forum):
    page = browser.as_(factories.officer())
    shown = page.get(f"/forums/{forum.id}/agenda").text
    assert "60 minutes" in shown
    assert "120 free minutes before" in shown
    after = page.get(f"/forums/{forum.id}/sessions/new?after={_slot('Review').id}").text
    assert 'value="11:00"' in after
    assert 'value="Part one"' in after
    _slot("Opening").ends_at = time(10, 30)
    db.session.commit()
    assert "overlaps" in page.get(f"/forums/{forum.id}/agenda").text


def test_a_session_that_runs_late_takes_along_what_follows(browser, forum):
    page = browser.as_(factories.officer())
    address = f"/forums/{forum.id}/sessions/{_slot('Review').id}/shift"
    assert page.get(address).status_code == 200
    page.post(address, data={"minutes": "20"})
    db.session.expire_all()
    assert [s.starts_at for s in forum.sessions] == [time(9), time(10, 20), time(13, 20)]
    late = page.post(address, data={"minutes": "700"})
    assert "on another day" in late.text
    assert _slot("Review").starts_at == time(10, 20)


def test_a_session_names_the_organisations_that_speak_once(browser, forum):
    city = factories.organisation("San José")
    page = browser.as_(factories.officer())
    address = f"/forums/{forum.id}/sessions/{_slot('Review').id}/speakers"
    for _ in range(2):
        page.post(address, data={"organisation_id": city.id})
    assert page.post(address, data={"organisation_id": 999}).status_code == 422
    db.session.expire_all()
    assert _slot("Review").speakers == [city]
    assert "San José" in page.get(f"/forums/{forum.id}").text
    page.post(f"{address}/{city.id}/remove")
    db.session.expire_all()
    assert _slot("Review").speakers == []


def test_everybody_reads_an_edition_that_is_public_and_no_other(browser, forum):
    page = browser.as_(None)
    assert page.get("/en/forum/now").status_code == 404
    forum.is_public = True
    db.session.commit()
    shown = page.get("/en/forum/now").text
    assert "Opening" in shown
    assert "Questions before statements." in shown
    assert 'hreflang="fr"' in shown


def test_the_list_at_the_door_has_one_button_for_each(browser, forum):
    city = factories.organisation("Nampula")
    page = browser.as_(factories.officer())
    answer = page.post(
        f"/forums/{forum.id}/guests/new",
        data={"name": "Amélia", "organisation_id": city.id},
        follow_redirects=True,
    )
    assert "Amélia" in answer.text
    guest = db.session.query(Guest).one()
    address = f"/forums/{forum.id}/guests/{guest.id}/arrival"
    assert "Amélia is here." in page.post(address, follow_redirects=True).text
    db.session.expire_all()
    assert guest.arrived_at
    assert [a.organisation.name for a in forum.attendances] == ["Nampula"]
    assert "Amélia" not in page.get(f"/forums/{forum.id}/door?waiting=yes").text
    assert "Amélia" in page.get(f"/forums/{forum.id}/door?q=amelia").text
    page.post(f"/forums/{forum.id}/guests/{guest.id}/arrival/take-back")
    page.post(f"/forums/{forum.id}/guests/{guest.id}/remove")
    assert db.session.query(Guest).count() == 0
    member = browser.as_(factories.person(of=city))
    assert member.get(f"/forums/{forum.id}/door").status_code == 403


def test_the_screen_shows_the_room_as_a_qr_code_drawn_here(browser, forum):
    page = browser.as_(factories.officer())
    screen = page.get(f"/forums/{forum.id}/screen").text
    address = f"/forums/{forum.id}/room.svg"
    assert f'src="{address}"' in screen
    drawn = page.get(address)
    assert drawn.mimetype == "image/svg+xml"
    assert "no-store" in drawn.headers["Cache-Control"]
    assert drawn.data.startswith(b"<?xml")
    before = drawn.data
    page.post(f"/forums/{forum.id}/room-code")
    assert page.get(address).data != before, "another code is another picture"
    member = browser.as_(factories.person(of=factories.organisation()))
    assert member.get(address).status_code == 403


def test_names_are_taken_off_the_list_a_year_after_the_forum(browser, forum):
    city, here = factories.organisation("Nampula"), {"folded_name": "amelia", "arrived_at": now()}
    forum.guests.append(Guest(name="Amélia", organisation=city, organisation_name="NPL", **here))
    db.session.commit()
    with transaction():
        assert retention.purge(now=now() + timedelta(days=364)) == 0
        assert retention.purge(now=now() + timedelta(days=367)) == 1
        assert retention.purge(now=now() + timedelta(days=368)) == 0
    guest = db.session.query(Guest).one()
    assert (guest.name, guest.organisation_name, guest.person_id) == ("–", "", None)
    assert guest.arrived_at
    door = browser.as_(factories.officer()).get(f"/forums/{forum.id}/door").text
    assert "Amélia" not in door
    assert "Nampula" in door


def test_a_guest_checks_in_with_the_code_and_is_known_afterwards(browser, forum):
    city = factories.organisation("Nampula")
    arrivals.expect(forum, {"name": "Amélia Tembe", "organisation_id": city.id})
    db.session.commit()
    page = browser.as_(None)
    code = forum.room_code
    assert "No room opens" in page.post("/room", data={"room_code": "WRONG"}).text
    led = page.post("/room", data={"room_code": f" {code[:4].lower()} {code[4:]} "})
    assert led.headers["Location"] == f"/room/{code}"
    sent = {"name": "amelia tembe", "organisation_name": "Nampula"}
    for _ in range(2):
        shown = page.post(f"/room/{code}/check-in", data=sent, follow_redirects=True).text
    assert "You are here as Amélia Tembe." in shown
    assert db.session.query(Guest).one().arrived_at
    assert db.session.query(Attendance).count() == 1
    stranger = browser.as_(None)
    stranger.post(f"/room/{code}/check-in", data={"name": "Rui"})
    assert {g.name for g in db.session.query(Guest)} == {"Amélia Tembe", "Rui"}


def test_the_room_is_closed_outside_its_days_and_to_an_old_code(browser, forum):
    page, code = browser.as_(None), forum.room_code
    assert page.get(f"/room/{code}").status_code == 200
    staff = browser.as_(factories.officer())
    assert code[:4] in staff.get(f"/forums/{forum.id}/screen").text
    staff.post(f"/forums/{forum.id}/room-code")
    assert page.get(f"/room/{code}").status_code == 404
    db.session.expire_all()
    forum.starts_on = forum.ends_on = today(ZONE) - timedelta(days=3)
    db.session.commit()
    assert page.get(f"/room/{forum.room_code}").status_code == 404


def test_the_session_that_goes_on_is_that_of_the_place(forum, monkeypatch):
    at = datetime.combine(forum.starts_on, time(7, 30), UTC)  # half past nine in Durban
    monkeypatch.setattr(queries, "now", lambda: at)
    assert queries.session_now(forum).titles == {"en": "Opening"}
    monkeypatch.setattr(queries, "now", lambda: at + timedelta(hours=5))
    assert queries.session_now(forum).titles == {"en": "Review"}, "not the lunch"
    monkeypatch.setattr(queries, "now", lambda: at - timedelta(days=1))
    assert queries.session_now(forum) is None


def test_the_api_builds_and_opens_the_door(browser, forum):
    city = factories.organisation("Nampula")
    client = browser.api(factories.officer())
    address = f"/api/v1/forums/{forum.id}"
    slot = f"{address}/sessions/{_slot('Review').id}"
    assert client.post(f"{slot}/shift", json={"minutes": 5}).json[1]["starts_at"] == "10:05"
    named = client.post(f"{slot}/speakers", json={"organisation_id": city.id})
    assert named.json["speakers"][0]["name"] == "Nampula"
    assert client.delete(f"{slot}/speakers/{city.id}").status_code == 204
    guest = client.post(f"{address}/guests", json={"name": "Ana", "organisation_id": city.id}).json
    here = client.post(f"{address}/guests/{guest['id']}/arrival").json
    assert here["arrived_at"]
    assert client.get(f"{address}/guests?waiting=yes").json["items"] == []
    assert client.delete(f"{address}/guests/{guest['id']}/arrival").json["arrived_at"] is None
    assert client.delete(f"{address}/guests/{guest['id']}").status_code == 204
    made = client.patch(address, json={"rules_fr": "Écouter.", "is_public": True}).json
    assert made["rules"] == {"en": "Questions before statements.", "fr": "Écouter."}
    assert made["is_public"] is True


def test_a_shift_of_nothing_that_follows_leaves_other_days_alone(forum):
    forum.ends_on = forum.starts_on + timedelta(days=1)
    other = actions.add_session(
        forum, {"day": forum.ends_on, "starts_at": time(9), "ends_at": time(10)}
    )
    actions.shift(forum, _slot("Opening"), -30)
    assert (_slot("Opening").starts_at, other.starts_at) == (time(8, 30), time(9))
