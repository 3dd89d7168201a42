"""Names and texts in the reader's language."""

from collections.abc import Mapping

from babel import Locale
from flask_babel import get_locale

from exchange import edge, labels
from exchange.vocabularies.queries import terms_of


def language_name(code: str) -> str:
    """The name of a language in the reader's language."""
    locale = get_locale() or Locale("en")
    return str(locale.languages.get(code, code))


def own_name(code: str) -> str:
    """The name of a language in that language, as a menu of languages says it."""
    name = str(Locale(code).languages.get(code, code))
    return name[:1].upper() + name[1:]


def country_name(code: str | None) -> str:
    """The name of a country in the reader's language."""
    locale = get_locale() or Locale("en")
    return str(locale.territories.get(code, code)) if code else ""


def lang_text(texts: dict[str, str] | None) -> str:
    """The text in the reader's language, else in English, else any."""
    texts = texts or {}
    fallback = texts.get("en") or next(iter(texts.values()), "")
    return texts.get(edge.current_language()) or fallback


def names_of(vocabulary: str) -> dict[str, str]:
    """What the terms of a short vocabulary are called in the reader's language, by code."""
    language = edge.current_language()
    return {term.code: term.label(language) for term in terms_of(vocabulary, retired=True)}


def group_name(kind: str, code: str, sections: Mapping[str, str]) -> str:
    """What a group of cities is called, in whose figures a run is told: by section, size or
    language."""
    if kind == "size" or code in ("", "unknown"):
        return str(labels.SIZES[code or "unknown"])
    return sections.get(code, code) if kind == "section" else language_name(code)
