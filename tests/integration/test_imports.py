# ruff: noqa: PLR0917, E501  (tests ask for many fixtures; sheets have long headings)
"""A sheet becomes rows: every problem is said by row and column, then all rows or none."""

import io
import json
import threading
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from exchange.catalogue.models import Need, Offer
from exchange.clock import now
from exchange.commands.import_ import import_
from exchange.directory.models import Level, Membership, Organisation, OrganisationKind
from exchange.errors import Conflict, Invalid
from exchange.exchanges.models import Exchange, ExchangeKind, PartnerRole
from exchange.extensions import db
from exchange.labels.understood import understood
from exchange.spreadsheets import actions, run
from exchange.spreadsheets.actions import folder_in
from exchange.spreadsheets.checking import MOST_PROBLEMS, Sheet
from exchange.spreadsheets.columns import COLUMNS
from exchange.spreadsheets.headings import heading
from exchange.spreadsheets.models import Import, ImportNoun, ImportStage
from exchange.transaction import transaction
from tasks.app import InApplication
from tasks.imports import imports as sweep
from tests import factories
from workflows.need import NeedState
from workflows.offer import OfferState

pytestmark = pytest.mark.usefixtures("no_uploads")

NEEDS = {
    "en": "Key,Organisation,Title,Language,Themes,Working languages,Possible from\n"
    "n1,Nampula,Buses,English,mobility;Health and well-being,Portuguese|en,2026-05-31\n",
    "fr": "Clé;Organisation;Intitulé;Langue;Thèmes;Langues de travail;Disponible à partir du\n"
    "n1;Nampula;Buses;anglais;Mobilité urbaine et transports;portugais | anglais;31/05/2026\n",
    "es": "clave\tORGANIZACION\ttítulo\tIdioma\tTemas\tIdiomas de trabajo\tDisponible desde\n"
    "n1\tnampula (mz)\tBuses\tinglés\tMovilidad urbana y transporte\tportugués;inglés\t31.5.2026\n",
}


@pytest.fixture
def officer(app):
    return factories.officer()


@pytest.fixture
def city(app):
    return factories.organisation("Nampula", country_code="MZ", external_id="nam")


@pytest.fixture
def work(app, monkeypatch):
    """Let the worker look once."""
    monkeypatch.setattr(InApplication, "flask_app", app)

    def look():
        db.session.commit()  # on SQLite our own open transaction would keep the worker out
        sweep()
        db.session.expire_all()

    return look


def upload(page, content, noun="needs", name="rows.csv", **more):
    content = content.encode() if isinstance(content, str) else content
    data = {"noun": noun, "file": (io.BytesIO(content), name), **more}
    db.session.commit()
    return page.post("/imports/new", data=data, content_type="multipart/form-data")


def newest():
    db.session.expire_all()
    return db.session.scalars(select(Import).order_by(Import.id.desc())).first()


def load(tmp_path, content, noun, actor, encoding="utf-8"):
    file = tmp_path / "rows.csv"
    file.write_text(content, encoding=encoding)
    db.session.commit()
    sheet = Sheet(ImportNoun(noun))
    done = run.load_file(file, sheet, understood(), actor=actor, progress=lambda _n: None)
    db.session.expire_all()
    return done


def codes(checked):
    return [(one["row"], one["column"], one["code"]) for one in checked.problems]


# What a sheet may look like


