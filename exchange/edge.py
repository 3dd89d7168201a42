"""What both faces share: who is asking, in which language, and what they may touch.

A room the plan of the house does not name: the two faces must not import each other, and the same
twenty lines stood in both.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from flask import current_app, g, has_request_context, request
from flask_babel import get_locale
from sqlalchemy import Select
from werkzeug.datastructures import MultiDict
from werkzeug.routing import MapAdapter

from exchange import policy
from exchange.config import LANGUAGES, Settings
from exchange.directory.models import Person
from exchange.edge_seen import shown
from exchange.errors import NotAllowed

View = Callable[..., Any]


def settings() -> Settings:
    """The settings of the running application."""
    known: Settings = current_app.config["EXCHANGE"]
    return known


def actor() -> Person | None:
    """Who asks, or None for a visitor."""
    return g.get("actor")


def signed_in() -> Person:
    """Who asks.

    :raises NotAllowed: nobody has signed in.
    """
    person = actor()
    if person is None:
        raise NotAllowed("sign_in_first")
    return person


def language() -> str:
    """The language of this request: of the address, asked for, kept here, the person's, the
    browser's."""
    if not has_request_context():  # a command of the command line
        return settings().default_language
    asked = (g.get("address_language", ""), request.args.get("lang", ""))
    for wanted in (*asked, request.cookies.get("lang", ""), getattr(actor(), "language", "")):
        if wanted in LANGUAGES:
            return wanted
    return request.accept_languages.best_match(LANGUAGES) or settings().default_language


def known(model: type[Any]) -> Select[Any]:
    """The rows of ``model`` that whoever asks may know of: what is sent may name no other."""
    return policy.scoped(model, actor())


def current_language() -> str:
    """The language in force, as a code."""
    return str(get_locale() or settings().default_language)


def access(
    permission: str, model: Any = None, *, load: Callable[[], Sequence[Any]] = tuple
) -> Callable[[View], View]:
    """Guard a view by a line of the table of permissions.

    With ``model``, the row named by the view's ``id`` is found (404 when the actor may not know of
    it), the permission is asked for that row, and the view gets the row instead of the id. What
    ``load`` gives are loader options: what the page shows beside the row comes in the same breath.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if model is None:
                _require(permission, None)
                return view(*args, **kwargs)
            row_id = kwargs.pop("id")
            if actor() is None and not policy.allowed(None, permission):
                raise NotAllowed("sign_in_first")
            row = policy.find(model, row_id, actor(), load=load())
            _require(permission, row)
            g.record = row
            shown(row)
            return view(*args, row, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined] # read by tests and by the document of the API
        guarded.model = model  # type: ignore[attr-defined] # the same
        return guarded

    return decorate


def _require(permission: str, row: Any) -> None:
    if actor() is None and not policy.allowed(None, permission, row):
        raise NotAllowed("sign_in_first")
    policy.require(actor(), permission, row)


def routes() -> MapAdapter:
    """The addresses of this site, to ask what an address leads to."""
    return current_app.create_url_adapter(request) or current_app.url_map.bind("localhost")


def time_zone() -> str:
    """The time zone of the person who asks, else the one of the settings."""
    return getattr(actor(), "time_zone", "") or settings().time_zone


def drop_body() -> None:
    """What was sent is too large to be read: whoever looks at the form after this finds none,
    where a second try to read it would fail again."""
    asked = request._get_current_object()  # type: ignore[attr-defined] # behind the proxy
    asked.form = asked.files = MultiDict()
