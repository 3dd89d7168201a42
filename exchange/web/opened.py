"""Whoever follows the button of a mail comes with its name: it is noted and taken off."""

from typing import Any
from urllib.parse import urlencode

from flask import Flask, redirect, request

from exchange import edge
from exchange.messages.openings import MARK, note_opening
from exchange.transaction import transaction, writing


def register(app: Flask) -> None:
    """Look at each address that is asked for."""
    app.before_request(_came_from_a_mail)


def by_a_person() -> bool:
    """Whether a person follows a link, as far as can be told: programs that read mails ahead of
    people do not say, as browsers do, that they want a page to show."""
    ahead = request.headers.get("Sec-Purpose") or request.headers.get("Purpose")
    return request.headers.get("Sec-Fetch-Dest") == "document" and not ahead


def note(key: str) -> None:
    """Note the first opening of a mail, when a person follows its link."""
    if by_a_person():
        with writing(), transaction():
            note_opening(key, actor=edge.actor())


def _came_from_a_mail() -> Any:
    key = request.args.get(MARK, "")
    if not key or request.method not in ("GET", "HEAD") or request.path.startswith("/api/"):
        return None
    note(key[:40])
    left = [(name, value) for name, value in request.args.items(multi=True) if name != MARK]
    return redirect(request.path + (f"?{urlencode(left)}" if left else ""))
