"""The house that is called: the demonstration, put back as it was before each operation."""

import json
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from exchange.accounts.actions import begin_sign_in
from exchange.accounts.models import ApiToken
from exchange.accounts.queries import hashed
from exchange.app import create_app
from exchange.clock import now
from exchange.config import CHECKOUT, load
from exchange.extensions import Base, db
from tests.browser.addresses import person
from tests.browser.people import ROLES
from tests.browser.serving import BUILT, built
from tests.browser.world import SECRETS
from tests.databases import Kept

MOST_IDS = 12
HERE = f"{CHECKOUT}/exchange/"


class House:
    """The application, who calls it, and which rows there are to call for."""

    def __init__(self, shared: Path) -> None:
        self.database = Kept(shared / BUILT, "fuzz")
        folder = built(shared, self.database.environ)
        self.app = _application(self.database.environ)
        self.raised = ""
        self._listen()
        self.secrets = json.loads((folder / SECRETS).read_text(encoding="utf-8"))
        with self.app.app_context():
            self.cookies = {role: _sign_in(role) for role in ROLES if ROLES[role]}
            self.tokens = {role: _token(role) for role in ROLES if ROLES[role]}
            db.session.commit()
            self.ids = _ids()
        self.database.keep(self.app)

    def _listen(self) -> None:
        """Remember what was raised last, in one line: an answer of 500 does not say it."""
        handlers = self.app.error_handler_spec[None][None]
        answer = handlers[Exception]

        def noted(error: Exception) -> Any:
            ours = [f for f in traceback.extract_tb(error.__traceback__) if HERE in f.filename]
            at = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
            self.raised = f"{type(error).__name__} {' '.join(str(error).split())[:160]} at {at}"
            return answer(error)

        handlers[Exception] = noted
        quiet = structlog.make_filtering_bound_logger("critical")
        structlog.configure(wrapper_class=quiet)

    def put_back(self) -> None:
        """Every row as it was."""
        self.database.put_back(self.app)

    def browser(self, role: str) -> FlaskClient:
        """A browser that this role has signed in with."""
        client = self.app.test_client()
        if role in self.cookies:
            with client.session_transaction() as session:
                session["sign_in"] = self.cookies[role]
        return client

    def headers(self, role: str) -> dict[str, str]:
        """What the API reads of who asks."""
        plain = {"Accept-Encoding": "identity"}
        known = role in self.tokens
        return {**plain, "Authorization": f"Bearer {self.tokens[role]}"} if known else plain

    def known(self, name: str) -> Sequence[int]:
        """Ids of rows that a name such as ``organisation_id`` may speak of."""
        return self.ids.get(_tables().get(name.removesuffix("s"), name.removesuffix("_id")), ())


def _application(database: Mapping[str, str]) -> Flask:
    quiet = {"EXCHANGE_LOG_LEVEL": "ERROR", "EXCHANGE_QUIET_HOURS": "00:00-00:00"}
    app = create_app(load({**database, **quiet}))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def _sign_in(role: str) -> str:
    found = person(role)
    assert found is not None, role
    return begin_sign_in(found)


def _token(role: str) -> str:
    found, secret = person(role), f"fuzz-{token_urlsafe()}"
    assert found is not None, role
    token = ApiToken(person_id=found.id, name="fuzz", secret_hash=hashed(secret))
    token.scopes, token.used_at = ["read", "write"], now()
    db.session.add(token)
    return secret


def _ids() -> Mapping[str, Sequence[int]]:
    """Some ids of each table, of the begin and of the end."""
    found: dict[str, Sequence[int]] = {}
    for name, table in Base.metadata.tables.items():
        if "id" in table.c:
            ids: list[Any] = list(db.session.scalars(select(table.c.id).order_by(table.c.id)))
            found[name] = [*ids[: MOST_IDS // 2], *ids[MOST_IDS // 2 :][-MOST_IDS // 2 :]]
    return found


@cache
def _tables() -> Mapping[str, str]:
    """Name of a column that refers → the table it refers to."""
    return {
        key.parent.name: key.column.table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
    }
