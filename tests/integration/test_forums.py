"""An edition of the Learning Forum: its programme, its cohort, on pages and by the API."""

from datetime import date, time

import pytest

from exchange.errors import Invalid, NotFound
from exchange.extensions import db
from exchange.forums import actions, queries
from exchange.forums.models import Attendance, Forum, ForumSession
from tests import factories

SENT = {
    "code": "forum-2030",
    "title_en": "Learning Forum",
    "title_fr": "Forum d’apprentissage",
    "place": "Durban",
    "starts_on": "2030-11-12",
    "ends_on": "2030-11-13",
    "time_zone": "Africa/Johannesburg",
    "outcomes_en": "Assess\nInspire",
    "outcomes_fr": "Évaluer",
}
SLOT = {
    "day": "2030-11-12",
    "starts_at": "09:00",
    "ends_at": "09:20",
    "title_en": "Opening",
    "title_fr": "Ouverture",
    "part_en": "Part one",
    "text_fr": "Présentation",
}


@pytest.fixture
def forum(app):
    data = {**SENT, "starts_on": date(2030, 11, 12), "ends_on": date(2030, 11, 13)}
    made = actions.create(data)
    db.session.commit()
    return made


def test_staff_make_an_edition_with_its_programme(browser):
    page = browser.as_(factories.officer())
    answer = page.post("/forums/new", data=SENT, follow_redirects=True)
    assert "Learning Forum 2030" in answer.text
    made = db.session.query(Forum).one()
    assert made.titles == {"en": "Learning Forum", "fr": "Forum d’apprentissage"}
    assert made.outcomes == [{"en": "Assess", "fr": "Évaluer"}, {"en": "Inspire"}]
    answer = page.post(f"/forums/{made.id}/sessions/new", data=SLOT, follow_redirects=True)
    assert '<small lang="fr">Ouverture</small>' in answer.text
    assert 'lang="fr"><p>Présentation</p>' in answer.text
    slot = db.session.query(ForumSession).one()
    assert slot.part == {"en": "Part one"}
    assert "09:00" in page.get(f"/forums/{made.id}/sessions/{slot.id}").text
    changed = {**SLOT, "ends_at": "10:00", "is_break": "yes"}
    page.post(f"/forums/{made.id}/sessions/{slot.id}", data=changed)
    db.session.expire_all()
    assert (slot.ends_at, slot.is_break) == (time(10), True)
    page.post(f"/forums/{made.id}/sessions/{slot.id}/remove")
    assert db.session.query(ForumSession).count() == 0


def test_an_edition_is_changed_and_keeps_its_other_words(browser, forum):
    page = browser.as_(factories.officer())
    assert "Forum d’apprentissage" in page.get(f"/forums/{forum.id}/edit").text
    page.post(f"/forums/{forum.id}/edit", data={**SENT, "place": "Maputo", "title_fr": ""})
    db.session.expire_all()
    assert forum.place == "Maputo"
    assert forum.titles == {"en": "Learning Forum"}


def test_the_cohort_counts_an_organisation_once(browser, forum):
    city = factories.organisation("Nampula")
    page = browser.as_(factories.officer())
    for _ in range(2):
        sent = {"organisation_id": city.id}
        answer = page.post(f"/forums/{forum.id}/attendances", data=sent, follow_redirects=True)
    assert "1 organisation took part." in answer.text
    row = db.session.query(Attendance).one()
    page.post(f"/forums/{forum.id}/attendances/{row.id}/remove")
    assert db.session.query(Attendance).count() == 0


def test_a_form_with_errors_comes_back(browser, forum):
    page = browser.as_(factories.officer())
    answer = page.post("/forums/new", data={**SENT, "code": "A b"})
    assert answer.status_code == 422
    assert "Use small letters" in answer.text
    answer = page.post("/forums/new", data={**SENT, "ends_on": "2030-11-01"})
    assert "The last day lies before the first." in answer.text
    answer = page.post("/forums/new", data=SENT)
    assert "Another one has this code already." in answer.text
    answer = page.post(f"/forums/{forum.id}/sessions/new", data={**SLOT, "day": "2031-01-01"})
    assert "This day is none of the forum" in answer.text
    answer = page.post(f"/forums/{forum.id}/sessions/new", data={**SLOT, "ends_at": "08:00"})
    assert "It must end after it begins." in answer.text
    assert page.post(f"/forums/{forum.id}/attendances", data={}).status_code == 422
    unknown = page.post(f"/forums/{forum.id}/attendances", data={"organisation_id": 999})
    assert unknown.status_code == 422


def test_a_slot_stays_within_the_days_of_the_forum(forum):
    slot = actions.add_session(
        forum, {"day": date(2030, 11, 13), "starts_at": time(9), "ends_at": time(10)}
    )
    with pytest.raises(Invalid, match="outside_the_forum"):
        actions.edit(forum, {"ends_on": date(2030, 11, 12)})
    forum.ends_on = date(2030, 11, 13)
    with pytest.raises(Invalid, match="window"):
        actions.edit_session(forum, slot, {"ends_at": time(9)})
    with pytest.raises(Invalid, match="window"):
        actions.edit(forum, {"ends_on": date(2030, 11, 1)})


def test_the_api_carries_an_edition(browser, forum):
    city = factories.organisation("Nampula")
    client = browser.api(factories.officer())
    made = client.post("/api/v1/forums", json={**SENT, "code": "forum-2031"})
    assert made.status_code == 201, made.json
    address = f"/api/v1/forums/{made.json['id']}"
    slot = client.post(f"{address}/sessions", json=SLOT)
    assert slot.json["starts_at"] == "09:00"
    one = f"{address}/sessions/{slot.json['id']}"
    assert client.patch(one, json={"title_en": "Welcome"}).json["titles"]["en"] == "Welcome"
    line = client.post(f"{address}/attendances", json={"organisation_id": city.id})
    assert line.json["organisation"]["name"] == "Nampula"
    assert len(client.get(address).json["sessions"]) == 1
    assert client.delete(one).status_code == 204
    assert client.delete(f"{address}/attendances/{line.json['id']}").status_code == 204
    assert client.patch(address, json={"place": "Rabat"}).json["place"] == "Rabat"
    listed = client.get("/api/v1/forums?q=rabat").json
    assert [row["code"] for row in listed["items"]] == ["forum-2031"]


def test_members_read_and_do_not_write(browser, forum):
    page = browser.as_(factories.person(of=factories.organisation()))
    assert "Learning Forum 2030" in page.get("/forums").text
    assert "Add a session" not in page.get(f"/forums/{forum.id}").text
    assert page.get("/forums/new").status_code == 403


def test_a_slot_of_another_edition_is_not_found(forum):
    with pytest.raises(NotFound):
        queries.session_of(forum, 999)
    with pytest.raises(NotFound):
        queries.attendance_of(forum, 999)
    assert queries.latest() == forum


def test_the_list_costs_the_same_however_many(browser, statements):
    page = browser.as_(factories.officer())
    counts = set()
    for rows in (1, 3, 30):
        while db.session.query(Forum).count() < rows:
            number = db.session.query(Forum).count()
            day = date(2000 + number, 1, 1)
            made = Forum(
                code=f"f{number}", place="X", starts_on=day, ends_on=day, titles={"en": "F"}
            )
            made.attendances = [Attendance(organisation=factories.organisation())]
            db.session.add(made)
            db.session.commit()
        page.get("/forums?size=100")
        with statements() as seen:
            assert page.get("/forums?size=100").status_code == 200
        counts.add(len(seen))
    assert len(counts) == 1
