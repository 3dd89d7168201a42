"""What is held of people, and their rights over it, walked through by the people themselves."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import String, Text, select

from exchange.accounts.models import ApiToken, SignIn
from exchange.audit.models import AuditEntry
from exchange.audit.verify import problems
from exchange.clock import now, today
from exchange.directory import expertise
from exchange.directory.models import Affiliation, Person, Role
from exchange.errors import Conflict, Invalid, NotFound
from exchange.exchanges.remarks import Audience, Remark
from exchange.extensions import Base, db
from exchange.lessons.crediting import CreditRole, NoteCredit
from exchange.lessons.photos import Photo, published_with
from exchange.lessons.sheets import LessonSheet
from exchange.messages.actions import write
from exchange.messages.models import Message
from exchange.policy import scoped
from exchange.privacy import consents, erasing
from exchange.privacy.models import ErasureRequest
from exchange.privacy.periods import KEPT_NEEDS, PERIODS, purge
from exchange.privacy.taking import data_of
from exchange.visits.models import Participant
from tasks.privacy import erase as sweep
from tests import factories
from tests.factories import lessons, visits
from workflows.erasure import ErasureState
from workflows.message import MessageState


@pytest.fixture
def amina(app):
    """Somebody who left traces in as many tables as can be."""
    city = factories.organisation("Nampula")
    person = factories.person("Amina Juma", of=city, role=Role.coordinator, email="amina@px.test")
    visit = visits.visit()
    part = visits.participant(visit, organisation=city, name="Amina Juma", email="amina@px.test")
    part.needs = "Wheelchair"
    other = visits.participant(visit, organisation=city, name="Rui", email="rui@px.test")
    other.needs = "Halal"
    db.session.add(
        Remark(
            exchange=visit.exchange,
            author_id=person.id,
            text="The market floods.",
            audience=Audience.insiders,
        )
    )
    expertise.save(person, {"text": "Markets", "language": "en"})
    write(
        "weekly", person, facts=dict.fromkeys(("overdue", "waiting", "held", "failed"), 1), link="/"
    )
    db.session.commit()
    return person


def test_the_page_of_privacy_is_made_from_the_columns(app, browser):
    page = browser.as_().get("/privacy")
    assert page.status_code == 200
    assert "30 days" in page.text
    told = browser.api(factories.person()).get("/api/v1/privacy").json
    columns = {column for one in told["holdings"] for column in one["columns"]}
    assert {"participant.needs", "person.email", "photo.data"} <= columns
    assert {one["what"] for one in told["periods"]} == {str(p.what) for p in PERIODS}


def test_somebody_takes_all_of_their_own_data_and_nobody_elses(amina, browser):
    answer = browser.api(amina).get("/api/v1/me/data")
    tables = json.loads(answer.text)["tables"]
    assert tables["person"][0]["email"] == "amina@px.test"
    assert [row["text"] for row in tables["remark"]] == ["The market floods."]
    assert [row["needs"] for row in tables["participant"]] == ["Wheelchair"]
    for foreign in ("rui@px.test", "Halal", "password_hash"):
        assert foreign not in answer.text
    assert tables["expertise"]


def test_an_administrator_takes_them_and_the_person_learns_of_it(amina, browser):
    address = f"/people/{amina.id}/data.json"
    officer, administrator = (
        browser.as_(one) for one in (factories.officer(), factories.administrator())
    )
    assert officer.get(address).status_code == 403
    assert administrator.get(address).status_code == 200
    db.session.rollback()  # what the request had begun to read
    [look] = data_of(amina, now=now())["seen_by_others"]
    assert look["what"] == "personal_data"


def test_who_asks_to_be_erased_may_change_their_mind(amina, browser):
    page = browser.as_(amina)
    told = page.get("/account/erase").text
    assert "Nampula has no other coordinator" in told
    assert page.post("/account/erase").status_code == 422
    assert page.post("/account/erase", data={"confirmed": "yes"}).status_code == 302
    assert "You will be erased on" in page.get("/account/privacy").text
    with pytest.raises(Conflict):
        erasing.ask(amina, actor=amina)
    db.session.rollback()
    sweep.run()
    assert db.session.get_one(Person, amina.id).name == "Amina Juma"
    page.post("/account/erase/withdraw")
    assert db.session.query(ErasureRequest).one().state == ErasureState.withdrawn
    assert page.post("/account/erase/withdraw").status_code == 404


def test_after_a_fortnight_nothing_tells_who_it_was_and_the_record_stands(amina, browser):
    secret = browser.api(amina).get("/api/v1/me")
    assert secret.status_code == 200
    request = erasing.ask(amina, actor=amina)
    request.due_on = today()
    number = amina.id
    db.session.commit()
    sweep.run()
    db.session.expire_all()
    assert everything_that_says("Juma") == []
    assert everything_that_says("amina@px.test") == []
    assert everything_that_says("Wheelchair") == []
    person = db.session.get_one(Person, number)
    assert person.name == "a former member of Nampula"
    assert person.erased_on == today()
    assert person.disabled_at
    assert not person.affiliations
    remark = db.session.query(Remark).one()
    assert (remark.text, remark.author_id) == ("The market floods.", number)
    assert db.session.query(Message).filter_by(person_id=number).one().state == MessageState.skipped
    assert not db.session.query(SignIn).filter_by(person_id=number).count()
    assert not db.session.query(ApiToken).filter_by(person_id=number).count()
    assert db.session.query(ErasureRequest).one().state == ErasureState.done
    assert list(problems(now=now())) == []


def everything_that_says(word):
    """The columns of the whole database in which a word stands."""
    found = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String | Text) or column.type.__class__.__name__ == "JSON":
                for (value,) in db.session.execute(select(column)):
                    if word in str(value):
                        found.append(f"{table.name}.{column.name}: {value}")
    return found


def test_an_administrator_erases_at_once_but_not_the_last_of_them(amina, browser):
    boss = factories.administrator()
    page = browser.as_(boss)
    assert "Erase at the person" in page.get(f"/people/{amina.id}").text
    assert page.post(f"/people/{amina.id}/erase", data={"confirmed": "yes"}).status_code == 302
    assert "a former member of Nampula" in page.get(f"/people/{amina.id}").text
    assert page.post(f"/people/{boss.id}/erase", data={"confirmed": "yes"}).status_code == 422
    with pytest.raises(Invalid, match="already_erased_person"):
        erasing.erase(db.session.get_one(Person, amina.id), "nobody")


@pytest.fixture
def published(amina):
    """A published note of an exchange in which Amina took part, with her name and a photo."""
    note = lessons.published()
    partner = note.exchange.partners[0].organisation
    db.session.add(Affiliation(person=amina, organisation=partner, role=Role.member))
    visit = visits.visit(exchange=note.exchange, number=2)
    visits.participant(visit, organisation=partner, name="Amina Juma", email=amina.email)
    sheet = LessonSheet(exchange=note.exchange, organisation=partner, language="en", answers={})
    sheet.signed_on = today()
    db.session.add_all(
        [
            sheet,
            NoteCredit(note=note, name="Amina Juma", role=CreditRole.writing),
            Photo(sheet=sheet, description="Traders", width=1, height=1, data=b"jpeg"),
        ]
    )
    db.session.commit()
    return note


def test_a_consent_is_seen_with_its_date_and_withdrawn_everywhere(published, amina, browser):
    page, visitor = browser.as_(amina), browser.as_()
    told = page.get("/account/privacy").text
    for words in ("You are named in", "A photo of your visit: Traders", "directory of expertise"):
        assert words in told
    photo = db.session.query(Photo).one()
    credit = db.session.query(NoteCredit).one()
    assert visitor.get(f"/photos/{photo.id}.jpg").status_code in (200, 404)
    assert published_with(published) == [photo]
    page.post(f"/account/privacy/photos/{photo.id}/withdraw")
    page.post(f"/account/privacy/credits/{credit.id}/withdraw")
    page.post("/account/expertise/withdraw")
    db.session.expire_all()
    assert published_with(published) == []
    assert not db.session.scalars(scoped(Photo, factories.officer())).all()
    assert "not listed, named or shown" in page.get("/account/privacy").text
    namesake = factories.person("Amina Juma")
    with pytest.raises(NotFound):
        consents.withdraw_photo(namesake, photo.id)
    with pytest.raises(NotFound):
        consents.withdraw_credit(namesake, 1)


def test_needs_and_letters_go_when_their_time_is_over(amina):
    part = db.session.query(Participant).filter_by(name="Rui").one()
    part.visit.starts_on = part.visit.ends_on = today() - KEPT_NEEDS - timedelta(days=2)
    message = db.session.query(Message).first()
    message.state, message.state_since = MessageState.sent, now() - timedelta(days=500)
    db.session.commit()
    assert purge(now=now()) == 3
    db.session.commit()
    assert (part.needs, message.text, message.facts) == ("", "", {})
    assert purge(now=now()) == 0
    assert db.session.query(AuditEntry).filter_by(noun="participant").count()