@pytest.mark.parametrize("language", NEEDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_headings_words_and_bytes_of_three_languages_mean_the_same(
    tmp_path, officer, city, language, encoding
):
    checked, counts = load(tmp_path, NEEDS[language], "needs", officer, encoding)
    assert codes(checked) == []
    assert counts.created == 1
    need = db.session.query(Need).one()
    assert (need.organisation, need.title, need.language) == (city, "Buses", "en")
    assert need.state == NeedState.draft
    assert need.available_from == date(2026, 5, 31)
    assert {"mobility", "pt", "en"} <= {term.code for term in need.terms}


def test_an_xlsx_file_with_real_days_and_numbers(browser, work, city, officer):
    book = openpyxl.Workbook()
    for row in (
        ["Key", "Organisation", "Title", "Language", "From", "People", "Interpretation"],
        ["n1", "nam", "Buses", "en", date(2026, 5, 31), 12.0, "yes"],
        [None] * 7,
    ):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    upload(browser.as_(officer), file.getvalue(), name="rows.XLSX", load_wanted="yes")
    work()
    assert newest().stage == ImportStage.loaded
    need = db.session.query(Need).one()
    assert (need.guests, need.interpretation) == (12, True)
    assert need.available_from == date(2026, 5, 31)


def test_every_noun_has_a_sheet(tmp_path, officer, city):
    load(
        tmp_path,
        "Name,Kind,Level,Country,Inhabitants,Languages,Website\n"
        'Saint-Étienne,Local government,City,France,"172 565",fr,www.saint-etienne.fr\n'
        "Platforma,partner,,BE,,en,\n",
        "organisations",
        officer,
    )
    french = db.session.query(Organisation).filter_by(country_code="FR").one()
    assert (french.level, french.population) == (Level.city, 172_565)
    assert french.website == "https://www.saint-etienne.fr"
    assert french.folded_name == "saint-etienne"
    assert [term.code for term in french.tagged("section")] == ["EUROPE"]
    load(
        tmp_path,
        "Key,Organisation,Title,Language,Places\no1,Saint-Etienne,Trams,fr,3\n",
        "offers",
        officer,
    )
    offer = db.session.query(Offer).one()
    assert (offer.state, offer.places) == (OfferState.draft, 3)
    _checked, counts = load(
        tmp_path,
        "Key,Proposer,Role of the proposer,Title,Type,Language,Host,Learners,Start,Fin,State\n"
        "x1,Nampula,Learner,Trams,Visite d’étude,pt,Saint-Étienne,Nampula,2026-05-01,2026-05-04,\n"
        "x2,Nampula,,Trams again,study_visit,pt,,,,,Draft\n",
        "exchanges",
        officer,
    )
    assert counts.created == 2
    first, second = db.session.query(Exchange).order_by(Exchange.id)
    assert first.kind == ExchangeKind.study_visit
    assert first.reference != second.reference
    assert first.due_on is not None
    assert {(p.organisation_id, p.role, bool(p.committed_on)) for p in first.partners} == {
        (french.id, PartnerRole.host, False),
        (city.id, PartnerRole.learner, True),
    }


# What is wrong is said by row and column


def test_all_problems_are_said_and_nothing_is_saved(tmp_path, officer, city):
    checked, counts = load(
        tmp_path,
        "Key,Organisation,Title,Language,Colour,From,Until,People,Interpretation,Cities wanted,Visa\n"
        "n1,nam,Good,en,,,,,,,\n"
        "n1,Nowhere,,xx,,soon,2026-02-30,1.5,maybe,99,a\x07b\n"
        ",nam,T,en,,2026-05-02,2026-05-01,,,,\n"
        f"n2,nam,{'x' * 201},en,,,,,,,\n"
        "#99,,T,en,,,,,,,\n",
        "needs",
        officer,
    )
    assert counts.created == 0
    assert db.session.query(Need).count() == 0
    assert codes(checked) == [
        (1, "#5", "column_unknown"),
        (3, "organisation", "unknown_organisation"),
        (3, "title", "value_needed"),
        (3, "language", "unknown_word"),
        (3, "available_from", "not_a_date"),
        (3, "available_until", "not_a_date"),
        (3, "guests", "not_a_number"),
        (3, "interpretation", "not_yes_or_no"),
        (3, "hosts_wanted", "number_outside"),
        (3, "visa_note", "unreadable_characters"),
        (4, "external_id", "value_needed"),
        (5, "title", "too_long"),
        (6, "external_id", "unknown_number"),
    ]


@pytest.mark.parametrize(
    ("noun", "content", "expected"),
    [
        ("needs", "", [(1, "file", "no_rows")]),
        ("needs", "Key,Title,Language\n", [(1, "file", "no_rows")]),
        ("needs", "Key,Titre\n1,A\n", [(1, "language", "column_missing")]),
        (
            "needs",
            "Key,Title,Langue,Titre\n1,A,en,B\n",
            [(1, "#4", "column_twice"), (2, "organisation", "value_needed")],
        ),
        (
            "needs",
            "Key,Organisation,Title,Language\n1,nam,A,en\n1,nam,B,en\n",
            [(3, "external_id", "came_before")],
        ),
        (
            "needs",
            "Key,Organisation,Title,Language,Du,Au\n1,nam,A,en,2026-05-02,2026-05-01\n",
            [(2, "available_until", "window")],
        ),
        ("organisations", "Name,Kind,Level\nX,funder,city\n", [(2, "level", "only_governments")]),
        ("organisations", "Name,Kind,Place\nX,funder,1\n", [(2, "place_id", "unknown_place")]),
        ("organisations", "Name,Kind,Website\nX,funder,ftp://x\n", [(2, "website", "not_a_link")]),
        ("organisations", "Name,Kind\nX,funder\nX,funder\n", [(3, "name", "came_before")]),
        (
            "exchanges",
            "Key,Proposer,Title,Kind,Language,State\n1,nam,A,study_visit,en,Submitted\n",
            [(2, "state", "only_drafts")],
        ),
    ],
)
def test_each_mistake_has_its_code(tmp_path, officer, city, noun, content, expected):
    assert codes(load(tmp_path, content, noun, officer)[0]) == expected


def test_two_cities_of_one_name_need_their_country(tmp_path, officer):
    for country in ("ES", "AR"):
        factories.organisation("Córdoba", country_code=country)
    head = "Key,Organisation,Title,Language\n"
    checked, _counts = load(tmp_path, f"{head}1,cordoba,A,es\n", "needs", officer)
    assert codes(checked) == [(2, "organisation", "several_organisations")]
    load(tmp_path, f"{head}1,cordoba (AR),A,es\n", "needs", officer)
    assert db.session.query(Need).one().organisation.country_code == "AR"


def test_a_thousand_problems_are_enough(tmp_path, officer, city):
    rows = "".join(f"n{i},nam,,\n" for i in range(700))
    checked, _counts = load(tmp_path, f"Key,Organisation,Title,Language\n{rows}", "needs", officer)
    assert len(checked.problems) == MOST_PROBLEMS
    assert checked.total == 700


@pytest.mark.parametrize("noun", ImportNoun)
def test_a_column_takes_what_the_form_takes(noun):
    """The check has the bounds of the form of its noun, so that an edit later can be saved."""
    from exchange.catalogue.schemas import NeedSchema, OfferSchema
    from exchange.directory.schemas import OrganisationSchema
    from exchange.exchanges.schemas import ProposalSchema

    schema = {"organisations": OrganisationSchema, "needs": NeedSchema, "offers": OfferSchema}
    fields = schema.get(noun, ProposalSchema)().load_fields
    for column in COLUMNS[noun]:
        field = fields.get(column.attribute)
        longest = getattr(field, "longest", None)
        if longest and column.holds in ("text", "link"):
            assert column.bounds[1] == longest, column.name
        assert field is not None or column.name in ("external_id", "hosts", "learners", "state")


def test_a_sheet_says_for_which_programme_a_need_is_and_what_it_must_have(tmp_path, officer, city):
    call = factories.programme("call-1", titles={"fr": "Appel des villes"})
    factories.programme("call-0", open=False)
    head = "Clé,Organisation,Titre,Langue,Lettre d’invitation pour visa,Programme\n"
    load(tmp_path, f"{head}1,nam,A,fr,oui,appel des villes\n2,nam,B,fr,,\n", "needs", officer)
    needs = {need.external_id: need for need in db.session.query(Need)}
    assert (needs["1"].visa_letter, needs["1"].programme_id) == (True, call.id)
    assert (needs["2"].visa_letter, needs["2"].programme_id) == (False, None)
    checked, _counts = load(tmp_path, f"{head}3,nam,C,fr,,call-0\n", "needs", officer)
    assert [one["code"] for one in checked.problems] == ["programme_closed"]
    call.open = False
    db.session.commit()
    again = f"{head}1,nam,A,fr,oui,call-1\n"
    assert load(tmp_path, again, "needs", officer)[1].unchanged == 1


# Again, and whose right it is


def test_importing_again_changes_what_changed_and_nothing_else(tmp_path, officer, city):
    head = "Key,Organisation,Title,Language,Themes\n"
    load(tmp_path, f"{head}1,nam,A,en,health\n2,nam,B,en,health\n", "needs", officer)
    versions = {need.external_id: need.version_id for need in db.session.query(Need)}
    _checked, counts = load(
        tmp_path, f"{head}1,nam,A,en,health\n2,nam,B2,en,mobility\n3,nam,C,en,\n", "needs", officer
    )
    assert (counts.created, counts.updated, counts.unchanged) == (1, 1, 1)
    needs = {need.external_id: need for need in db.session.query(Need)}
    assert needs["1"].version_id == versions["1"]
    assert needs["2"].title == "B2"
    assert [term.code for term in needs["2"].tagged("theme")] == ["mobility"]


def test_what_its_noun_refuses_is_a_problem_of_the_row(tmp_path, officer, city):
    factories.need(external_id="1", organisation=city, title="Published")
    factories.need(external_id="2", organisation=city, state=NeedState.fulfilled)
    factories.offer(external_id="3", organisation=city, places=3, places_taken=2)
    head = "Key,Title,Language,Themes\n"
    checked, _counts = load(tmp_path, f"{head}1,Bare,en,\n2,Late,en,health\n", "needs", officer)
    assert codes(checked) == [
        (2, "themes", "needed_to_publish"),
        (3, "external_id", "finished"),
    ]
    checked, _counts = load(tmp_path, "Key,Title,Language,Places\n3,T,en,1\n", "offers", officer)
    assert codes(checked) == [(2, "places", "places_taken")]
    assert db.session.query(Need).filter_by(external_id="1").one().title == "Published"


def test_an_exchange_gets_the_partners_that_are_new(tmp_path, officer, city):
    factories.exchange(external_id="x", learner=city, title="Old")
    head = "Key,Title,Kind,Language,Learners,Hosts\n"
    other = factories.organisation("Lyon", country_code="FR").id
    _checked, counts = load(
        tmp_path, f"{head}x,New,study_visit,en,nam,Lyon\n", "exchanges", officer
    )
    assert counts.updated == 1
    exchange = db.session.query(Exchange).one()
    assert exchange.title == "New"
    assert {(p.organisation_id, p.role.value) for p in exchange.partners} == {
        (city.id, "learner"),
        (other, "host"),
    }


def test_a_coordinator_imports_for_those_they_speak_for(tmp_path, city):
    stranger = factories.organisation("Beira", country_code="MZ")
    factories.need(external_id="theirs", organisation=stranger)
    home = factories.association("ANAMM", members=(city,))
    coordinator = factories.person(of=home)
    checked, _counts = load(
        tmp_path,
        "Key,Organisation,Title,Language\n1,nam,A,en\n2,Beira,B,en\ntheirs,nam,C,en\n",
        "needs",
        coordinator,
    )
    assert codes(checked) == [(3, "organisation", "not_yours"), (4, "external_id", "key_of_others")]
    load(tmp_path, "Key,Organisation,Title,Language\n1,nam,A,en\n", "needs", coordinator)
    need = db.session.query(Need).filter_by(external_id="1").one()
    assert (need.published_by_id, need.contact_id) == (home.id, coordinator.id)
    checked, _counts = load(
        tmp_path,
        "Name,Kind,Country,Short name\nNampula,Local government,MZ,NPL\nBeira,Local government,MZ,B\n"
        "Atlantis,Local government,,\n",
        "organisations",
        coordinator,
    )
    assert codes(checked) == [
        (3, "name", "not_yours"),
        (4, "name", "only_staff_writes_organisations"),
    ]


@pytest.mark.parametrize("language", ["en", "fr", "es"])
@pytest.mark.parametrize("noun", ["organisations", "needs", "offers", "exchanges"])
@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_what_was_exported_is_imported_again_without_a_change(
    browser, work, city, language, noun, extension
):
    host = factories.organisation("Lyon", country_code="FR", population=500_000)
    factories.need(organisation=city, title="=1+1", guests=3, available_from=date(2026, 5, 1))
    factories.offer(organisation=host, interpretation=True)
    factories.exchange(host=host, learner=city)
    page = browser.as_(factories.officer(language=language), language)
    made = page.get(f"/exports/{noun}.{extension}").data
    db.session.commit()
    assert upload(page, made, noun, f"x.{extension}", load_wanted="yes").status_code == 302
    work()
    row = newest()
    assert (row.stage, row.problems) == (ImportStage.loaded, [])
    assert (row.created_count, row.updated_count) == (0, 0)


# The pages and the worker


def test_a_file_is_sent_checked_and_loaded(browser, work, city):
    page = browser.as_(factories.person(of=city))
    assert "Nothing was imported yet." in page.get("/imports").text
    answer = upload(page, NEEDS["en"])
    shown = page.get(answer.location)
    assert '<meta http-equiv="refresh"' in shown.text
    assert "<progress" in shown.text
    work()
    shown = page.get(answer.location)
    assert "http-equiv" not in shown.text
    assert "The check found nothing wrong." in shown.text
    assert db.session.query(Need).count() == 0
    db.session.commit()
    again = page.post(f"{answer.location}/load", follow_redirects=True)
    assert '<meta http-equiv="refresh"' in again.text
    work()
    assert "Loaded: 1 rows were created" in page.get(answer.location).text
    assert db.session.query(Need).one().title == "Buses"
    db.session.commit()
    assert page.post(f"{answer.location}/load").status_code == 302
    assert "rows.csv" in page.get("/imports").text
    assert list(folder_in(browser.app.config["EXCHANGE"].var).iterdir()) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "A value is needed here."), ("fr", "Titre"), ("es", "Título")],
)
def test_problems_are_shown_in_the_readers_language(browser, work, city, language, said):
    page = browser.as_(factories.officer(language=language), language)
    answer = upload(page, "Key,Organisation,Title,Language\n1,nam,,en\n", load_wanted="yes")
    work()
    shown = page.get(answer.location).text
    assert heading("title", language) in shown
    assert said in shown
    assert page.post(f"{answer.location}/load").status_code == 409
    assert newest().stage == ImportStage.refused


