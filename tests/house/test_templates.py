"""Templates parse, have a title, hold no untranslated text, no foreign address, no inline style."""

import re
from html.parser import HTMLParser

import pytest
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


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_it_parses(path):
    assert isinstance(_env().parse(path.read_text(encoding="utf-8")), nodes.Template)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_has_a_title(path):
    assert "{% block title %}" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_it_holds_no_untranslated_text(path):
    left = [t for t in _plain_text(path.read_text(encoding="utf-8")) if t not in SAME_EVERYWHERE]
    assert not left, f"{name(path)}: wrap in _(…): {left}"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_what_is_empty_is_said_by_the_component(path):
    source = path.read_text(encoding="utf-8")
    assert 'class="empty' not in source or path.name == "empty.html", "empty, empty_list, nothing"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_it_asks_nobody_else_and_styles_nothing_inline(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(r'(src|href|action)="(https?:)?//', source), "no address of others"
    assert not re.search(r'\sstyle="', source), "the content policy stops inline styles"
    assert not re.search(r'\son\w+="', source), "the content policy stops inline handlers"
    for script in re.findall(r"<script[^>]*>", source):
        assert "src=" in script, "no inline script"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_form_that_writes_carries_a_token(path):
    source = path.read_text(encoding="utf-8")
    for form in re.findall(r'<form method="post".*?</form>', source, flags=re.S):
        made_by = ("csrf_token", "form_page(", "machinery(", "kept_token(")
        assert any(word in form for word in made_by)
