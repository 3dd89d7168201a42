"""The archive of one's own data: asked for, made in the background, for its person alone."""

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from exchange.clock import now
from exchange.errors import Conflict, NotFound
from exchange.extensions import db
from exchange.labels.privacy import words_for
from exchange.lessons import photos, sheets
from exchange.messages.models import Message
from exchange.privacy import erasing, exporting
from exchange.privacy.models import DataExport, ExportStage
from exchange.transaction import transaction
from tests import factories
from tests.factories import visits
from tests.integration.test_photos import picture
from workflows.exchange import ExchangeState


@pytest.fixture
def amina(app):
    """Somebody who took part in a visit, and is named in a photo of it."""
    told = visits.story(state=ExchangeState.visited)
    person = factories.person("Amina <Juma>", email="amina@px.test", language="fr")
    visit = visits.visit(exchange=told.exchange, number=2)
    part = visits.participant(visit, organisation=told.learner, name="Amina", email=person.email)
    part.needs = "Fauteuil roulant"
    sheet = sheets.sheet_for(told.exchange, told.learner, language="fr")
    photos.add(sheet, picture((20, 10)), {"description": "x", "people": [part.id]})
    db.session.commit()
    return person


def sweep():
    """As the worker does."""
    while exporting.make_next(words_for):
        pass


def row():
    db.session.expire_all()
    return db.session.query(DataExport).order_by(DataExport.id.desc()).first()


def test_it_is_asked_for_made_and_fetched(amina, browser):
    page = browser.as_(amina)
    page.post("/account/export")
    page.post("/account/export")  # a second click asks for no second one
    assert db.session.query(DataExport).count() == 1
    waiting = page.get("/account/privacy").text
    assert "<progress" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert page.get(f"/account/export/{row().id}.zip").status_code == 404
    sweep()
    assert row().stage == ExportStage.ready
    shown = page.get("/account/privacy").text
    assert f"/account/export/{row().id}.zip" in shown
    assert 'http-equiv="refresh"' not in shown
    answer = page.get(f"/account/export/{row().id}.zip")
    assert answer.headers["Cache-Control"] == "no-store"
    with ZipFile(BytesIO(answer.data)) as file:
        names = set(file.namelist())
        assert {"data.json", "index.html", "person.html", "participant.html"} <= names
        assert [name for name in names if name.startswith("pictures/")]
        data = json.loads(file.read("data.json"))
        assert data["tables"]["person"][0]["email"] == "amina@px.test"
        told = file.read("participant.html").decode()
        assert "Fauteuil roulant" in told
        assert '<html lang="fr">' in told
        assert "Amina &lt;Juma&gt;" in file.read("person.html").decode()
    letter = db.session.query(Message).filter_by(kind="data_ready").one()
    assert letter.to_email == "amina@px.test"
    assert letter.link.endswith("/account/privacy#data")


def test_nobody_else_fetches_it(amina, browser):
    with transaction():
        exporting.ask(amina)
    sweep()
    address = f"/account/export/{row().id}.zip"
    for other in (factories.administrator(), factories.officer(), factories.person()):
        assert browser.as_(other).get(address).status_code == 404
    assert browser.as_().get(address).status_code == 302


def test_what_a_dead_worker_left_is_found_again_and_its_late_word_does_not_count(amina):
    with transaction():
        exporting.ask(amina)
    with transaction():
        dead = exporting._claim(now())
    sweep()
    assert row().stage == ExportStage.making, "it may still live"
    late = now() + exporting.LEASE + timedelta(seconds=1)
    with transaction():
        alive = exporting._claim(late)
    assert alive.number == dead.number
    with pytest.raises(Conflict), transaction():
        exporting._settle(dead, b"late")
    with transaction():
        row().claimed_until = now() - timedelta(seconds=1)
    sweep()
    assert row().stage == ExportStage.ready
    assert db.session.query(Message).filter_by(kind="data_ready").count() == 1


def test_what_kills_every_worker_ends_in_a_state_that_is_shown(amina, browser):
    with transaction():
        exporting.ask(amina)
    with transaction():
        found = row()
        found.attempts, found.stage = exporting.TRIES, ExportStage.making
        found.claimed_until = now() - timedelta(seconds=1)
    sweep()
    assert row().stage == ExportStage.failed
    page = browser.as_(amina)
    assert 'role="alert"' in page.get("/account/privacy").text
    page.post("/account/export")
    assert row().stage == ExportStage.waiting


def test_it_is_removed_after_a_week_and_with_its_person(amina, browser):
    with transaction():
        exporting.ask(amina)
    sweep()
    first = row().id
    with transaction():
        row().expires_at = now() - timedelta(seconds=1)
    with pytest.raises(NotFound):
        exporting.fetch(amina, first)
    with transaction():
        assert exporting.purge(now=now()) == 1
    assert row() is None
    with transaction():
        exporting.ask(amina)
    sweep()
    with transaction():
        erasing.erase(amina, "a former member")
    assert row() is None
    assert not exporting.make_next(words_for)
