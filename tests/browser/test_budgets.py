"""What a page may cost: statements, bytes and requests, cold and warm (the bar of the design).

Measured on the demonstration; that the number of statements does not grow with the rows is held
by ``tests/integration/test_lists_cost_the_same.py``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy import event

from exchange.extensions import db
from tests.browser.addresses import candidates, pages, path_of
from tests.browser.reading import signed_in
from tests.browser.serving import Server

KB = 1024


class Budget(NamedTuple):
    """What one page may cost at most for one role."""

    endpoint: str
    role: str
    statements: int
    html_kb: int
    cold_kb: int
    requests: int


STAFF = [
    Budget("dashboard.index", "officer", 12, 8, 45, 8),
    Budget("exchanges.index", "officer", 8, 8, 35, 6),
    Budget("exchanges.show", "officer", 12, 8, 35, 6),
    Budget("matches.show", "officer", 12, 10, 40, 6),
    Budget("board.show", "officer", 12, 10, 45, 8),
    Budget("messages.index", "officer", 8, 8, 35, 6),
    Budget("matching.index", "officer", 12, 10, 45, 8),
]
PHONE = [
    Budget(endpoint, role, 12, 10, 45, 8)
    for endpoint, role in (
        ("public.home", "visitor"),
        ("home.index", "city"),
        ("notes.library", "visitor"),
        ("account.sign_in", "visitor"),
        ("follow_ups.by_link", "visitor"),
        ("my.show", "association"),
        ("proposals.show", "association"),
        ("proposals.subject", "association"),
        ("city.show", "city"),
        ("matches.show", "city"),
        ("exchanges.show", "city"),
        ("needs.create", "city"),
    )
]
WARM_KB = 10


@dataclass
class Traffic:
    """What a window asks for, as the network sees it: nothing that came from its own store."""

    sizes: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, page: Page) -> "Traffic":
        """Listen to a window from now on."""
        traffic, session = cls(), page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", traffic.arrived)
        return traffic

    def arrived(self, told: dict[str, Any]) -> None:
        """One answer has come whole."""
        if told["encodedDataLength"]:
            self.sizes[told["requestId"]] = int(told["encodedDataLength"])

    def take(self) -> tuple[int, float]:
        """(requests, KB) since the last call."""
        taken, self.sizes = self.sizes, {}
        return len(taken), sum(taken.values()) / KB


@contextmanager
def _statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def _path(server: Server, client: FlaskClient, page: Budget) -> str:
    """The heaviest address of this page that the role may open."""
    rules = [r for r in pages(server.app) if r.endpoint == page.endpoint]
    rule = max(rules, key=lambda one: len(one.arguments))
    with server.app.test_request_context():
        language = {"lang": "fr"} if "lang" in rule.arguments else {}
        found = list(candidates(server.app, rule, page.role, server.secrets))[-40:]
        paths = [path_of(rule, {**one, **language}) for one in found]
    sizes = {p: len(a.data) for p in paths if (a := client.get(p)).status_code == 200}
    assert sizes, f"the {page.role} can open none of {paths}"
    return max(sizes, key=lambda path: sizes[path])


def _named(budget: Budget) -> str:
    return f"{budget.endpoint} {budget.role}"


@pytest.mark.parametrize("most", STAFF + PHONE, ids=_named)
def test_statements_and_bytes_of_a_page(most: Budget, server: Server) -> None:
    client = signed_in(server, most.role)
    path = _path(server, client, most)
    with server.app.app_context(), _statements() as seen:
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    size = len(answer.data) / KB
    assert size <= most.html_kb, f"{path}: {size:.1f} KB of HTML"
    assert len(seen) <= most.statements, f"{path}: {len(seen)}\n" + "\n".join(seen)


@pytest.mark.parametrize("most", STAFF + PHONE, ids=_named)
def test_traffic_of_a_page(most: Budget, server: Server, page_as: Callable[..., Page]) -> None:
    path = _path(server, signed_in(server, most.role), most)
    page = page_as(most.role, 1280 if most in STAFF else 360, "fr")
    traffic = Traffic.of(page)
    page.goto(path, wait_until="networkidle")
    asked, size = traffic.take()
    assert asked <= most.requests, f"{path}: {asked} requests"
    assert size <= most.cold_kb, f"{path}: {size:.1f} KB cold"
    page.goto(path, wait_until="networkidle")
    asked, size = traffic.take()
    assert size <= WARM_KB, f"{path}: {size:.1f} KB warm, in {asked} requests"


def test_style_and_scripts_are_small(server: Server) -> None:
    client, size = server.app.test_client(), {}
    for file in Path(server.app.static_folder or "").iterdir():
        with server.app.test_request_context():
            address = server.app.url_for("static", filename=file.name)
        with client.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
            size[file.name] = len(answer.data) / KB
    assert size["app.css"] <= 8
    assert max(kb for name, kb in size.items() if name.endswith(".js")) <= 4


def test_the_policy_lets_nothing_in_from_outside_or_inline(server: Server) -> None:
    headers = server.app.test_client().get("/sign-in").headers
    policy = headers["Content-Security-Policy"]
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";") if rule.strip()}
    assert rules["default-src"] in (["'none'"], ["'self'"])
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "nonce" not in policy
