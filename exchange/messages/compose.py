"""From a kind and its facts to the words of a mail, in the reader's language and time zone.

It has a template environment of its own for each language, so that a task, a command and a page
write the same mail: no request and no web application are needed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Any, Protocol

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from exchange.config import CHECKOUT, LANGUAGES
from exchange.messages.house import House, Quiet, absolute, house, use
from exchange.messages.kinds import MailKind
from exchange.messages.openings import marked
from exchange.messages.placeholders import fill
from exchange.messages.times import zone
from exchange.messages.tokens import Purpose, make

__all__ = ["House", "Quiet", "Reader", "Words", "Written", "absolute", "compose", "house", "use"]

LONGEST_SUBJECT = 300
# What a reminder can be answered with, one link each.
ANSWERS = ("done", "later", "pass_on", "stop")


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
class Words:
    """A composed mail."""

    subject: str
    text: str
    html: str
    language: str


@dataclass(frozen=True)
class Written:
    """What staff wrote in place of the words of a kind; an empty text leaves those as they are."""

    subject: str = ""
    opening: str = ""


def compose(  # noqa: PLR0913 - what a mail is made of
    kind: MailKind,
    reader: Reader,
    facts: Mapping[str, Any],
    link: str,
    *,
    key: str = "",
    written: Written | None = None,
) -> Words:
    """Write a mail of ``kind``. ``facts`` are the names its templates use; days and instants in
    them are shown in the reader's language and time zone.

    :param key: the key of the message, for the links by which it is read in other languages and
        answered without signing in; without one there are none.
    :param written: a subject and first words by staff, with placeholders.
    """
    language = language_of(reader)
    environment, written = _environment(language), written or Written()
    context = {**_habits(reader, language), **facts, "link": _followed(kind, link, key)}
    context["kind"] = kind
    context |= _links(kind, key, language)
    context["opening"] = fill(written.opening, context) if written.opening else ""
    render = partial(_render, environment, kind.name, context)
    ask = fill(written.subject, context) if written.subject else render("subject.txt")
    context["ask"] = context["subject"] = " ".join(ask.split())
    if kind.action_required:
        context["subject"] = _to_whom(environment, context)
    subject = context["subject"][:LONGEST_SUBJECT]
    return Words(subject, render("body.txt"), render("body.html"), language)


def opening_of(kind: MailKind, reader: Reader, facts: Mapping[str, Any], link: str) -> str:
    """The first words of a mail as the house writes them."""
    language = language_of(reader)
    context = {**_habits(reader, language), **facts, "link": absolute(link), "kind": kind}
    template = _environment(language).get_template(f"{kind.name}/body.txt")
    block = template.blocks["ask"](template.new_context(context))
    return re.sub(r"\n{3,}", "\n\n", "".join(block)).strip()


def phrase(template: str, language: str, **facts: Any) -> str:
    """A few words in a language: a template beside those of the kinds."""
    return _environment(language).get_template(template).render(facts).strip()


def language_of(reader: Reader) -> str:
    """In which language a mail for ``reader`` is written."""
    return reader.language if reader.language in LANGUAGES else house().language


def _links(kind: MailKind, key: str, language: str) -> dict[str, Any]:
    """Where the mail is read in other languages, and where it is answered."""
    if not key:
        return {"others": [], "answers": {}}
    open_at = absolute(f"/m/{make(Purpose.read, key)}")
    answer_at = absolute(f"/r/{make(Purpose.answer, key)}")
    return {
        "others": [
            (code, _own_name(code), f"{open_at}?lang={code}")
            for code in LANGUAGES
            if code != language
        ],
        "answers": {name: f"{answer_at}?answer={name}" for name in ANSWERS if kind.answers},
    }


def _followed(kind: MailKind, link: str, key: str) -> str:
    """Where the button leads; that a link to sign in was followed shows by itself."""
    address = absolute(link)
    return address if not key or (kind.urgent and kind.secret) else marked(address, key)


def _own_name(code: str) -> str:
    return Locale.parse(code).get_display_name(code) or code


def _habits(reader: Reader, language: str) -> dict[str, Any]:
    """What every template may use."""
    time_zone = zone(getattr(reader, "time_zone", ""))
    return {
        "name": reader.name,
        "language": language,
        "contact": house().contact,
        "due_on": None,
        "organisation": "",
        "day": lambda value: _day(value, language),
        "why": lambda match_id: house().why(match_id, language),
        "moment": lambda value: _moment(value, language, time_zone),
        "short_day": lambda value: format_date(value, "d MMM", locale=language),
    }


def _day(value: date, language: str) -> str:
    return format_date(value, "long", locale=language)


def _moment(value: datetime, language: str, time_zone: Any) -> str:
    return format_datetime(value, "long", tzinfo=time_zone, locale=language)


def _render(environment: Environment, kind: str, context: Mapping[str, Any], name: str) -> str:
    text = environment.get_template(f"{kind}/{name}").render(context).strip()
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"


def _to_whom(environment: Environment, context: Mapping[str, Any]) -> str:
    """The subject of a mail that asks for something: who, what, until when."""
    return " ".join(environment.get_template("asked.txt").render(context).split())


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
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined] # given by the extension i18n
    environment.globals["colon"] = catalogue.gettext(":")
    return environment