def test_a_form_without_a_file_or_with_another_kind_of_file_says_so(browser, city):
    page = browser.as_(factories.person(of=city))
    answer = page.post("/imports/new", data={"noun": "needs"})
    assert (answer.status_code, "A value is needed here." in answer.text) == (422, True)
    assert "neither CSV nor XLSX" in upload(page, "x", name="x.pdf").text
    assert "This file is empty" in upload(page, "").text
    other = factories.organisation()
    assert "do not speak for" in upload(page, NEEDS["en"], organisation_id=other.id).text
    assert db.session.query(Import).count() == 0
    left = list(folder_in(browser.app.config["EXCHANGE"].var).iterdir())
    for file in left:
        file.unlink()


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b"a,\x00b\n"])
def test_a_file_that_is_no_table_is_refused_at_once(browser, officer, content):
    name = "rows.xlsx" if content.startswith(b"PK") else "rows.csv"
    answer = upload(browser.as_(officer), content, name=name)
    assert (answer.status_code, "neither CSV nor XLSX" in answer.text) == (422, True)
    assert db.session.query(Import).count() == 0


@pytest.mark.parametrize("content", [b"\xff\xfeodd", b"nothing that we know\n"])
def test_a_file_whose_columns_are_unknown_is_refused(browser, work, officer, content):
    name = "rows.csv"
    answer = upload(browser.as_(officer), content, name=name)
    work()
    assert newest().stage == ImportStage.refused
    assert newest().problems[0]["code"] in ("not_a_table", "column_unknown")
    assert browser.as_(officer).get(answer.location).status_code == 200


