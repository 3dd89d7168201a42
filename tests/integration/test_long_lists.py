"""A form with a long list is searched, and says so when a name is not clear; static files are
kept for a year."""

import re

import pytest

from tests import factories as make

STATIC = re.compile(r'href="(/static/app\.css\?v=[0-9a-f]{12})"')


@pytest.fixture
def page(browser):
    return browser.as_(make.person())


def _profile(page, time_zone):
    return page.post(
        "/account", data={"name": "Ana Sitoe", "language": "en", "time_zone": time_zone}
    )


def test_a_time_zone_is_found_by_its_city(page):
    assert _profile(page, "maputo").status_code == 302
    assert 'value="Africa/Maputo"' in page.get("/account").text


def test_a_part_of_many_names_is_asked_again_with_the_first_of_them(page):
    answer = _profile(page, "america/arg")
    assert answer.status_code == 422
    assert "Several have this name: America/Argentina/Buenos Aires" in answer.text
    assert 'value="america/arg"' in answer.text


def test_a_name_that_nobody_has_is_refused_in_words(page):
    answer = _profile(page, "Atlantis")
    assert answer.status_code == 422
    assert "Choose a time zone, like America/Costa_Rica." in answer.text


def _head(browser, address):
    with browser.as_().get(address) as answer:  # closes the file
        return answer.status_code, answer.headers.get("Cache-Control", "")


def test_a_static_file_is_kept_for_a_year_under_the_name_of_its_content(browser):
    address = STATIC.search(browser.as_().get("/en/").text).group(1)
    assert _head(browser, address) == (200, "public, max-age=31536000, immutable")


def test_a_static_file_asked_for_under_another_name_is_not_kept(browser):
    for address in ("/static/app.css", "/static/app.css?v=000000000000"):
        assert "max-age" not in _head(browser, address)[1]
    assert _head(browser, "/static/../config.py?v=1")[0] == 404
