"""What templates may use: words for codes, dates in the reader's language, addresses of pages."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from babel.numbers import format_percent
from flask import Flask, current_app, request, url_for
from flask_babel import format_currency, format_date, format_decimal, format_time, get_locale
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from exchange import edge, labels, policy
from exchange.config import LANGUAGES
from exchange.labels.kinds import state_kind
from exchange.lessons.text import html
from exchange.web.menu import Menu, kind_for, menu_for
from exchange.web.option import Option
from exchange.web.options import of_enum, options_for, sdg_goals
from exchange.web.words import (
    as_written,
    country_name,
    group_name,
    guessed,
    lang_marked,
    lang_text,
    language_name,
    own_name,
)
from workflows.registry import WORKFLOWS


def register(app: Flask) -> None:
    """Make them known to every template."""
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=day,
        iso_day=lambda text: date.fromisoformat(text) if text else None,
        moment=moment,
        clock=clock,
        number=number,
        percent=percent,
        money=money,
        state=state_label,
        state_kind=state_kind,
        trigger=trigger_label,
        choice=labels.choice,
        term=term_label,
        language_name=language_name,
        own_name=own_name,
        country_name=country_name,
        lang_text=lang_text,
        lang_marked=lang_marked,
        as_written=as_written,
        guessed=guessed,
        paragraphs=paragraphs,
        markdown=markdown,
    )
    # Globals, not context: macros of components are imported without a context.
    app.jinja_env.globals.update(
        labels=labels,
        may=may,
        moves=moves,
        menu=menu,
        is_near=is_near,
        place_exists=lambda endpoint: endpoint in current_app.view_functions,
        options=options,
        choices=of_enum,
        sdg_goals=sdg_goals,
        days=days,
        page_url=page_url,
        reading_language=edge.current_language,
        group_name=group_name,
        reason_needed=lambda name, trigger, at: WORKFLOWS[name].needs_reason(trigger, at),
        state_options=lambda name: of_enum(WORKFLOWS[name].states),
        unmet=unmet,
        # Between a label and what it says: French puts a space before it.
        colon=_l(":"),
    )
    app.context_processor(_of_the_request)


def _of_the_request() -> dict[str, Any]:
    return {"actor": edge.actor(), "language": edge.current_language(), "languages": LANGUAGES}


def may(permission: str, row: Any = None) -> bool:
    """Whether the person who asks has a permission: a button is there only then."""
    return policy.allowed(edge.actor(), permission, row)


def menu() -> Menu:
    """The main menu of the person who asks."""
    actor = edge.actor()
    if actor is None:
        return menu_for("", may)
    return menu_for(kind_for(actor), may)


def is_near(endpoint: str) -> bool:
    """Whether this page belongs to an entry of the menu: it is of the same noun."""
    noun = endpoint.split(".", maxsplit=1)[0]
    return request.blueprint == noun and noun not in ("messages", "account")


def moves(workflow: str, row: Any) -> list[str]:
    """The moves of ``row`` that the person who asks may make now."""
    return policy.open_triggers(WORKFLOWS[workflow], row, edge.actor())


def unmet(workflow: str, row: Any) -> dict[str, tuple[str, ...]]:
    """The moves the person may make once some facts hold, and the facts that are missing."""
    table = WORKFLOWS[workflow]
    return {
        trigger: facts
        for trigger in table.triggers_from(row.state)
        if (facts := table.unmet(trigger, row)) and may(f"{workflow}.{trigger}", row)
    }


def options(name: str) -> list[Option]:
    """A list that filters offer, by its name."""
    return [option for option in options_for({"options": name}) if option.value]


def page_url(**changes: Any) -> str:
    """The address of this page with some of its query changed (None takes a name away)."""
    query = {**request.args.to_dict(flat=False), **(request.view_args or {}), **changes}
    return url_for(request.endpoint or "", **{k: v for k, v in query.items() if v is not None})


def days(first: date | None, last: date | None) -> str:
    """The days from first to last; one dash when none is known."""
    if not first and not last:
        return "–"
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def day(value: date | None, form: str = "medium") -> str:
    """A day in the reader's language, that of an instant by the reader's clock; a dash for none."""
    if value is None:
        return "–"
    return format_date(value, form, rebase=isinstance(value, datetime))


def moment(value: datetime | None) -> str:
    """An instant in the reader's language and time zone."""
    if value is None:
        return "–"
    return f"{format_date(value, 'medium')}, {format_time(value, 'short')}"  # nobody needs seconds


def clock(value: time) -> str:
    """A local time."""
    return format_time(datetime.combine(date(2000, 1, 1), value), "short", rebase=False)


def percent(value: float, digits: int = 0) -> str:
    """A share of one, as a percentage the reader writes: 0.034 is 3.4 %."""
    rounded = round(value, 2 + digits)
    return format_percent(rounded, locale=get_locale() or "en", decimal_quantization=False)


def number(value: float | None) -> str:
    """A number as the reader writes it."""
    return format_decimal(value) if value is not None else "–"


def money(value: Decimal, currency: str) -> str:
    """An amount in its currency as the reader writes it."""
    return format_currency(value, currency)


def state_label(value: str, workflow: str) -> str:
    """The words for a state."""
    return str(labels.STATES[workflow][str(value)])


def trigger_label(value: str, workflow: str) -> str:
    """The words for a move."""
    if value == "override":
        return str(labels.OVERRIDE)
    if value == "record_past":
        return str(labels.RECORD_PAST)
    return str(labels.TRIGGERS[workflow][value])


def term_label(term: Any) -> str:
    """The label of a vocabulary term in the reader's language."""
    return str(term.label(edge.current_language()))


def markdown(text: str) -> Markup:
    """The small Markdown of notes as HTML that can do no harm."""
    return Markup(html(text))  # noqa: S704 - cleaned by a list of what is allowed


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs; whatever looks like a tag stays text."""
    parts = [part for part in text.split("\n\n") if part.strip()]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in part.split("\n")))
        for part in parts
    )
