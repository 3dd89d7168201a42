"""Vocabularies on their pages, by the API and from the command line."""

import sqlite3
from contextlib import closing

import pytest

from exchange import cli
from exchange.config import CHECKOUT
from exchange.extensions import db
from exchange.vocabularies import queries
from exchange.vocabularies.models import Term
from tests import factories

NEW = {"code": "night-work", "label_en": "Night work", "label_pt": "Trabalho noturno"}


def night_work() -> Term | None:
    return queries.term_or_none("theme", "night-work")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Urban mobility"), ("fr", "Mobilité urbaine"), ("es", "Movilidad urbana")],
)
def test_everybody_reads_them_in_their_own_language(browser, language, words):
    visitor = browser.as_(language=language)
    assert visitor.get("/vocabularies").status_code == 200
    page = visitor.get("/vocabularies/theme?q=mobility")
    assert words in page.text
    assert "/edit" not in page.text
    assert visitor.get("/vocabularies/nothing").status_code == 404


def test_the_full_text_is_shown_where_an_import_brought_one(browser):
    goal = factories.term("sdg_goal", "1")
    goal.texts = {"fr": "Éliminer la pauvreté", "en": "End poverty"}
    db.session.commit()
    assert "Éliminer la pauvreté" in browser.as_(language="fr").get("/vocabularies/sdg_goal").text


def test_an_administrator_adds_corrects_retires_and_deletes(browser):
    page = browser.as_(factories.administrator())
    assert page.get("/vocabularies/theme/new").status_code == 200
    wrong = page.post("/vocabularies/theme/new", data={**NEW, "code": "Night work!"})
    assert wrong.status_code == 422
    assert "Use letters, digits, dots and hyphens." in wrong.text
    page.post("/vocabularies/theme/new", data={**NEW, "facts": "kind: theme\nsdg: 8 5"})
    term = night_work()
    assert term.facts == {"kind": "theme", "sdg": "8 5"}
    address = f"/vocabularies/terms/{term.id}"
    form = page.get(f"{address}/edit").text
    assert "kind: theme\nsdg: 8 5</textarea>" in form
    assert "Nothing uses this entry." in form
    assert "name: value" in page.post(f"{address}/edit", data={**NEW, "facts": "kind"}).text
    page.post(f"{address}/edit", data={**NEW, "label_fr": "Travail de nuit", "label_pt": ""})
    db.session.refresh(term)
    assert term.labels == {"en": "Night work", "fr": "Travail de nuit"}
    shown = page.post(f"{address}/retire", follow_redirects=True)
    assert "Retired" in shown.text
    assert "Night work" in page.get("/vocabularies/theme?retired=yes").text
    page.post(f"{address}/bring-back")
    page.post(f"{address}/delete")
    db.session.expire_all()
    assert night_work() is None


def test_what_is_used_is_not_deleted(browser):
    term = factories.term("theme", "mobility")
    factories.need(themes=("mobility",))
    page = browser.as_(factories.administrator())
    form = page.get(f"/vocabularies/terms/{term.id}/edit").text
    assert "1 other row uses this entry" in form
    assert f"/vocabularies/terms/{term.id}/delete" not in form
    assert page.post(f"/vocabularies/terms/{term.id}/delete").status_code == 409


@pytest.mark.parametrize("path", ["theme/new", "terms/1/edit", "terms/1/retire", "terms/1/delete"])
def test_nobody_else_changes_them(browser, path):
    officer = browser.as_(factories.officer())
    answer = officer.post(f"/vocabularies/{path}", data=NEW)
    assert answer.status_code == 403
    assert browser.as_().post(f"/vocabularies/{path}", data=NEW).status_code == 302


