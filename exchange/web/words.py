"""Names and texts in the reader's language."""

from babel import Locale
from flask_babel import get_locale

from exchange import edge


def language_name(code: str) -> str:
    """The name of a language in the reader's language."""
    locale = get_locale() or Locale("en")
    return str(locale.languages.get(code, code))


def country_name(code: str | None) -> str:
    """The name of a country in the reader's language."""
    locale = get_locale() or Locale("en")
    return str(locale.territories.get(code, code)) if code else ""


def lang_text(texts: dict[str, str] | None) -> str:
    """The text in the reader's language, else in English, else any."""
    texts = texts or {}
    fallback = texts.get("en") or next(iter(texts.values()), "")
    return texts.get(edge.current_language()) or fallback