def test_the_rows_are_of_the_organisation_that_was_chosen(browser, work, city):
    page = browser.as_(factories.person(of=city))
    upload(page, "Key,Title,Language\n1,A,en\n", organisation_id=city.id, load_wanted="yes")
    work()
    assert db.session.query(Need).one().organisation == city


def test_imports_are_for_those_who_sent_them_and_staff(browser, city, officer):
    answer = upload(browser.as_(factories.person(of=city)), NEEDS["en"])
    assert browser.as_(factories.person(of=city)).get(answer.location).status_code == 404
    assert browser.as_(officer).get(answer.location).status_code == 200
    assert browser.as_(factories.person()).get("/imports/new").status_code == 403
    (folder_in(browser.app.config["EXCHANGE"].var) / newest().stored_as).unlink()


def test_an_empty_sheet_has_the_headings_of_the_reader(browser, city):
    page = browser.as_(factories.person(of=city), "fr")
    text = page.get("/imports/sheets/needs.csv?lang=fr").data.decode("utf-8-sig")
    assert text.startswith("Clé,Organisation,")
    assert page.get("/imports/sheets/needs.xlsx").status_code == 200
    assert page.get("/imports/sheets/needs.pdf").status_code == 404
    assert page.get("/imports/sheets/cats.csv").status_code == 404


