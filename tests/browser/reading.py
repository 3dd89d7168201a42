"""Pages read at the program's own door: which address shows a page to a role, and what it says.

A browser takes ten times as long, so it only looks at what this reader finds new.
"""

import re
from typing import Any, NamedTuple

from flask.testing import FlaskClient
from werkzeug.routing import Rule

from exchange.accounts.actions import begin_sign_in
from exchange.extensions import db
from tests.browser import addresses
from tests.browser.serving import Server

# What differs between two readers of the same page: tokens, numbers of kept forms, the way back.
OWN = re.compile(r"<input\b[^>]*\bhidden\b[^>]*>|data-keep=\"[^\"]*\"")
MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)


class Found(NamedTuple):
    """A page that a role can open: the values in its address, and what it says in English."""

    rule: Rule
    values: addresses.Values
    main: str

    def path(self, language: str) -> str:
        """Its address; the language is named there only by the public pages."""
        return _path(self.rule, self.values, language)


class Reader:
    """One role, signed in."""

    def __init__(self, server: Server, role: str) -> None:
        self._server, self.role = server, role
        self.client = signed_in(server, role)
        self.client.set_cookie("lang", "en")

    def find(self, rule: Rule) -> Found | None:
        """The first address at which this role sees the page; None when there is none."""
        app = self._server.app
        with app.test_request_context():
            if not addresses.may_open(app, rule.endpoint, self.role):
                return None
            candidates = addresses.candidates(app, rule, self.role, self._server.secrets)
            return next(filter(None, (self._read(rule, values) for values in candidates)), None)

    def _read(self, rule: Rule, values: addresses.Values) -> Found | None:
        path = _path(rule, values, "en")
        answer = self.client.get(path)
        assert answer.status_code < 500, f"{answer.status} at {path} for the {self.role}"
        if answer.status_code != 200:
            return None
        return Found(rule, values, _main(answer.get_data(as_text=True)))


def signed_in(server: Server, role: str) -> FlaskClient:
    """A client that carries the sign-in of a role."""
    client = server.app.test_client()
    with server.app.app_context():
        if (somebody := addresses.person(role)) is not None:
            secret = begin_sign_in(somebody)
            db.session.commit()
            with client.session_transaction() as session:
                session["sign_in"] = secret
    return client


def _main(html: str) -> str:
    found: Any = MAIN.search(html)
    return OWN.sub("", found.group() if found else html)


def _path(rule: Rule, values: addresses.Values, language: str) -> str:
    wanted = {"lang": language} if "lang" in rule.arguments else {}
    return addresses.path_of(rule, {**values, **wanted})
