"""Files that somebody sends: what they hold counts, not what they say they are."""

import os
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image

from exchange import quotas, scanning, uploads
from exchange.checks import _scanner
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.lessons import sheets
from exchange.lessons.photos import Photo
from exchange.scanning import Unscanned
from exchange.spreadsheets.models import Import
from exchange.spreadsheets.reading import read_table
from exchange.uploads import Kind, kind_of, safe_name
from tests import factories
from tests.factories import visits
from tests.integration.clamd_server import EICAR, clamd, free_port
from workflows.exchange import ExchangeState as S

pytestmark = pytest.mark.usefixtures("no_uploads")

CSV = b"title,organisation\nHow to sort waste,Lyon\n"


def picture(kind="PNG", size=(40, 30)):
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, kind)
    return file.getvalue()


def workbook(**more):
    """A real workbook; ``more`` are members put into it besides."""
    file = BytesIO()
    book = Workbook()
    book.active.append(["title", "organisation"])
    book.save(file)
    if more:
        with ZipFile(file, "a", ZIP_DEFLATED) as packed:
            for name, content in more.items():
                packed.writestr(name.replace("__", "/"), content)
    return file.getvalue()


@pytest.fixture
def settings(app, monkeypatch):
    """Change settings for one test: ``settings(clamd=…)``."""

    def change(**values):
        monkeypatch.setitem(app.config, "EXCHANGE", replace(app.config["EXCHANGE"], **values))

    return change


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("JPEG"), Kind.jpeg),
        (picture("PNG"), Kind.png),
        (picture("WEBP"), Kind.webp),
        (workbook(), Kind.xlsx),
        (CSV, Kind.text),
        ("títle;ciudad".encode("utf-16"), Kind.text),
        (b"\xef\xbb\xbf<x/>", Kind.xml),
        (b"%PDF-1.7", None),
        (b"MZ\x90\x00", None),
        (b"\x7fELF\x02", None),
        (b"GIF89a;<script>alert(1)</script>", None),
        (b"PK\x03\x04 no archive at all", None),
        (b"#!/bin/sh\nrm -rf /", None),
        (b"title\x00,organisation", None),
        (workbook(xl__vbaProject_bin=b"x").replace(b"vbaProject_bin", b"vbaProject.bin"), None),
    ],
    # Workbooks hold the second in which they are made: their first bytes are enough for a name.
    ids=lambda value: value[:8].hex() if isinstance(value, bytes) else None,
)
def test_a_file_is_what_it_holds(content, kind):
    assert kind_of(content) == kind


def test_an_archive_that_is_no_workbook_is_refused():
    file = BytesIO()
    with ZipFile(file, "w") as packed:
        packed.writestr("readme.txt", "x")
    assert kind_of(file.getvalue()) is None