def test_the_api_takes_a_file_and_says_what_is_wrong(browser, work, city):
    client = browser.api(factories.person(of=city))
    bad = {"noun": "needs", "file": (io.BytesIO(b"Key,Title,Language\n1,,en\n"), "x.csv")}
    answer = client.post("/api/v1/imports", data=bad, content_type="multipart/form-data")
    assert answer.status_code == 201, answer.text
    work()
    got = client.get(f"/api/v1/imports/{answer.json['id']}").json
    assert (got["stage"], got["problems"][0]["code"]) == ("refused", "value_needed")
    assert got["problems"][0]["message"] == "A value is needed here."
    good = {"noun": "needs", "file": (io.BytesIO(NEEDS["en"].encode()), "x.csv")}
    number = client.post("/api/v1/imports", data=good, content_type="multipart/form-data").json[
        "id"
    ]
    assert client.post(f"/api/v1/imports/{number}/load").status_code == 409
    work()
    assert client.post(f"/api/v1/imports/{number}/load").status_code == 200
    work()
    listed = client.get("/api/v1/imports?stage=loaded&noun=needs").json
    assert [one["id"] for one in listed["items"]] == [number]
    assert client.post("/api/v1/imports", data={"noun": "needs"}).status_code == 422


# Workers that die, and two at once


