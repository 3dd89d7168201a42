"""The demonstration: loaded once, whole, and taken away again without anybody else's rows."""

import shutil
import stat
from collections import Counter
from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import func, select

from exchange.accounts import passwords as hashing
from exchange.catalogue.models import Need, Offer
from exchange.demo import actions, passwords, read
from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import Exchange
from exchange.extensions import Base, db
from exchange.forums.models import Forum
from exchange.lessons import crediting
from exchange.lessons.models import FollowUp, Note
from exchange.lessons.translations import translations_of
from exchange.matching.models import Match
from exchange.steps import steps_of
from tests import factories
from workflows.exchange import ExchangeState
from workflows.need import NeedState
from workflows.offer import OfferState

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("EXCHANGE_VAR", str(tmp_path))
    monkeypatch.setenv("EXCHANGE_CITIES_FROM", "100000")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return tmp_path_factory.mktemp("demonstration")


@pytest.fixture
def loaded(app, kept):
    """The demonstration; loaded by the first test, whose SQLite file the others copy."""
    file = app.config["EXCHANGE"].sqlite_file
    if file and (kept / "exchange.db").exists():
        db.session.remove()
        db.engine.dispose()
        shutil.copy(kept / "exchange.db", file)
        shutil.copy(kept / "password", passwords.kept_in())
        return
    actions.load()
    db.session.commit()
    if file:
        db.session.remove()
        db.engine.dispose()
        shutil.copy(file, kept / "exchange.db")
        shutil.copy(passwords.kept_in(), kept / "password")


