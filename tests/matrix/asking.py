"""Every role asks every route, for its own row, a foreign one and a foreign draft."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from exchange.limits import limiter
from tests.matrix.answers import Answers
from tests.matrix.routes import Keys, Route, address, body
from tests.matrix.world import OBJECTS, ROLES, World


def ask(world: World, route: Route) -> Iterator[tuple[str, Answers]]:
    """The answers to a route, one for each role, by object; objects with the same answers are
    named together.
    """
    objects = OBJECTS if route.is_of_a_row else ("-",)
    found: dict[Answers, list[str]] = {}
    for one in objects:
        answers = tuple(asked(world, route, role, one) for role in ROLES)
        found.setdefault(answers, []).append(one)
    for answers, names in found.items():
        yield "all" if len(names) == len(OBJECTS) else ",".join(names), answers


def asked(world: World, route: Route, role: str, one: str) -> str:
    """The answer to one role, for its row of one kind of object ("-": the address names none).

    :raises AssertionError: a fault of ours, or a limit.
    """
    keys = world.objects["own" if one == "-" else one]
    with world.app.app_context():
        where = address(route, keys)
    client, sent = client_of(world, role, is_api=route.is_api), what_is_sent(route, keys)
    with no_limits():
        answer = client.open(where, method=route.method, **sent)
    answer.close()
    if route.method != "GET" and answer.status_code < 400:
        # A move that was let through has moved something.
        world.database.put_back(world.app)
    return _word(answer)


@contextmanager
def no_limits() -> Iterator[None]:
    """Whoever asks this often is not asked to wait."""
    before, limiter.enabled = limiter.enabled, False
    try:
        yield
    finally:
        limiter.enabled = before


def what_is_sent(route: Route, keys: Keys) -> dict[str, Any]:
    """The query or the body of a request."""
    sent = body(route, keys)
    if not sent:
        return {}
    if route.method == "GET":
        return {"query_string": sent}
    return {"json": sent} if route.is_api else {"data": sent}


def client_of(world: World, role: str, *, is_api: bool) -> FlaskClient:
    """A browser of this role, or its client of the API."""
    client = world.app.test_client()
    if role == "visitor":
        return client
    if is_api:
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {world.tokens[role]}"
        return client
    with client.session_transaction() as session:
        session["sign_in"] = world.sign_ins[role]
    return client


def _word(answer: TestResponse) -> str:
    """``yes`` for whatever was let through, also when what was sent would not do."""
    to_sign_in = answer.status_code == 302 and answer.location.split("?")[0] == "/sign-in"
    if answer.status_code == 401 or to_sign_in:
        return "in"
    not_ready = answer.status_code == 503 and answer.request.path == "/readyz"
    if answer.status_code == 429 or (answer.status_code >= 500 and not not_ready):
        raise AssertionError(f"{answer.request.method} {answer.request.path}: {answer.status}")
    return str(answer.status_code) if answer.status_code in (403, 404) else "yes"
