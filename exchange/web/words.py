"""Names and texts in the reader's language."""

from collections.abc import Mapping

from babel import Locale
from flask_babel import get_locale
from markupsafe import Markup, escape

from exchange import edge, labels
from exchange.matching.text.words import guess_language, words_of
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
    return _chosen(texts)[1]


def lang_marked(texts: dict[str, str] | None) -> Markup:
    """The same for a page: what is in another language than the page says so."""
    language, text = _chosen(texts)
    return _marked(text, language)


def _chosen(texts: dict[str, str] | None) -> tuple[str, str]:
    wanted = (edge.current_language(), "en", *(texts or {}))
    return next(((one, texts[one]) for one in wanted if texts and texts.get(one)), ("", ""))


def as_written(text: str) -> Markup:
    """A note whose writer was asked for no language: marked with the one that it seems to be in."""
    return _marked(text, guessed(text))


def guessed(text: str) -> str:
    """The language that a note seems to be in; empty when one cannot tell."""
    return guess_language(words_of(text))


def _marked(text: str, language: str) -> Markup:
    if language in ("", edge.current_language()):
        return escape(text)
    return Markup('<span lang="{}">{}</span>').format(language, text)


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
