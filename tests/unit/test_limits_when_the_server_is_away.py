"""Whoever counts visitors may be away or hang: each process counts by itself meanwhile."""

import socket
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_limiter import Limiter

from exchange.limits import client, config_of


@pytest.fixture(params=["away", "hung"])
def nobody_counts(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a Redis that is not there, or takes connections and says nothing."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        if request.param == "hung":
            door.listen()
        yield f"redis://127.0.0.1:{door.getsockname()[1]}/0"


def test_a_page_with_a_limit_goes_on_and_keeps_it(nobody_counts: str) -> None:
    app = Flask(__name__)
    app.config.update(config_of(nobody_counts))
    limiter = Limiter(client, app=app)
    app.get("/door")(limiter.limit("2/minute")(lambda: "come in"))
    knocks = [app.test_client().get("/door").status_code for _ in range(4)]
    assert knocks == [200, 200, 429, 429]


def test_whoever_counts_in_memory_needs_no_server() -> None:
    assert config_of("memory://")["RATELIMIT_STORAGE_OPTIONS"] == {}