def test_the_api_is_open_to_read(browser, app):
    visitor = app.test_client()
    listed = visitor.get("/api/v1/vocabularies").json
    assert {
        "name": "sdg_goal",
        "title": "Sustainable Development Goals",
        "offered": 17,
        "retired": 0,
    } in (listed["items"])
    found = visitor.get("/api/v1/vocabularies/sdg_target/terms?q=11.5").json
    assert [(one["code"], one["parent"]) for one in found["items"]] == [("11.5", "11")]
    one = visitor.get(f"/api/v1/terms/{found['items'][0]['id']}").json
    assert one == found["items"][0]
    assert {"label_en", "label_fr", "label_es", "label_pt"} <= set(one)
    assert visitor.get("/api/v1/vocabularies/nothing/terms").status_code == 404
    assert visitor.post("/api/v1/vocabularies/theme/terms", json=NEW).status_code == 401


def test_the_api_lets_an_administrator_keep_them(browser):
    api = browser.api(factories.administrator())
    sent = {**NEW, "facts": {"sdg": "8"}}
    made = api.post("/api/v1/vocabularies/theme/terms", json=sent)
    assert made.status_code == 201
    assert made.json["facts"] == {"sdg": "8"}
    address = f"/api/v1/terms/{made.json['id']}"
    changed = api.patch(address, json={"retired": True, "label_es": "Trabajo nocturno"}).json
    assert (changed["retired"], changed["label_es"], changed["label_en"]) == (
        True,
        "Trabajo nocturno",
        "Night work",
    )
    again = api.post("/api/v1/vocabularies/theme/terms", json=sent)
    assert again.json["error"]["fields"]["code"] == ["This is there already."]
    assert api.delete(address).status_code == 204
    kept = api.delete(f"/api/v1/terms/{factories.term('theme', 'health').id}")
    assert (kept.status_code, kept.json["error"]["code"]) == (409, "came_with_program")
    assert browser.api(factories.officer()).patch(address, json={}).status_code in (403, 404)


@pytest.mark.parametrize("address", ["/vocabularies", "/vocabularies/theme"])
def test_a_list_costs_the_same_however_many(browser, statements, address):
    page = browser.as_(factories.administrator())
    page.get(address)
    counts = []
    for more in (1, 2, 27):
        for _ in range(more):
            number = db.session.query(Term).count()
            above = factories.term("theme", f"above-{number}")
            term = Term(vocabulary="theme", code=f"below-{number}", labels={}, parent=above)
            db.session.add(term)
            db.session.commit()
        db.session.expire_all()
        with statements() as seen:
            assert page.get(address).status_code == 200
        counts.append(len(seen))
    assert counts == [counts[0]] * 3


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        cli.main(list(arguments))
    printed = capsys.readouterr()
    return int(end.value.code or 0), printed.out, printed.err


@pytest.fixture
def var(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("EXCHANGE_VAR", str(tmp_path))
    # A named migration brings no cities with it: here is none but those of the files.
    head = (CHECKOUT / "migrations" / "HEAD").read_text(encoding="utf-8").strip()
    assert run(capsys, "db", "upgrade", head)[0] == 0
    return tmp_path


def test_the_command_imports_all_files_or_none(var, capsys):
    head = "geonameid,name,country,lat,lon,population,timezone\n"
    good, bad = var / "good.csv", var / "bad.csv"
    good.write_text(head + "1,Évora,PT,38.6,-7.9,56596,Europe/Lisbon\n", encoding="utf-8")
    bad.write_text(head + "2,Faro,PT,37,-7.9,many,Europe/Lisbon\n", encoding="utf-8")
    command = ("vocabularies", "import", "cities")
    code, out, err = run(capsys, *command, str(good), str(bad))
    assert (code, out) == (2, "")
    assert err == "exchange: bad.csv, row 2, column population: “many” does not fit.\n"
    assert _places(var) == []
    code, out, _ = run(capsys, *command, str(good))
    assert (code, out) == (0, "good.csv: 1 added, 0 changed, 0 as they were\n")
    assert _places(var) == ["Évora"]
    assert run(capsys, *command, str(var / "none.csv"))[0] == 2


def _places(var) -> list[str]:
    with closing(sqlite3.connect(var / "exchange.db")) as database:
        return [name for (name,) in database.execute("SELECT name FROM place")]
