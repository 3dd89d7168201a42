"""Who saw whose data: written down once a day, told to those whose data they are."""

import json
import sqlite3
from datetime import timedelta

import pytest

from exchange.accounts import joining
from exchange.audit import aside, retention
from exchange.audit.chain import extend
from exchange.audit.models import Action, AuditEntry, Look
from exchange.audit.seeing import take_up
from exchange.audit.verify import Fault, problems
from exchange.clock import now
from exchange.directory import expertise
from exchange.directory.models import Person, Role
from exchange.extensions import db
from exchange.forums.models import Guest
from exchange.messages.actions import write
from exchange.privacy.seen_by import seen_by
from exchange.privacy.taking import data_of
from exchange.transaction import transaction
from tests import factories
from tests.factories import visits


def looks(**facts):
    db.session.rollback()
    query = db.session.query(AuditEntry).filter_by(action=Action.see, **facts)
    found = query.order_by(AuditEntry.id).all()
    for one in found:
        db.session.expunge(one)
    db.session.rollback()
    return found


def told(entry):
    return {name: after for name, (_before, after) in json.loads(entry.changes).items()}


@pytest.fixture
def amina(app):
    (app.config["EXCHANGE"].var / aside.FILE).unlink(missing_ok=True)
    city = factories.organisation("Nampula")
    return factories.person("Amina Juma", of=city, role=Role.coordinator, email="amina@px.test")


def test_whoever_opens_a_person_is_written_down_once_a_day(amina, browser):
    officer = factories.officer()
    page = browser.as_(officer)
    for _twice in range(2):
        assert page.get(f"/people/{amina.id}").status_code == 200
    [entry] = looks()
    assert (entry.person_id, entry.noun, entry.subject_id) == (officer.id, "person", amina.id)
    assert (entry.place, entry.through) == ("people.show", "page")
    assert entry.request_id
    assert told(entry) == {"what": "shown"}
    assert (
        browser.api(factories.administrator()).get(f"/api/v1/people/{amina.id}").status_code == 200
    )
    assert [one.through for one in looks()] == ["page", "api"]


def test_a_list_is_one_entry_with_the_numbers_of_its_rows_and_then_only_of_new_ones(amina, browser):
    officer = factories.officer()
    rui = factories.person("Rui", email="rui@px.test")
    page = browser.as_(officer)
    page.get("/people")
    [entry] = looks()
    assert entry.subject_id is None
    assert told(entry) == {"what": "shown", "rows": 2, "records": [amina.id, rui.id]}
    page.get("/people")
    assert len(looks()) == 1
    late = factories.person("Late", email="late@px.test")
    db.session.commit()
    page.get("/people")
    assert [one.subject_id for one in looks()] == [None, late.id]


def test_ones_own_data_are_nobodys_business(amina, browser):
    page = browser.as_(amina)
    assert page.get(f"/people/{amina.id}").status_code == 200
    assert browser.api(amina).get("/api/v1/me/data").status_code == 200
    assert looks() == []


def test_the_people_of_a_visit_of_a_door_and_of_letters_are_seen(app, browser):
    officer = factories.officer()
    visit = visits.visit()
    host = visit.exchange.partners[0].organisation
    part = visits.participant(visit, organisation=host, name="Rui", email="rui@px.test")
    edition = factories.forum_note("Floods").forum
    guest = Guest(forum=edition, name="Awa", folded_name="awa")
    db.session.add(guest)
    rui = factories.person("Rui", email="rui2@px.test")
    facts = dict.fromkeys(("overdue", "waiting", "held", "failed"), 1)
    letter = write("weekly", rui, facts=facts, link="/")
    expertise.save(rui, {"text": "Markets", "language": "en"})
    db.session.commit()
    page, api = browser.as_(officer), browser.api(officer)
    wanted = {
        f"/visits/{visit.id}": ("participant", part.id),
        f"/forums/{edition.id}/door": ("forum_guest", guest.id),
        "/messages": ("message", letter.id),
        "/expertise": ("person", rui.id),
    }
    for address, record in wanted.items():
        assert page.get(address).status_code == 200, address
        entry = looks()[-1]
        assert (entry.noun, entry.subject_id) == record, address
    seen = len(looks())
    for address in (
        f"/api/v1/visits/{visit.id}/participants",
        f"/api/v1/visits/participants/{part.id}",
        f"/api/v1/forums/{edition.id}/guests",
        "/api/v1/messages",
        f"/api/v1/messages/{letter.id}",
        "/api/v1/expertise",
    ):
        assert api.get(address).status_code == 200, address
    assert len(looks()) == seen, "the same viewer, the same records, the same day"


def test_the_address_of_whoever_is_invited_is_seen(amina, browser):
    page, rui = browser.as_(amina), {"name": "Rui", "email": "rui@px.test", "language": "en"}
    of = amina.affiliations[0].organisation
    invited, _secret = joining.invite(of, {**rui, "role": Role.member}, actor=amina)
    db.session.commit()
    assert "rui@px.test" in page.get(f"/organisations/{of.id}/people").text
    [entry] = looks()
    assert (entry.person_id, entry.noun) == (amina.id, "invitation")
    assert entry.subject_id == invited.id
    told_to_rui = factories.person("Rui", email="rui@px.test")
    db.session.commit()
    [seen] = seen_by(told_to_rui, limit=5)
    assert (seen.who, seen.noun) == ("Amina Juma", "invitation")