def waiting(app, officer, content=NEEDS["en"]):
    with transaction():
        stored = actions.keep_file(folder_in(app.config["EXCHANGE"].var), "x.csv", content.encode())
        facts = {"noun": ImportNoun.needs, "file_name": "x.csv", "load_wanted": True}
        return actions.begin(facts, stored, actor=officer).id


def test_progress_is_seen_from_outside_while_the_rows_are_read(
    app, work, city, officer, monkeypatch
):
    rows = "".join(f"n{i},nam,T,en\n" for i in range(600))
    waiting(app, officer, f"Key,Organisation,Title,Language\n{rows}")
    seen = []

    def look():
        with app.app_context(), db.engine.connect() as other:
            seen.append(other.execute(select(Import.stage, Import.rows_done)).one()[:2])

    real_progress = run._progress

    def progress(claim):
        inner = real_progress(claim)

        def told(done):
            inner(done)
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()

        return told

    monkeypatch.setattr(run, "_progress", progress)
    work()
    assert (ImportStage.checking, 250) in seen
    assert (ImportStage.loading, 500) in seen
    assert newest().stage == ImportStage.loaded


def test_a_worker_that_dies_leaves_nothing_and_the_next_starts_again(app, work, city, officer):
    waiting(app, officer)
    with transaction():
        assert actions.claim_next(now()).stage == ImportStage.checking
    work()
    assert newest().stage == ImportStage.checking  # somebody has it
    with transaction():
        newest().claimed_until = now() - timedelta(seconds=1)
    work()
    assert newest().stage == ImportStage.loaded
    assert db.session.query(Need).count() == 1


