"""A real server, a real browser, and people who signed in."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.people import ROLES
from tests.browser.reading import Reader, signed_in
from tests.browser.serving import HOST, Server, built, served
from tests.browser.showing import Window

# The shell without windows comes first: it takes half the time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
# In a container there is no sandbox and little shared memory.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
HEIGHT = {1280: 900, 360: 740, 320: 640}
PATIENCE = 10_000
# What a policy stopped is kept for the test to read.
LISTEN = """
window.stopped = [];
document.addEventListener("securitypolicyviolation",
  (e) => window.stopped.push(`${e.violatedDirective} stopped ${e.blockedURI || e.sample}`));
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser, and may take its time on a busy machine."""
    for item in items:
        item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the demonstration, made once for all workers."""
    base = tmp_path_factory.getbasetemp()
    return built(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)


@pytest.fixture(scope="session")
def server(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The program, filled with the demonstration; every worker has its own."""
    with served(filled, tmp_path_factory.mktemp("var")) as running:
        yield running


@pytest.fixture
def fresh(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A program of its own for one test that changes much."""
    with served(filled, tmp_path_factory.mktemp("var")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    if not found:
        reason = "no Chromium: apt install chromium, or CHROMIUM=/path/to/it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield browser
        browser.close()


class People:
    """Browser windows of people; each signed in once."""

    def __init__(self, server: Server, chromium: Browser) -> None:
        self._server, self.chromium = server, chromium
        self._signed_in: dict[str, Any] = {}
        self._open: list[BrowserContext] = []

    def window(
        self, role: str, width: int = 1280, language: str = "en", *, js: bool = True
    ) -> Page:
        """A fresh window of a role, in a language, with or without JavaScript."""
        context = self.chromium.new_context(
            base_url=self._server.url,
            viewport={"width": width, "height": HEIGHT[width]},
            java_script_enabled=js,
            storage_state=self._state(role),
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(LISTEN)
        self.speak(context, language)
        self._open.append(context)
        return context.new_page()

    def speak(self, context: BrowserContext, language: str) -> None:
        """Have the pages of a window in this language."""
        context.add_cookies([{"name": "lang", "value": language, "url": self._server.url}])

    def close(self) -> None:
        """Close all windows."""
        while self._open:
            self._open.pop().close()

    def _state(self, role: str) -> Any:
        """What a browser keeps of somebody's sign-in; the walks begin behind it."""
        if role not in self._signed_in:
            self._signed_in[role] = {"cookies": [self._cookie(role)] if ROLES[role] else []}
        return self._signed_in[role]

    def _cookie(self, role: str) -> dict[str, Any]:
        name = self._server.app.config["SESSION_COOKIE_NAME"]
        kept = signed_in(self._server, role).get_cookie(name)
        assert kept is not None
        facts = {"name": name, "value": kept.value, "domain": HOST, "path": "/", "expires": -1}
        return facts | {"httpOnly": True, "secure": False, "sameSite": "Lax"}


@pytest.fixture(scope="session")
def everybody(server: Server, chromium: Browser) -> People:
    """The people of the shared program; their sign-ins last for the whole run."""
    return People(server, chromium)


@pytest.fixture(scope="session")
def windows(everybody: People, server: Server) -> Callable[[str], Window]:
    """The window of a role, kept over the tests."""
    keep = People(server, everybody.chromium)
    return cache(lambda role: Window(keep.window(role), server.url))


@pytest.fixture(scope="session")
def readers(server: Server) -> Callable[[str], Reader]:
    """The reader of a role."""
    return cache(lambda role: Reader(server, role))


@pytest.fixture
def page_as(everybody: People) -> Iterator[Callable[..., Page]]:
    """``page_as("officer", 360, "fr", js=False)``: a window, closed after the test."""
    yield everybody.window
    everybody.close()


@pytest.fixture
def fresh_people(fresh: Server, chromium: Browser) -> Iterator[People]:
    """People of a program of its own."""
    people = People(fresh, chromium)
    yield people
    people.close()


@pytest.fixture(scope="session")
def shots() -> Path | None:
    """The folder where pictures are kept, when they are wanted (SHOTS=folder)."""
    wanted = os.environ.get("SHOTS", "")
    if wanted:
        Path(wanted).mkdir(parents=True, exist_ok=True)
    return Path(wanted) if wanted else None
