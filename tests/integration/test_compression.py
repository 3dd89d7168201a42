"""Text travels compressed, to whoever can read it so; pictures and small answers as they are."""

import gzip

from flask import Flask

from tests import factories
from tests.conftest import Browser

COMPRESSED = {"Accept-Encoding": "gzip, br"}


def test_a_page_travels_compressed_and_says_the_same(browser: Browser) -> None:
    visitor = browser.as_()
    plain, packed = visitor.get("/sign-in"), visitor.get("/sign-in", headers=COMPRESSED)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert b"<h1>Sign in</h1>" in gzip.decompress(packed.data)


def test_who_forbids_it_gets_it_plain(browser: Browser) -> None:
    refused = browser.as_().get("/sign-in", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_the_length_of_a_page_does_not_tell_its_content(browser: Browser) -> None:
    visitor = browser.as_()
    lengths = {len(visitor.get("/sign-in", headers=COMPRESSED).data) for _ in range(12)}
    assert len(lengths) > 3


def test_a_file_is_compressed_and_kept_for_a_year(app: Flask, browser: Browser) -> None:
    with app.test_request_context():
        address = app.url_for("static", filename="app.css")
    visitor = browser.as_()
    packed = visitor.get(address, headers=COMPRESSED)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "immutable" in packed.headers["Cache-Control"]
    assert packed.headers["Vary"] == "Accept-Encoding"
    again = visitor.get(address, headers=COMPRESSED | {"If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    again.close()
    packed.close()


def test_the_api_is_compressed_too(browser: Browser) -> None:
    client = browser.api(factories.officer())
    answer = client.get("/api/v1/vocabularies/theme/terms", headers=COMPRESSED)
    assert answer.headers["Content-Encoding"] == "gzip"


def test_what_is_small_or_a_workbook_is_left_as_it_is(browser: Browser) -> None:
    officer = browser.as_(factories.officer())
    for path in ("/healthz", "/exports/needs.xlsx"):
        answer = officer.get(path, headers=COMPRESSED)
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers, path