def test_a_death_in_the_middle_of_the_load_loads_nothing(app, work, city, officer, monkeypatch):
    waiting(app, officer)

    class Killed(BaseException):
        pass

    def dies(*_args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(actions, "settle_load", dies)
        with pytest.raises(Killed):
            work()
    assert newest().stage == ImportStage.loading
    assert db.session.query(Need).count() == 0
    with transaction():
        newest().claimed_until = now() - timedelta(seconds=1)
    work()
    assert db.session.query(Need).count() == 1


def test_who_lost_a_claim_writes_no_more(app, city, officer):
    waiting(app, officer)
    with transaction():
        slow = actions.claim_next(now() - timedelta(hours=1))
    with transaction():
        actions.claim_next(now())
    for move in (
        lambda: actions.go_on(slow, 1, at=now()),
        lambda: actions.refuse(slow, Invalid("file", "file_gone")),
        lambda: actions.give_back(slow),
    ):
        with pytest.raises(Conflict), transaction():
            move()
    (folder_in(app.config["EXCHANGE"].var) / newest().stored_as).unlink()


def test_a_key_that_somebody_saved_meanwhile_is_looked_at_again(
    app, work, city, officer, monkeypatch
):
    waiting(app, officer)
    real, raced, city_id = run.load, [], city.id

    def race(noun, checked, terms, *, actor):
        if not raced:
            raced.append(need_row(city_id))
            db.session.execute(Need.__table__.insert(), raced)
        return real(noun, checked, terms, actor=actor)

    monkeypatch.setattr(run, "load", race)
    work()
    assert raced
    assert newest().stage == ImportStage.loaded
    assert db.session.query(Need).count() == 1


def need_row(city_id):
    return {
        "title": "Theirs",
        "language": "en",
        "organisation_id": city_id,
        "external_id": "n1",
        "state": NeedState.draft,
        "hosts_wanted": 1,
    }


def test_a_file_that_is_gone_and_a_person_who_left_are_refused(app, work, city, officer):
    waiting(app, officer)
    (folder_in(app.config["EXCHANGE"].var) / newest().stored_as).unlink()
    work()
    assert newest().problems[0]["code"] == "file_gone"
    waiting(app, officer)
    with transaction():
        db.session.merge(officer).disabled_at = now()
    work()
    assert newest().problems[0]["code"] == "uploader_gone"


# The command line


@pytest.fixture
def command(app, monkeypatch):
    """Run `exchange import` inside the application of the test."""
    monkeypatch.setattr("exchange.app.create_app", lambda: app)

    def call(*arguments):
        db.session.commit()
        return CliRunner().invoke(import_, [str(one) for one in arguments])

    return call


def test_the_command_checks_loads_and_says_problems(command, city, tmp_path):
    factories.administrator(email="root@example.org")
    file = tmp_path / "needs.csv"
    file.write_text(NEEDS["en"], encoding="utf-8")
    checked = command("needs", file, "--check")
    assert "1 rows are in order; nothing was saved." in checked.output
    assert db.session.query(Need).count() == 0
    assert "1 created, 0 changed" in command("needs", file, "--as", "ROOT@example.org").output
    file.write_text("Key,Title,Language\n1,,en\n", encoding="utf-8")
    wrong = command("needs", file)
    assert wrong.exit_code != 0
    assert "row 2, Title: A value is needed here." in wrong.output
    assert command("needs", file, "--as", "nobody@example.org").exit_code == 2
    assert command("needs", file, "--publish").exit_code == 2


PROJECT = {
    "id": "K1",
    "name": "Buses for all",
    "name_2": "Autobuses para todos",
    "themes": ["Transport and mobility", "Something new"],
    "description": {"en": "English words.", "es": "Palabras españolas."},
    "partners": [
        {"name": "Ayuntamiento A", "lead": True, "local_gov": True, "country": "ES"},
        {"name": "City of  B", "lead": False, "local_gov": True, "country": "EL"},
        {"name": "A firm", "lead": False, "local_gov": False, "country": "ES"},
    ],
}


def test_projects_of_keep_become_needs_and_offers(command, tmp_path):
    factories.administrator()
    file = tmp_path / "keep.json"
    file.write_text(json.dumps([PROJECT]), encoding="utf-8")
    done = command("keep", file, "--publish")
    assert "needs: 1 created" in done.output, done.output
    offer, need = db.session.query(Offer).one(), db.session.query(Need).one()
    assert (offer.title, offer.language) == ("Autobuses para todos", "es")
    assert (need.title, need.language) == ("Buses for all", "en")
    assert need.organisation.name == "City of B"
    assert need.organisation.country_code == "GR"
    assert {t.code for t in need.tagged("theme")} == {"mobility", "multilevel-cooperation"}
    assert (offer.state, need.state) == (OfferState.published, NeedState.published)
    db.session.rollback()
    assert "needs: 0 created, 0 changed" in command("keep", file, "--publish").output
    for bad in ("{}", "[1]", "no json"):
        file.write_text(bad, encoding="utf-8")
        assert command("keep", file).exit_code != 0


KEEP = Path("/work/shared/data/keep/projects_local_gov.json")


@pytest.mark.skipif(not KEEP.exists(), reason="the projects of keep.eu are not on this machine")
def test_383_projects_of_keep_come_in_four_languages_and_more(command):
    factories.administrator()
    done = command("keep", KEEP)
    assert done.exit_code == 0, done.output
    assert db.session.query(Offer).count() == 383
    assert db.session.query(Need).count() > 900
    spoken = set(db.session.scalars(select(Offer.language)).all())
    assert {"en", "es", "fr", "pt"} <= spoken
    kinds = set(db.session.scalars(select(Organisation.kind)).all())
    assert kinds == {OrganisationKind.local_government, OrganisationKind.partner}
    assert db.session.query(Membership).count() == 0
