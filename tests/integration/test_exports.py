"""Every list leaves as CSV and XLSX: as filtered, for those who may, and safe to open."""

import csv
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from exchange.catalogue.models import Need
from exchange.directory.models import Organisation
from exchange.extensions import db
from exchange.spreadsheets.lists import EXPORTS
from exchange.spreadsheets.writing import FORMULA, csv_lines, guarded, xlsx_pieces
from tests import factories
from workflows.need import NeedState

ATTACKS = Path("/work/shared/data/text_attacks/csv_injection_payloads.txt")
STAFF_ONLY = {"people", "matches", "messages", "reminders"}


def lines(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def sheet(answer):
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.data)).active


@pytest.fixture
def city(app):
    return factories.organisation("Nampula", country_code="MZ")


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
@pytest.mark.parametrize("noun", EXPORTS)
def test_staff_take_every_list_away(browser, noun, extension):
    page = browser.as_(factories.officer())
    answer = page.get(f"/exports/{noun}.{extension}")
    assert answer.status_code == 200, answer.text
    assert f'filename="{noun}.{extension}"' in answer.headers["Content-Disposition"]
    top = lines(answer)[0] if extension == "csv" else [c.value for c in next(sheet(answer).rows)]
    assert len(top) == len(EXPORTS[noun].columns)


@pytest.mark.parametrize("noun", EXPORTS)
def test_lists_of_staff_are_for_staff(browser, city, noun):
    page = browser.as_(factories.person(of=city))
    assert page.get(f"/exports/{noun}.csv").status_code == (403 if noun in STAFF_ONLY else 200)


def test_a_visitor_takes_nothing_away(browser):
    assert "/sign-in" in browser.as_().get("/exports/needs.csv").location
    assert browser.as_().get("/api/v1/exports/needs.csv").status_code == 401


def test_what_is_no_list_or_no_format_is_not_found(browser):
    page = browser.as_(factories.officer())
    assert page.get("/exports/secrets.csv").status_code == 404
    assert page.get("/exports/needs.pdf").status_code == 404


def test_it_holds_what_the_list_holds_as_filtered(browser, city):
    factories.need(title="Buses", organisation=city)
    factories.need(title="Clinics", themes=("health",))
    factories.need(title="A foreign draft", state=NeedState.draft)
    page = browser.as_(factories.person(of=city))
    assert {row[2] for row in lines(page.get("/exports/needs.csv"))[1:]} == {"Buses", "Clinics"}
    (row,) = lines(page.get("/exports/needs.csv?theme=mobility&page=7&size=1"))[1:]
    assert row[1:3] == ["Nampula (MZ)", "Buses"]
    by_title = lines(page.get("/exports/needs.csv?sort=-title"))[1:]
    assert [row[2] for row in by_title] == ["Clinics", "Buses"]
    assert page.get("/exports/needs.csv?sort=colour").status_code == 422
    assert page.get("/exports/needs.csv?state=cooked").status_code == 422


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Title"), ("fr", "Titre"), ("es", "Título")]
)
def test_headings_and_words_are_those_of_the_reader(browser, city, language, words):
    factories.need(organisation=city, interpretation=True)
    page = browser.as_(factories.person(of=city, language=language))
    top, row = lines(page.get("/exports/needs.csv"))
    assert top[2] == words
    said = dict(zip(top, row, strict=True))
    assert {"en": "yes", "fr": "oui", "es": "sí"}[language] in said.values()
    assert {"en": "English", "fr": "anglais", "es": "inglés"}[language] in said.values()


def test_numbers_and_days_stay_numbers_and_days(browser, city):
    factories.need(organisation=city, guests=12, available_from=date(2026, 5, 31))
    answer = browser.as_(factories.person(of=city)).get("/exports/needs.xlsx")
    top, row = ([cell.value for cell in line] for line in sheet(answer).rows)
    assert row[top.index("People")] == 12
    assert row[top.index("Possible from")].date() == date(2026, 5, 31)


def test_a_token_takes_a_list_away(browser, city):
    factories.need(organisation=city)
    client = browser.api(factories.person(of=city), "read")
    assert len(lines(client.get("/api/v1/exports/needs.csv"))) == 2


@pytest.mark.parametrize("noun", ["needs", "offers", "exchanges", "organisations"])
def test_a_long_list_costs_as_many_statements_as_a_short_one(browser, statements, city, noun):
    page = browser.as_(factories.officer())
    costs = []
    for more in (1, 2, 27):
        for _ in range(more):
            {
                "needs": factories.need,
                "offers": factories.offer,
                "organisations": factories.organisation,
                "exchanges": lambda: factories.exchange(
                    host=city, learner=factories.organisation()
                ),
            }[noun]()
        with statements() as seen:
            found = lines(page.get(f"/exports/{noun}.csv"))
        costs.append(len(seen))
    assert len(found) > 30
    assert len(set(costs)) == 1, costs


# Formulas


@pytest.mark.parametrize("mark", FORMULA)
@pytest.mark.parametrize("before", ["", "  "])
def test_what_a_program_would_take_for_a_formula_is_quoted(mark, before):
    assert guarded(f"{before}{mark}1+1") == f"'{before}{mark}1+1"


def test_numbers_and_plain_words_are_left_alone():
    assert guarded(-5) == -5
    assert guarded("Buses = freedom") == "Buses = freedom"
    assert guarded(None) is None


@pytest.mark.skipif(not ATTACKS.exists(), reason="the list of known attacks is not on this machine")
def test_no_known_attack_is_a_formula_in_either_file():
    attacks = ATTACKS.read_text(encoding="utf-8").splitlines()
    assert len(attacks) > 5
    made = b"".join(csv_lines(["text"], ([one] for one in attacks)))
    back = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))[1:]
    for cells in filter(None, back):
        assert not cells[0].lstrip().startswith(FORMULA), cells
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(xlsx_pieces(["text"], ([a] for a in attacks))))
    )
    for (cell,) in book.active.rows:
        assert cell.data_type != "f", cell.value
        assert cell.hyperlink is None


def test_a_name_that_looks_like_a_formula_leaves_quoted_and_comes_back_as_it_was(browser, city):
    evil = '=HYPERLINK("http://evil.example";"Click")'
    db.session.add(Need(title=evil, language="en", organisation=city, external_id="n1"))
    db.session.commit()
    answer = browser.as_(factories.officer()).get("/exports/needs.csv")
    assert lines(answer)[1][2] == f"'{evil}"
    assert db.session.query(Organisation).count() == 1
