"""Names of languages and countries in the reader's language."""

from babel import Locale
from flask_babel import get_locale


def language_name(code: str) -> str:
    """The name of a language in the reader's language."""
    locale = get_locale() or Locale("en")
    return str(locale.languages.get(code, code))


def country_name(code: str | None) -> str:
    """The name of a country in the reader's language."""
    locale = get_locale() or Locale("en")
    return str(locale.territories.get(code, code)) if code else ""
