"""From a kind and its facts to the words of a mail, in the reader's language and time zone.

It has a template environment of its own for each language, so that a task, a command and a page
write the same mail: no request and no web application are needed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Any, Protocol

from babel.dates import format_date, format_datetime
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from exchange.config import CHECKOUT, LANGUAGES
from exchange.messages.kinds import MailKind
from exchange.messages.times import zone

LONGEST_SUBJECT = 300


class Reader(Protocol):
    """Whom a mail is for: a person of the directory, or a participant of a visit."""

    @property
    def name(self) -> str:
        """What the greeting says."""

    @property
    def email(self) -> str:
        """Where it goes."""

    @property
    def language(self) -> str:
        """In which language they read."""


@dataclass(frozen=True)
class House:
    """What every mail says of the program that sends it."""

    public_url: str = "http://127.0.0.1:8000"
    contact: str = "Peer Exchange"
    language: str = "en"
    # id of a match, language → why it fits, a sentence each: the words are at the edge
    why: Callable[[int | None, str], Sequence[str]] = lambda _match_id, _language: ()


@dataclass(frozen=True)
class Words:
    """A composed mail."""

    subject: str
    text: str
    html: str
    language: str


_house = [House()]


def use(house: House) -> None:
    """Say where links lead and who answers questions. Called once by ``create_app``."""
    _house[0] = house


def house() -> House:
    """What mails say of the program."""
    return _house[0]


def absolute(link: str) -> str:
    """``link`` as an address that works in a mail."""
    return house().public_url.rstrip("/") + link if link.startswith("/") else link


def compose(kind: MailKind, reader: Reader, facts: Mapping[str, Any], link: str) -> Words:
    """Write a mail of ``kind``. ``facts`` are the names its templates use; days and instants in
    them are shown in the reader's language and time zone.
    """
    language = reader.language if reader.language in LANGUAGES else house().language
    environment = _environment(language)
    context = {**_habits(reader, language), **facts, "link": absolute(link), "kind": kind}
    render = partial(_render, environment, kind.name, context)
    subject = " ".join(render("subject.txt").split())
    if kind.action_required:
        subject = f"{_action_needed(environment)} {subject}"
    context["subject"] = subject
    return Words(subject[:LONGEST_SUBJECT], render("body.txt"), render("body.html"), language)


def _habits(reader: Reader, language: str) -> dict[str, Any]:
    """What every template may use."""
    time_zone = zone(getattr(reader, "time_zone", ""))
    return {
        "name": reader.name,
        "language": language,
        "contact": house().contact,
        "due_on": None,
        "day": lambda value: _day(value, language),
        "why": lambda match_id: house().why(match_id, language),
        "moment": lambda value: _moment(value, language, time_zone),
    }


def _day(value: date, language: str) -> str:
    return format_date(value, "long", locale=language)


def _moment(value: datetime, language: str, time_zone: Any) -> str:
    return format_datetime(value, "long", tzinfo=time_zone, locale=language)


def _render(environment: Environment, kind: str, context: Mapping[str, Any], name: str) -> str:
    text = environment.get_template(f"{kind}/{name}").render(context).strip()
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"


def _action_needed(environment: Environment) -> str:
    return environment.get_template("action_needed.txt").render().strip()


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(CHECKOUT / "templates" / "email"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    catalogue = Translations.load(CHECKOUT / "exchange" / "translations", [language])
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    return environment
