"""Each kind of mail has its three files, renders in each language, and leads somewhere."""

from datetime import date
from html.parser import HTMLParser

import pytest

from exchange import labels
from exchange.config import CHECKOUT, LANGUAGES
from exchange.labels.mails import MAILS as NAMES
from exchange.labels.mails import REASONS
from exchange.messages.compose import ANSWERS, compose
from exchange.messages.kinds import MAILS
from exchange.reminders.audience import AUDIENCES, Guest
from exchange.reminders.conditions import CONDITIONS
from exchange.reminders.kinds import KINDS
from exchange.reminders.subjects import MODELS, anchor_column
from tests.house.source import python_files
from workflows.registry import WORKFLOWS

FOLDER = CHECKOUT / "templates" / "email"
FACTS = {
    "title": "Mercados <seguros> & limpos",
    "offer_title": "Markets",
    "need_city": "Nampula",
    "offer_city": "Maringá",
    "organisation": "Município de Nampula",
    "reference": "PX-2026-0001",
    "note": "Who would travel?",
    "asker": "Rosa <Lima>",
    "asker_email": "rosa@px.test",
    "asker_place": "Lima",
    "text": "Drain the market.",
    "into": "français",
    "city": "Nampula",
    "place": "Town hall",
    "level": "owner",
    "what": "new_device",
    "device": "Firefox",
    "months": 6,
    "number": 15,
    "match_id": None,
    "host": "Maringá",
    "forum": "Learning Forum",
    "overdue": 2,
    "waiting": 4,
    "held": 5,
    "failed": 1,
    "items": ["First thing", "Second thing"],
    "contact": "Officer <officer@px.test>",
    **{
        name: date(2028, 2, 29)
        for name in ("due_on", "since", "visit_start", "visit_end", "expires_on", "day_of_action")
    },
}


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize("kind", MAILS.values(), ids=lambda kind: kind.name)
def test_a_kind_has_its_three_files_and_a_name(kind):
    files = {path.name for path in (FOLDER / kind.name).iterdir()}
    assert files == {"subject.txt", "body.txt", "body.html"}
    assert kind.name in NAMES


def test_no_folder_and_no_name_without_a_kind():
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == set(MAILS)
    assert set(NAMES) == set(MAILS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MAILS.values(), ids=lambda kind: kind.name)
def test_a_mail_says_what_until_when_why_and_where(kind, language):
    reader = Guest("Ana & Rui", "ana@px.test", language, "Africa/Maputo")
    words = compose(kind, reader, FACTS, "/somewhere/7")
    assert words.language == language
    assert "\n" not in words.subject
    assert 5 < len(words.subject) <= 300
    assert words.text.count("https://") + words.text.count("http://") == 1, "one link"
    assert "/somewhere/7\n" in words.text
    assert "29" in words.text, "the day until which"
    assert "Officer <officer@px.test>" in words.text
    assert "{{" not in words.text + words.html
    assert "&amp;" not in words.text
    for raw in ("<seguros>", "Ana & Rui", "<officer@"):
        assert raw not in words.html
    assert f'<html lang="{language}">' in words.html
    assert len(words.html.encode()) <= 20_000
    parser = _Links()
    parser.feed(words.html)
    assert len(parser.found) == 1


@pytest.mark.parametrize("kind", MAILS.values(), ids=lambda kind: kind.name)
def test_a_subject_says_whether_something_is_to_be_done(kind):
    reader = Guest("Ana", "ana@px.test", "en", "UTC")
    subject = compose(kind, reader, FACTS, "/x").subject
    assert subject.startswith("Município de Nampula: ") == kind.action_required
    assert subject.endswith(" by 29 Feb") == kind.action_required
    nobody = compose(kind, reader, {**FACTS, "organisation": ""}, "/x").subject
    assert nobody.startswith("Action needed: ") == kind.action_required


@pytest.mark.parametrize("kind", MAILS.values(), ids=lambda kind: kind.name)
def test_a_mail_can_be_read_in_other_languages_and_answered_from_where_it_is_read(kind):
    words = compose(kind, Guest("Ana", "ana@px.test", "fr", "UTC"), FACTS, "/x", key="a-key")
    parser = _Tags()
    parser.feed(words.html)
    links = [attrs["href"] for tag, attrs in parser.found if "href" in attrs]
    read = [link for link in links if "/m/" in link]
    assert [link[-2:] for link in read] == [code for code in LANGUAGES if code != "fr"]
    answers = [link.partition("?answer=")[2] for link in links if "/r/" in link]
    assert answers == (list(ANSWERS) if kind.answers else [])
    assert all(link in words.text for link in links)
    assert words.html.count("display:inline-block") == 1, "one button"
    assert not [tag for tag, _attrs in parser.found if tag in ("img", "style", "script", "table")]
    assert "max-width:600px" in words.html
    assert len(words.html.encode()) <= 20_000


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_row_of_the_table_of_reminders_is_whole(kind, app):
    table = WORKFLOWS[kind.workflow]
    assert set(kind.states) <= set(table.states)
    assert kind.audience in AUDIENCES
    assert {kind.workflow, kind.about} <= set(MODELS)
    assert kind.about in labels.NOUNS
    assert not kind.when or kind.when in CONDITIONS
    assert list(kind.days) == sorted(set(kind.days))
    assert anchor_column(kind) is not None


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_reminder_leads_to_a_page(kind, app):
    path = kind.link.format(id=1, exchange_id=1, pair_id=1, secret="secret")
    endpoint, _values = app.url_map.bind("localhost").match(path, method="GET")
    assert endpoint in app.view_functions


def test_every_reason_that_is_written_has_words():
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in python_files("exchange/messages", "exchange/reminders")
    )
    for reason in REASONS:
        assert f'"{reason}' in code, f"nobody writes {reason}"


def test_every_delivery_has_words():
    for kind in MAILS.values():
        for delivery in kind.choices:
            assert labels.choice(delivery)
