"""Every page, for every role who may open it: access, width, languages, policy, addresses.

Each page and role comes once, in a language, width and scheme that rotate over the pages;
MATRIX=full takes them all.
"""

import os
import re
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import pytest
from playwright.sync_api import Page
from werkzeug.routing import Rule

from exchange.app import create_app
from exchange.config import LANGUAGES, load
from tests.browser import addresses, looking
from tests.browser.people import SWEPT
from tests.browser.serving import Server


class Look(NamedTuple):
    """How a page is looked at."""

    width: int
    language: str
    scheme: str


LOOKS = [Look(*one) for one in product((1280, 360), LANGUAGES, ("light", "dark"))]
# What axe has looked at, by width and scheme.
KNOWN: dict[tuple[int, str], set[int]] = {}
# Of one look, more would say nothing new.
MOST = 15
FULL = os.environ.get("MATRIX") == "full"


@cache
def _rules() -> dict[str, Rule]:
    folder = os.environ.setdefault("EXCHANGE_VAR", "build/browser")
    Path(folder).mkdir(parents=True, exist_ok=True)
    app = create_app(load({"EXCHANGE_VAR": folder, "EXCHANGE_DATABASE_URL": "sqlite://"}))
    return {f"{r.endpoint} {r.rule}": r for r in addresses.pages(app)}


def looks_at(endpoint: str, role: str) -> list[Look]:
    """All looks with MATRIX=full; else one that is always the same for this page and role."""
    turn = crc32(f"{endpoint} {role}".encode()) % len(LOOKS)
    return LOOKS if FULL else [LOOKS[turn]]


class Window:
    """One window a role, kept open over the pages."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.ears = page, looking.Listener(page, url)

    def show(self, address: str, look: Look, url: str) -> int:
        """Open the address as it is to be looked at; return the status."""
        cookie = {"name": "lang", "value": look.language, "url": url}
        self.page.context.add_cookies([cookie])
        self.page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
        self.page.set_viewport_size({"width": look.width, "height": 800})
        answer = self.page.goto(address, wait_until="load")
        return answer.status if answer else 0


@pytest.fixture(scope="session")
def windows(everybody, server: Server) -> Callable[[str], Window]:
    """The window of a role."""
    return cache(lambda role: Window(everybody.window(role), server.url))


def _address(window: Window, server: Server, rule: Rule, role: str, language: str) -> str:
    """An address that shows this page to this role; empty when there is none."""
    with server.app.test_request_context():
        if not addresses.may_open(server.app, rule.endpoint, role):
            return ""
        wanted = {"lang": language} if "lang" in rule.arguments else {}
        found = addresses.candidates(server.app, rule, role, server.secrets)
        paths = [addresses.path_of(rule, {**values, **wanted}) for values in found]
    for path in paths:
        answer = window.page.request.get(path, max_redirects=0)
        if answer.status == 200:
            return path
        assert answer.status < 500, f"{answer.status} at {path} for the {role}"
    return ""


@pytest.mark.parametrize("name", sorted(_rules()))
def test_every_page_can_be_read_by_everyone_who_may_open_it(
    name: str, server: Server, windows: Callable[[str], Window], shots: Path | None
) -> None:
    rule, wrong, opened = _rules()[name], [], 0
    for role in SWEPT:
        window = windows(role)
        for look in looks_at(rule.endpoint, role):
            if path := _address(window, server, rule, role, look.language):
                opened += 1
                found = _look(window, path, look, server.url)
                wrong += [f"{role}, {path}, {' '.join(map(str, look))}: {told}" for told in found]
                _keep(window, shots, f"{rule.endpoint} {role} {look.width} {look.language}")
    assert not wrong, "\n".join(wrong)
    assert opened, f"nobody of the demonstration can open {rule.rule}"


def _look(window: Window, path: str, look: Look, url: str) -> list[str]:
    window.ears.take()
    status = window.show(path, look, url)
    found = [f"answers {status}"] if status != 200 else []
    found += looking.shape(window.page, look.language)
    found += window.ears.take()
    found += looking.axe(window.page, KNOWN.setdefault((look.width, look.scheme), set()))
    found += looking.sideways_scroll(window.page)
    kept = found[:MOST]
    return kept + ([f"and {len(found) - MOST} more"] if found[MOST:] else [])


def _keep(window: Window, shots: Path | None, name: str) -> None:
    if shots:
        file = shots / (re.sub(r"[^\w.]+", "-", name) + ".png")
        window.page.screenshot(path=file, full_page=True)
