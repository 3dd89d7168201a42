"""The living style page shows every part of a page, and only where the program is made."""

import re
from dataclasses import replace

import pytest

from exchange.web.styleguide import parts
from tests import factories
from tests.house.source import ROOT


def test_it_shows_every_component(browser):
    components = {path.stem for path in (ROOT / "templates" / "components").glob("*.html")}
    shown = [name for names in parts().values() for name in names]
    assert set(shown) == components, "show it in templates/styleguide and name it in parts()"
    for file, names in parts().items():
        source = (ROOT / "templates" / file).read_text(encoding="utf-8")
        for name in names:
            assert f'"components/{name}.html"' in source
    text = browser.as_().get("/styleguide").text
    for name in shown:
        assert f'<h2 id="{name}">' in text


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_it_reads_in_each_language_and_has_each_name_once(browser, language):
    page = browser.as_(factories.officer()).get(f"/styleguide?lang={language}")
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    names = re.findall(r'\sid="([^"]+)"', page.text)
    twice = {name for name in names if names.count(name) > 1}
    assert not twice, "labels and links find only the first of two equal names"


def test_nobody_finds_it_in_production(app, browser, monkeypatch):
    monkeypatch.setitem(app.config, "EXCHANGE", replace(app.config["EXCHANGE"], production=True))
    assert browser.as_().get("/styleguide").status_code == 404
