"""The text of a note: what authors may write, and what never gets through."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.lessons.text import TAGS, html


def test_headings_stand_below_the_heading_of_the_part():
    assert html("# Card") == "<h3>Card</h3>\n"
    assert html("##### Deep") == "<h6>Deep</h6>\n"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("**drains** and *markets*", "<strong>drains</strong> and <em>markets</em>"),
        ("- one\n- two", "<li>two</li>"),
        ("|a|b|\n|-|-|\n|1|2|", "<td>2</td>"),
        ("> quoted", "<blockquote>"),
        (
            "[plan](https://city.org/plan)",
            '<a href="https://city.org/plan" rel="noopener noreferrer">',
        ),
    ],
)
def test_what_authors_may_write(typed, shown):
    assert shown in html(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        '<img src=x onerror="alert(1)">',
        "![x](https://tracker.example/pixel.png)",
        '<a href="https://x.org" style="position:fixed">x</a>',
    ],
)
def test_what_never_gets_through(typed):
    shown = html(typed)
    assert not re.search(r"<(script|img|style|iframe)|<[^>]+(onerror|style)=", shown)
    assert not re.search(r'href="(javascript|data):', shown)


@given(st.text(alphabet=st.sampled_from("<>/#*_[]()!|`-\n &;\"'=:abchrefsjon"), max_size=120))
def test_only_known_tags_with_known_attributes_come_out(typed):
    for tag, attributes in re.findall(r"</?([a-z0-9]+)([^>]*)>", html(typed)):
        assert tag in TAGS
        assert not set(re.findall(r"([a-z-]+)=", re.sub(r'"[^"]*"', "", attributes))) - {
            "href",
            "rel",
        }
