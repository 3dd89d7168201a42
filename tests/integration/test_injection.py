"""What people type stays text: in SQL, templates, tables, mails, logs, pages and addresses."""

import io
import json
import logging
import re
from email import message_from_bytes
from email.policy import default

import pytest
import structlog
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from exchange.clock import now
from exchange.config import MailServer, load
from exchange.lessons.text import html
from exchange.logs import configure
from exchange.messages.claims import Letter
from exchange.messages.deliver import Post, as_mail
from exchange.spreadsheets.writing import FORMULA, csv_lines, guarded, xlsx_pieces
from exchange.web.sessions import local_path
from tests import factories

ODD = ("' OR '1'='1", '"; DROP TABLE need; --', "1) UNION SELECT NULL--", "\\", "'")


@pytest.mark.parametrize("typed", ["%", "_", "%%", "a%", "\\%", *ODD])
def test_wildcards_and_quotes_are_searched_for_as_they_are(browser, typed):
    factories.need(title="Markets")
    page = browser.as_(factories.officer())
    for address in ("/needs", "/offers", "/organisations", "/people", "/exchanges", "/search"):
        answer = page.get(address, query_string={"q": typed})
        assert answer.status_code == 200, (address, typed)
    assert (
        "Markets" not in page.get("/needs", query_string={"q": typed}).text.partition("<table")[2]
    )


@pytest.mark.parametrize(
    "sort", ["id; DROP TABLE need", "title,id", "-", "1", "need.id", "__class__"]
)
def test_a_list_is_sorted_by_what_it_offers_and_nothing_else(browser, sort):
    factories.need()
    client = browser.api(factories.officer())
    assert client.get("/api/v1/needs", query_string={"sort": sort}).status_code in (200, 422)
    page = browser.as_(factories.officer())
    assert page.get("/needs", query_string={"sort": sort}).status_code in (200, 422)


@pytest.mark.parametrize("typed", ["{{ 7*7 }}", "{% for x in () %}", "${7*7}", "%(name)s", "{0.x}"])
def test_what_looks_like_a_template_is_shown_as_it_was_typed(browser, typed):
    need = factories.need(title=f"Markets {typed}")
    text = browser.as_(factories.officer()).get(f"/needs/{need.id}").text
    assert f"Markets {typed}" in text
    assert "Markets 49" not in text


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_looks_like_a_tag_is_escaped(browser, typed):
    need = factories.need(title=f"Markets {typed}")
    page = browser.as_(factories.officer())
    for address in (f"/needs/{need.id}", "/needs", "/search?q=Markets"):
        text = page.get(address).text
        assert typed not in text, address


FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1", "=cmd|' /C calc'!A0")


@pytest.mark.parametrize("typed", FORMULAS)
def test_no_text_of_a_table_is_a_formula(typed):
    lines = b"".join(csv_lines(["title"], [[typed]])).decode("utf-8-sig")
    cell = lines.partition("\n")[2].lstrip('"')
    assert cell.startswith("'"), cell
    book = load_workbook(io.BytesIO(b"".join(xlsx_pieces(["title"], [[typed]]))))
    assert book.active["A2"].data_type == "s"
    assert not str(book.active["A2"].value).startswith("=")


@given(st.text(max_size=30))
def test_guarded_text_never_begins_as_a_formula(typed):
    assert not str(guarded(typed)).startswith(FORMULA)


def test_headings_of_a_table_are_guarded_too():
    assert b"'=evil" in b"".join(csv_lines(["=evil"], []))


@given(st.text(max_size=60), st.text(max_size=60))
@example("Subject\r\nBcc: everybody@example.org", "Ana\nBcc: x@y.z")
@example("a\r\n\r\nbody", "\r")
@example("\r", "")
@example("a\x85b\u2028c", "A\x0bB")
def test_no_header_of_a_mail_holds_a_second_one(subject, name):
    letter = Letter(
        id=1,
        attempt=1,
        kind="digest",
        to_name=name,
        to_email="ana@example.org",
        language="en",
        subject=subject,
        text="x",
        html="<p>x</p>",
        fingerprint="1.abc",
    )
    server = MailServer(kind="smtp", host="127.0.0.1", port=25)
    post = Post(server, "Peer Exchange <px@px.test>", "https://px.test", 5)
    try:
        mail = as_mail(letter, post, at=now())
        read = message_from_bytes(bytes(mail), policy=default)
    except (ValueError, UnicodeError):
        return  # refused: such a mail is given up with its reason
    assert read["Bcc"] is None
    assert len(read.get_all("Subject")) == 1
    assert len(read.get_all("To")) == 1


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_line_of_the_log_is_one_line(form, tmp_path, capsys):
    before = (logging.getLogger().handlers, logging.getLogger().level)
    settings = load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_LOG_FORMAT": form})
    try:
        configure(settings)
        typed = "x\n2026-01-01 [info] signed in\r\nperson_id=1"
        structlog.get_logger("injection").warning("sign-in refused", client=typed)
        logging.getLogger("injection").warning("refused: %s", typed)
    finally:
        logging.getLogger().handlers, logging.getLogger().level = before
        structlog.reset_defaults()
    lines = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert len(lines) == 2
    if form == "json":
        assert all(json.loads(line) for line in lines)


ELSEWHERE = (
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "///evil.example",
    "/\t/evil.example",
    "\n//evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.example",
    "evil.example",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_leads_to_no_other_site(browser, target):
    assert local_path(target) == ""
    client = browser.as_()
    answer = client.get("/language/fr", query_string={"next": target})
    assert "evil" not in (answer.location or "")
    assert "javascript" not in (answer.location or "")


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_whatever_leads_on_is_a_path_of_ours(target):
    found = local_path(target)
    assert found in ("", target)
    assert not found or re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", found)


HOSTILE = st.lists(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](data:text/html,<script>)",
            "![x](https://evil.example/x.png)",
            "<https://evil.example>",
            "[x]: javascript:alert(1)",
            '[x](https://a.example "onmouseover=alert(1)")',
            "<style>*{}</style>",
            "<iframe src=//evil.example>",
            "<svg/onload=alert(1)>",
            "&#60;script&#62;",
            "`<b onclick=x>`",
            "# <b style='x'>h</b>",
            "| a | <i onclick=x> |\n|---|---|\n| b | c |",
            "\n\n",
            "> ",
            "* ",
            "</p>",
            "\x00",
        ]
    )
    | st.text(max_size=20),
    max_size=8,
).map("".join)


@given(HOSTILE)
def test_no_markdown_makes_anything_that_runs_or_fetches(typed):
    made = html(typed)
    tags = set(re.findall(r"<\s*/?\s*([a-z0-9]+)", made, re.I))
    assert tags <= {
        *("p", "br", "strong", "em", "a", "code", "pre", "blockquote", "hr"),
        *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "h3", "h4", "h5", "h6"),
    }
    for attributes in re.findall(r"<[a-z0-9]+([^>]*)>", made):
        names = set(re.findall(r"([a-z-]+)\s*=", re.sub(r'"[^"]*"', '""', attributes)))
        assert names <= {"href", "rel", "title"}, attributes
    for address in re.findall(r'href="([^"]*)"', made):
        assert not re.match(r"\s*(javascript|data|vbscript):", address, re.I)
