"""Every text that people read is there in every language, with its placeholders."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from exchange.config import LANGUAGES
from tests.house.source import ROOT

FOLDER = ROOT / "exchange" / "translations"
OTHERS = [code for code in LANGUAGES if code != "en"]
# English is in the code; these are whole, and of the others a reader may meet a rare English line.
WHOLE, AT_LEAST = ("fr", "es"), 0.95
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


@cache
def _texts() -> set[str]:
    """The texts of the code and the templates, singular forms."""
    found = set()
    for folder, method, suffixes in (
        ("exchange", "python", (".py",)),
        ("tasks", "python", (".py",)),
        ("templates", "jinja2", (".html", ".txt")),
    ):
        mapping = [(f"**{suffix}", method) for suffix in suffixes]
        options = {f"**{s}": {"extensions": "jinja2.ext.i18n,jinja2.ext.do"} for s in suffixes}
        for _file, _line, message, _notes, _context in extract_from_dir(
            ROOT / folder, mapping, options if method == "jinja2" else None, KEYWORDS
        ):
            found.add(message if isinstance(message, str) else message[0])
    return found


@cache
def _catalogue(code: str) -> Catalog:
    with (FOLDER / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


def _forms(message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated(code):
    catalogue = _catalogue(code)
    done = {
        m.id if isinstance(m.id, str) else m.id[0]
        for m in catalogue
        if m.id and all(_forms(m)) and not m.fuzzy
    }
    missing = sorted(_texts() - done)
    allowed = 0 if code in WHOLE else int(len(_texts()) * (1 - AT_LEAST))
    assert len(missing) <= allowed, f"{len(missing)} texts for {code}: {missing[:5]} …"


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_a_guess(code):
    assert not [message.id for message in _catalogue(code) if message.id and message.fuzzy]


@pytest.mark.parametrize("code", OTHERS)
def test_plurals_have_all_their_forms(code):
    catalogue = _catalogue(code)
    for message in catalogue:
        if message.id and not isinstance(message.id, str) and any(_forms(message)):
            assert len(_forms(message)) == catalogue.num_plurals, message.id
            assert all(_forms(message)), message.id


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_left_of_a_text_that_is_gone(code):
    known = {m.id if isinstance(m.id, str) else m.id[0] for m in _catalogue(code) if m.id}
    assert not known - _texts(), "run make translations"


@pytest.mark.parametrize("code", OTHERS)
def test_placeholders_survive_translation(code):
    for message in _catalogue(code):
        if not message.id:
            continue
        texts = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", " ".join(texts)))
        for form in filter(None, _forms(message)):
            there = set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", form))
            assert there <= wanted, f"{code}: {form!r}"
            assert len(texts) > 1 or there == wanted, f"{code}: {form!r}"


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_is_not_the_english_text(code):
    same = [
        m.id
        for m in _catalogue(code)
        if isinstance(m.id, str) and m.id == m.string and re.search(r"[a-z]{3} [a-z]{3}", m.id)
    ]
    assert not same, f"left in English in {code}: {same}"


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_compiled_is_what_is_written(code):
    compiled = FOLDER / code / "LC_MESSAGES" / "messages.mo"
    assert compiled.exists(), "make install compiles the catalogues"
    with compiled.open("rb") as file:
        there = {str(m.id): tuple(_forms(m)) for m in read_mo(file) if m.id}
    assert there == {str(_listed(m.id)): tuple(_forms(m)) for m in _catalogue(code) if m.id}


def _listed(text):
    """As the compiled file gives it back: plural forms as a list."""
    return text if isinstance(text, str) else list(text)


def test_french_punctuation_never_begins_a_line():
    lonely = re.compile(r" [:;?!»]|« ")
    for message in _catalogue("fr"):
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert not any(lonely.search(form) for form in forms if message.id), message.id
