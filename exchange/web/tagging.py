"""Themes and SDG targets that a text suggests: unticked boxes for its author to confirm."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from exchange import labels
from exchange.catalogue.models import Need, Offer
from exchange.matching.tagging import suggest_tags
from exchange.web.forms import Form


@dataclass(frozen=True)
class Suggestion:
    """A term that the text suggests, and the words that do."""

    code: str
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Suggestions:
    """The suggestions for one field of the form."""

    field: str
    label: str
    found: list[Suggestion]


def is_asked() -> bool:
    """Whether somebody wants suggestions now, and not to save."""
    return request.values.get("suggest") == "tags"


def next_page(pages: str, row: Need | Offer) -> str:
    """Where to go after a draft was saved: to its page; without any theme and SDG target, to what
    its text suggests."""
    if row.tagged("theme") or row.tagged("sdg_target"):
        return url_for(f"{pages}.show", id=row.id)
    return url_for(f"{pages}.edit", id=row.id, suggest="tags", _anchor="suggestions")


def suggested(form: Form) -> list[Suggestions]:
    """What the text suggests as it stands in the form, without what is ticked already. Nothing is
    saved, and what was typed stays in the form."""
    form.again = True
    title, text, language = (str(form[name].value) for name in ("title", "text", "language"))
    found = suggest_tags(title, text, language)
    asked = form.schema.load_fields
    return [_for_field(form, name, pairs) for name, pairs in found.items() if name in asked]


def _for_field(form: Form, name: str, pairs: Any) -> Suggestions:
    shown = form[name]
    names = {option.value: option.label for option in shown.options}
    return Suggestions(
        name,
        str(labels.FIELDS[name]),
        [
            Suggestion(code, names[code], tuple(words))
            for code, words in pairs
            if code in names and code not in shown.value
        ],
    )
