"""The language in the address of a public page: /fr/lessons is French for whoever opens it.

Signed-in pages have none: they follow the person's setting.
"""

from typing import Any

from flask import Flask, current_app, g, request, url_for

from exchange import edge
from exchange.config import LANGUAGES

# Begins the rule of each public page.
PREFIX = f"/<any({', '.join(LANGUAGES)}):lang>"


def register(app: Flask) -> None:
    """Take the language out of an address that is asked for, put it into one that is made."""
    app.url_value_preprocessor(_take_out)
    app.url_defaults(_put_in)
    app.jinja_env.globals.update(in_other_languages=in_other_languages)


def _take_out(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.address_language = (values or {}).pop("lang", "")


def _put_in(endpoint: str, values: dict[str, Any]) -> None:
    if current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values.setdefault("lang", edge.current_language())


def in_other_languages() -> list[tuple[str, str]]:
    """(language, whole address) of the page that is shown, in every language."""
    known = {**request.args.to_dict(flat=False), **(request.view_args or {})}
    root = edge.settings().public_url.rstrip("/")
    return [
        (code, root + url_for(request.endpoint or "", **{**known, "lang": code}))
        for code in LANGUAGES
    ]


def switched(path: str, code: str) -> str:
    """``path`` in another language, when it is the address of a public page."""
    _empty, first, *rest = [*path.split("/", 2), ""][:3] if path.startswith("/") else ("", "", "")
    return f"/{code}/{rest[0]}" if first in LANGUAGES else path
