"""Templates parse, have a title, hold no untranslated text, no foreign address, no inline style."""

import re
from html.parser import HTMLParser

from jinja2 import Environment, nodes

from tests.house.source import ROOT, name

TEMPLATES = sorted(p for p in (ROOT / "templates").rglob("*.html") if "email" not in p.parts)
# A part of a page that names itself: its frame has the title.
PAGES = [p for p in TEMPLATES if 'extends "base.html"' in p.read_text(encoding="utf-8")[:400]]
# Words that are the same in every language.
SAME_EVERYWHERE = {"Peer Exchange", "· Peer Exchange", "CSV", "XLSX", "API", "iCalendar", "PDF"}


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.inside.append(tag)
        self.found += [
            value
            for key, value in attrs
            if key in ("aria-label", "placeholder", "title", "alt", "data-label") and value
        ]

    def handle_data(self, data):
        self.found.append(data)


def _env() -> Environment:
    return Environment(  # noqa: S701 - only parses
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"], trim_blocks=True, lstrip_blocks=True
    )


def _plain_text(source: str) -> list[str]:
    """What a reader would see that no expression made."""
    without = re.sub(r"{#.*?#}", " ", source, flags=re.S)
    without = re.sub(r"{%-?\s*set \w+\s*-?%}.*?endset\s*-?%}", " ", without, flags=re.S)
    without = re.sub(r"{%-?\s*trans.*?endtrans\s*-?%}", " ", without, flags=re.S)
    without = re.sub(r"{%.*?%}|{{.*?}}", " ", without, flags=re.S)
    parser = _Text()
    parser.feed(without)
    return [text.strip() for text in parser.found if re.search(r"[^\W\d_]{2}", text)]


SOURCES = {name(path): path.read_text(encoding="utf-8") for path in TEMPLATES}


def _with(pattern: str) -> list[str]:
    """The templates in which ``pattern`` is found."""
    return [file for file, source in SOURCES.items() if re.search(pattern, source)]


def test_they_parse():
    env = _env()
    for file, source in SOURCES.items():
        assert isinstance(env.parse(source, filename=file), nodes.Template)


def test_a_page_has_a_title():
    assert PAGES
    assert not [name(p) for p in PAGES if "{% block title %}" not in SOURCES[name(p)]]


def test_they_hold_no_untranslated_text():
    left = {file: set(_plain_text(source)) - SAME_EVERYWHERE for file, source in SOURCES.items()}
    wrong = {file: texts for file, texts in left.items() if texts}
    assert not wrong, f"wrap in _(…): {wrong}"


def test_what_is_empty_is_said_by_the_component():
    assert _with('class="empty') == ["templates/components/empty.html"], (
        "empty, empty_list, nothing"
    )


def test_they_ask_nobody_else_and_style_nothing_inline():
    assert not _with(r'(src|href|action)="(https?:)?//'), "no address of others"
    assert not _with(r'\sstyle="'), "the content policy stops inline styles"
    assert not _with(r'\son\w+="'), "the content policy stops inline handlers"
    assert not _with(r"<script(?![^>]*src=)[^>]*>"), "no inline script"


def test_every_form_that_writes_carries_a_token():
    made_by = ("csrf_token", "form_page(", "machinery(", "kept_token(")
    open_ = [
        file
        for file, source in SOURCES.items()
        for form in re.findall(r'<form method="post".*?</form>', source, flags=re.S)
        if not any(word in form for word in made_by)
    ]
    assert not open_