def test_a_workbook_that_unpacks_to_gigabytes_is_refused():
    bomb = workbook(xl__more_xml=b"0" * 201 * uploads.MEGABYTE)
    assert len(bomb) < uploads.MEGABYTE
    assert kind_of(bomb) is None


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("needs.csv", "needs.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ana\\needs.csv", "needs.csv"),
        ("besoins é.xlsx", "besoins é.xlsx"),
        ("a\r\nContent-Type: text/html.csv", "html.csv"),
        ("a\r\nb.csv", "a_b.csv"),
        ("\u202egpj.exe", "gpj.exe"),
        (".htaccess", "htaccess"),
        ("CON.csv", "_CON.csv"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_a_name_leads_nowhere(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_no_name_holds_a_folder_a_control_character_or_too_much(name):
    safe = safe_name(name)
    assert safe
    assert len(safe) <= uploads.LONGEST_NAME
    assert not set(safe) & set('/\\\r\n\0"')
    assert Path(safe).name == safe
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    "content",
    [picture(), b"%PDF-1.7", b"", b"x" * 1001],
    ids=["picture", "pdf", "nothing", "too large"],
)
def test_what_is_no_table_is_told_at_once_and_nothing_is_kept(app, browser, content, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST", 1000)
    page = browser.as_(factories.officer())
    data = {"noun": "needs", "file": (BytesIO(content), "needs.csv")}
    answer = page.post("/imports/new", data=data)
    assert answer.status_code == 422
    assert db.session.query(Import).count() == 0
    kept = app.config["EXCHANGE"].var / "imports"
    assert not kept.exists() or not list(kept.iterdir())


def test_an_import_is_kept_under_a_name_of_ours_outside_of_what_is_served(app, browser):
    page = browser.as_(factories.officer())
    data = {"noun": "needs", "file": (BytesIO(CSV), "../../static/evil\u202e.csv")}
    assert page.post("/imports/new", data=data).status_code == 302
    row = db.session.query(Import).one()
    assert (row.file_name, row.size) == ("evil_.csv", len(CSV))
    kept = app.config["EXCHANGE"].var / "imports" / row.stored_as
    assert kept.read_bytes() == CSV
    assert not kept.is_relative_to(app.static_folder)
    kept.unlink()


def test_a_picture_with_a_script_behind_it_loses_the_script(app, browser):
    told = visits.story(state=S.visited)
    sheet = sheets.sheet_for(told.exchange, told.learner, language="en")
    db.session.commit()
    page = browser.as_(told.learning)
    data = {"description": "x", "consent": "yes"}
    data["photo"] = (BytesIO(picture() + b"<script>alert(1)</script>"), "a.html")
    assert page.post(f"/lessons/sheets/{sheet.id}/photos/new", data=data).status_code == 302
    row = db.session.query(Photo).one()
    answer = page.get(f"/lessons/photos/{row.id}.jpg")
    assert b"<script>" not in answer.data
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_small_file_that_would_be_a_huge_picture_is_refused(app, browser):
    told = visits.story(state=S.visited)
    sheet = sheets.sheet_for(told.exchange, told.learner, language="en")
    db.session.commit()
    file = BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")
    data = {"description": "x", "consent": "yes", "photo": (BytesIO(file.getvalue()), "a.png")}
    page = browser.as_(told.learning)
    answer = page.post(f"/lessons/sheets/{sheet.id}/photos/new", data=data)
    assert (answer.status_code, len(file.getvalue()) < 100_000) == (422, True)
    assert "million points" in answer.text


def test_entities_in_a_workbook_are_refused(tmp_path):
    evil = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>'
        b"</worksheet>"
    )
    whole, made = BytesIO(workbook()), BytesIO()
    with ZipFile(whole) as before, ZipFile(made, "w") as after:
        for name in before.namelist():
            after.writestr(name, evil if name.endswith("sheet1.xml") else before.read(name))
    path = tmp_path / "evil.xlsx"
    path.write_bytes(made.getvalue())
    with pytest.raises(Invalid, match="not_a_table"):
        list(read_table(path))


@pytest.mark.timeout(20)
def test_a_sheet_that_says_it_is_a_million_rows_long_is_not_walked_through(tmp_path):
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "title", "x"
    path = tmp_path / "long.xlsx"
    book.save(path)
    with pytest.raises(Invalid, match="too_many_rows"):
        list(read_table(path))


def test_an_organisation_has_its_share_of_the_disk(app, browser, settings, monkeypatch):
    monkeypatch.setattr(uploads, "MEGABYTE", 100)
    settings(upload_quota=1)
    city = factories.organisation("Nampula")
    person = factories.person("Ana", of=city)
    page = browser.as_(person)
    large = CSV + b"x" * 30
    data = {"noun": "needs", "organisation_id": city.id}
    first = page.post("/imports/new", data=data | {"file": (BytesIO(large), "a.csv")})
    assert first.status_code == 302
    assert quotas.kept_by(city.id) == len(large)
    second = page.post("/imports/new", data=data | {"file": (BytesIO(large), "b.csv")})
    assert second.status_code == 422
    assert "1 MB" in second.text
    other = factories.organisation("Lyon")
    assert quotas.kept_by(other.id) == 0


def test_the_scanner_finds_the_test_file_and_nothing_else():
    with clamd() as scanner:
        assert scanning.found_in(CSV, scanner.address) == ""
        assert scanning.found_in(EICAR, scanner.address) == "Eicar-Test-Signature"
        assert scanning.is_there(scanner.address)
        large = os.urandom(200_000)
        assert scanning.found_in(large, scanner.address) == ""
        assert scanner.seen == [CSV, EICAR, large]
        assert scanner.asked[0] == b"zINSTREAM\0"


@pytest.mark.parametrize("says", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"nonsense\0"])
def test_what_is_no_verdict_is_none(says):
    with clamd() as scanner:
        scanner.says = says
        with pytest.raises(Unscanned):
            scanning.found_in(CSV, scanner.address)


def test_an_infected_file_is_refused_by_name(browser, settings):
    page = browser.as_(factories.officer())
    with clamd() as scanner:
        settings(clamd=scanner.address)
        data = {"noun": "needs", "file": (BytesIO(CSV + EICAR), "needs.csv")}
        answer = page.post("/imports/new", data=data)
        assert answer.status_code == 422
        assert "Eicar-Test-Signature" in answer.text
        assert db.session.query(Import).count() == 0
        data["file"] = (BytesIO(CSV), "needs.csv")
        assert page.post("/imports/new", data=data).status_code == 302
        assert db.session.query(Import).count() == 1


def test_while_the_scanner_is_down_nothing_is_taken_and_the_check_says_so(browser, settings):
    nowhere = f"tcp://127.0.0.1:{free_port()}"
    settings(clamd=nowhere)
    api = browser.api(factories.officer())
    data = {"noun": "needs", "file": (BytesIO(CSV), "needs.csv")}
    answer = api.post("/api/v1/imports", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert answer.json["error"]["fields"]["file"]
    assert db.session.query(Import).count() == 0
    finding = _scanner(nowhere)
    assert (finding.good, nowhere in finding.text) == (False, True)


@pytest.mark.services
def test_the_real_clamd_says_the_same(tmp_path):
    """With a signature of its own, for its usual ones are fetched from elsewhere."""
    if subprocess.run(["which", "clamd"], capture_output=True, check=False).returncode:
        pytest.skip("there is no clamd: on Debian/Ubuntu apt install clamav-daemon")
    folder, socket = tmp_path / "db", tmp_path / "clamd.ctl"
    folder.mkdir()
    (folder / "own.ndb").write_text(f"Eicar-Own:0:*:{EICAR.hex()}\n")
    conf = tmp_path / "clamd.conf"
    lines = {"LocalSocket": socket, "DatabaseDirectory": folder, "Foreground": "yes"}
    conf.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))
    with subprocess.Popen(["clamd", "-c", conf], stdout=subprocess.DEVNULL) as process:
        try:
            for _turn in range(100):
                if scanning.is_there(f"unix:{socket}"):
                    break
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(0.2)
            assert scanning.found_in(CSV, f"unix:{socket}") == ""
            assert scanning.found_in(EICAR, f"unix:{socket}").startswith("Eicar-Own")
        finally:
            process.terminate()
            process.wait(20)