def counts() -> dict[str, int]:
    tables = Base.metadata.tables.values()
    return {t.name: db.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def exchange(key: str) -> Exchange:
    return db.session.query(Exchange).filter_by(external_id=f"demo:{key}").one()


def test_the_network_is_there(loaded):
    assert db.session.query(Organisation).filter_by(demo=True).count() == 290
    sizes = [db.session.query(model).filter_by(demo=True).count() for model in (Need, Offer)]
    assert min(sizes) >= 60
    assert db.session.query(Exchange).filter_by(demo=True).count() == 83 + 3 + 15
    drafts = db.session.query(Need).filter_by(state=NeedState.draft).count()
    assert drafts + db.session.query(Offer).filter_by(state=OfferState.draft).count() == 0
    placed = db.session.query(Organisation).filter(Organisation.place_id.is_not(None)).count()
    assert placed > 190


def test_history_is_marked_as_recorded(loaded):
    history = exchange("X003")
    assert history.state == ExchangeState.closed_without_change
    [step] = steps_of("exchange", history.id)
    assert step.overrode
    assert step.note == "Recorded from public sources."
    assert history.source_url.startswith("http")
    assert history.starts_on == date(2018, 1, 1)
    assert history.reference.startswith("PX-2018-")


def test_stories_are_told_in_full(loaded):
    numbers = {note.number for note in db.session.query(Note) if note.number and note.number < 30}
    assert numbers == {24, 27, 6}
    surabaya = exchange("surabaya-2018")
    assert surabaya.state == ExchangeState.closed_with_change
    assert surabaya.note.missing_parts == []
    assert "connective-cities.net" in surabaya.note.parts["credits"]
    assert surabaya.visits[0].sessions
    assert len(surabaya.road_map_actions) == 4
    assert surabaya.transferability.what_failed
    assert {f.state for f in surabaya.follow_ups} == {"unanswered"}
    assert len(exchange("brazil-mozambique").phases) == 3
    assert db.session.query(FollowUp).count() > 50


def test_running_examples_went_the_way_of_the_table(loaded):
    for row in read.read("stories")["live"]:
        running = exchange(row["key"])
        assert running.state == row["state"], row["key"]
        steps = steps_of("exchange", running.id)
        assert not any(step.overrode for step in steps)
        assert (running.state == ExchangeState.draft) == (not steps)
    agreed = exchange("live-partners-agreed")
    assert {need.state for need in agreed.needs} == {NeedState.in_exchange}
    assert db.session.query(Match).filter_by(state="agreed").count() == 3


def test_a_note_is_out_in_two_languages_and_worked_on_in_two_more(loaded):
    note = exchange("live-disseminating").note
    found = {row.language: row for row in translations_of(note)}
    states = {language: row.state for language, row in found.items()}
    assert states == {"fr": "published", "pt": "in_review", "en": "drafting"}
    assert all(row.translator_id != row.reviewer_id for row in found.values())
    assert (found["fr"].outdated, found["pt"].changed) == ([], [])
    assert (found["en"].changed, "practices" in found["en"].missing) == (["context"], True)
    assert len(crediting.credits_of(note)) == 3
    assert crediting.cover_of(note).description.startswith("Dibujo de ejemplo")


def test_examples_stay_current_in_later_years(app):
    with time_machine.travel(datetime(2028, 3, 1, 12, tzinfo=UTC), tick=True):
        actions.load()
    visit = exchange("live-visited").current_visit
    assert date(2028, 2, 1) < visit.ends_on < date(2028, 3, 1)
    assert exchange("live-confirmed").current_visit.starts_on > date(2028, 3, 1)


def test_the_forum_has_its_programme_in_french(loaded):
    forum = db.session.query(Forum).one()
    assert len(forum.sessions) == 10
    assert len(forum.attendances) >= 25
    titles = [session.titles["fr"] for session in forum.sessions]
    assert "Ouverture et bienvenue" in titles
    assert [s.starts_at.hour for s in forum.sessions if s.is_break] == [8, 13]


def test_everybody_listed_can_sign_in(loaded):
    found = actions.sign_ins()
    assert len(found) == 11
    for _who, email, password in (found[0], found[-1]):
        person = db.session.query(Person).filter_by(email=email).one()
        assert hashing.matches(person.password_hash, password)
    assert stat.S_IMODE(passwords.kept_in().stat().st_mode) == 0o600


def test_who_changed_the_password_is_not_listed(loaded):
    person = db.session.query(Person).filter(Person.email.startswith("lyon@")).one()
    person.password_hash = None
    db.session.commit()
    assert "lyon@demo.peer-exchange.example" not in [email for _w, email, _p in actions.sign_ins()]


def test_without_the_file_nobody_is_listed(loaded):
    passwords.forget()
    assert actions.sign_ins() == []


def test_loading_again_changes_nothing(loaded):
    before, listed = counts(), actions.sign_ins()
    actions.load()
    db.session.commit()
    assert counts() == before
    assert actions.sign_ins() == listed


def test_clearing_leaves_what_was_there_before(app):
    factories.need(organisation=factories.organisation("Real city"))
    before = counts()
    actions.load()
    db.session.commit()
    assert actions.clear() == []
    db.session.commit()
    after = counts()
    assert after.pop("reference_counter") >= before.pop("reference_counter")
    # Places between the size the tests load and the usual size are reference data elsewhere.
    assert after.pop("place") >= before.pop("place")
    # The trail tells of what was there, and nothing is taken from it.
    assert after.pop("audit_entry") > before.pop("audit_entry")
    assert after == before
    assert actions.sign_ins() == []
    assert not passwords.kept_in().exists()


def test_what_others_work_with_stays(loaded):
    nampula = db.session.query(Organisation).filter_by(external_id="demo:nampula").one()
    work = factories.need(organisation=nampula, title="Written by somebody")
    stays = actions.clear()
    db.session.commit()
    names = Counter(words.split(" ")[0] for words in stays)
    assert any("Nampula" in words and "(need)" in words for words in stays)
    assert set(names) == {"organisation"}
    assert db.session.get(Need, work.id).organisation.name.startswith("Nampula")
    assert db.session.query(Organisation).count() == len(stays) < 10
    assert db.session.query(Exchange).count() == 0


def test_a_proposal_that_no_real_city_accepted_goes(loaded):
    offer = factories.offer(organisation=factories.organisation("Real city"), places=1)
    need = db.session.query(Need).filter_by(demo=True, state=NeedState.published).first()
    match = Match(need=need, offer=offer, state="proposed", holds_place=True, holds_host=True)
    db.session.add(match)
    offer.places_taken = 1
    db.session.commit()
    assert actions.clear() == []
    db.session.commit()
    db.session.expire_all()
    assert db.session.query(Match).count() == 0
    assert db.session.get(Offer, offer.id).places_taken == 0