def test_what_is_taken_away_is_written_down_each_time_with_all_that_is_in_it(amina, browser):
    administrator = factories.administrator()
    page = browser.as_(administrator)
    for _twice in range(2):
        assert page.get("/exports/people.csv").status_code == 200
    assert [told(one)["what"] for one in looks()] == ["export", "export"]
    assert amina.id in (looks()[0].subject_id, *told(looks()[0]).get("records", ()))
    assert page.get("/exports/organisations.csv").status_code == 200
    assert len(looks()) == 2


def test_who_may_not_see_leaves_no_trace_of_having_seen(amina, browser):
    stranger = factories.person(of=factories.organisation("Lyon"))
    assert browser.as_(stranger).get("/messages").status_code == 403
    assert browser.as_().get(f"/people/{amina.id}").status_code in (302, 401)
    assert looks() == []


def test_the_day_after_it_is_written_again(amina, browser, monkeypatch):
    officer = factories.officer()
    page = browser.as_(officer)
    page.get(f"/people/{amina.id}")
    tomorrow = now() + timedelta(days=1)
    monkeypatch.setattr("exchange.edge_seen.now", lambda: tomorrow)
    page.get(f"/people/{amina.id}")
    assert len(looks()) == 2


def test_they_learn_who_saw_them_on_the_page_of_their_data(amina, browser):
    visit = visits.visit()
    host = visit.exchange.partners[0].organisation
    visits.participant(visit, organisation=host, name="Amina", email="amina@px.test")
    officer = factories.officer(name="Olga Officer")
    db.session.commit()
    page = browser.as_(officer)
    page.get(f"/people/{amina.id}")
    page.get(f"/visits/{visit.id}")
    mine = browser.as_(amina).get("/account/privacy").text
    assert mine.count("Olga Officer") == 2
    assert "your part in a visit" in mine
    taken = browser.api(amina).get("/api/v1/me/data").json["seen_by_others"]
    assert [one["place"] for one in taken] == ["people.show", "visits.show"]
    assert {one["who"] for one in taken} == {"Olga Officer"}
    namesake = factories.person("Amina Juma")
    assert data_of(namesake, now=now())["seen_by_others"] == []


def test_a_look_costs_one_statement_and_two_more_when_it_is_new(amina, browser, statements):
    page = browser.as_(factories.officer())
    page.get("/people")
    with statements() as again:
        page.get("/people")
    factories.person("Late", email="late@px.test")
    db.session.commit()
    with statements() as new:
        page.get("/people")
    about = [s for s in again.all if "audit_" in s]
    assert len(about) == 1
    assert len([s for s in new.all if "audit_" in s]) == 3


def test_a_busy_database_keeps_nobody_from_reading_and_nothing_is_forgotten(app, amina, browser):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("one writer at a time is SQLite's way")
    page, number = browser.as_(factories.officer()), amina.id
    db.session.rollback()
    waiting = app.config["EXCHANGE"].var / aside.FILE
    somebody = sqlite3.connect(app.config["EXCHANGE"].var / "exchange.db", isolation_level=None)
    somebody.execute("BEGIN IMMEDIATE")
    try:
        assert page.get(f"/people/{number}").status_code == 200
        assert somebody.execute("SELECT count(*) FROM audit_look").fetchone() == (0,)
        assert take_up(waiting) == 0  # still busy: it goes on waiting
        assert aside.waits(waiting)
        assert waiting.stat().st_mode & 0o077 == 0
    finally:
        somebody.execute("ROLLBACK")
        somebody.close()
    kept = waiting.read_bytes()
    assert take_up(waiting) == 1
    assert not aside.waits(waiting)
    [entry] = looks()
    assert (entry.place, entry.subject_id) == ("people.show", number)
    waiting.write_bytes(kept + b'{"half a line')  # a sweep that died before it emptied the file
    assert take_up(waiting) == 0
    assert len(looks()) == 1
    assert list(problems(now=now())) == []


def test_what_was_changed_in_the_file_is_found(app, amina, browser):
    page = browser.as_(factories.officer())
    page.get(f"/people/{amina.id}")
    [entry] = looks()
    row = dict(vars(entry))
    del row["id"], row["_sa_instance_state"]
    row |= {"through": "page", "action": "see", "seal": "0" * 64, "person_id": amina.id}
    waiting = app.config["EXCHANGE"].var / aside.FILE
    db.session.rollback()
    aside.put(waiting, [aside.Noted(row, (amina.id,))])
    db.session.rollback()
    assert take_up(waiting) == 1
    with transaction():
        extend(now=now(), whole=True)
    assert [problem.fault for problem in problems(now=now())] == [Fault.inserted]


def test_after_a_year_it_is_no_longer_told_and_the_trail_stands(amina, browser):
    page = browser.as_(factories.officer())
    page.get(f"/people/{amina.id}")
    db.session.rollback()
    assert db.session.query(Look).count() == 1
    assert retention.purge(now=now() + retention.KEPT_LOOKS) == 0
    assert retention.purge(now=now() + retention.KEPT_LOOKS + timedelta(days=2)) == 1
    db.session.commit()
    assert len(looks()) == 1
    assert db.session.get_one(Person, amina.id)
