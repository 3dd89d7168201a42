"""Every page, for every role who may open it: access, width, languages, policy, addresses.

A page that says the same to several roles is looked at once, in a language, width and scheme that
rotate over the pages and roles; MATRIX=full takes every language at every width, and both schemes.
"""

import os
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import pytest
from werkzeug.routing import Rule

from exchange.app import create_app
from exchange.config import LANGUAGES, load
from tests.browser import addresses, looking
from tests.browser.people import SWEPT
from tests.browser.reading import Found, Reader
from tests.browser.showing import Window

pytestmark = pytest.mark.timeout(240)
WIDTHS, SCHEMES = (1280, 360), ("light", "dark")
NARROWEST = 320  # a window of 1280 at 400 %


class Look(NamedTuple):
    """In which language a page is loaded; how it is then shown to axe, and at which widths."""

    language: str
    shown: tuple[tuple[int, str], ...]
    widths: tuple[int, ...]


# Colours depend on no language: the dark ones are seen in the first.
FULL = [
    Look(language, tuple(product(WIDTHS, SCHEMES if not turn else SCHEMES[:1])), (1280, 360, 320))
    for turn, language in enumerate(LANGUAGES)
]
ONE = [
    Look(language, (shown,), (shown[0], NARROWEST))
    for language, *shown in product(LANGUAGES, WIDTHS, SCHEMES)
]
# What axe has looked at, by width and scheme.
KNOWN: dict[tuple[int, str], set[int]] = {}
# Of one look, more would say nothing new.
MOST = 15


def looks_at(endpoint: str, role: str) -> list[Look]:
    """All looks with MATRIX=full; else one that is always the same for this page and role."""
    if os.environ.get("MATRIX") == "full":
        return FULL
    return [ONE[crc32(f"{endpoint} {role}".encode()) % len(ONE)]]


@cache
def rules() -> dict[str, Rule]:
    """Every page of the program, by endpoint and address."""
    folder = os.environ.setdefault("EXCHANGE_VAR", "build/browser")
    Path(folder).mkdir(parents=True, exist_ok=True)
    app = create_app(load({"EXCHANGE_VAR": folder, "EXCHANGE_DATABASE_URL": "sqlite://"}))
    return {f"{r.endpoint} {r.rule}": r for r in addresses.pages(app)}


def _different(rule: Rule, readers: Callable[[str], Reader]) -> dict[str, Found]:
    """The page for each role that reads something else there than the roles before it."""
    found = {role: one for role in SWEPT if (one := readers(role).find(rule))}
    first = {one.main: role for role, one in reversed(found.items())}
    return {role: found[role] for role in reversed(first.values())}


@pytest.mark.parametrize("name", sorted(rules()))
def test_every_page_can_be_read_by_everyone_who_may_open_it(
    name: str, windows: Callable[[str], Window], readers: Callable[[str], Reader]
) -> None:
    rule, wrong, opened = rules()[name], [], 0
    for role, found in _different(rule, readers).items():
        for look in looks_at(rule.endpoint, role):
            opened, path = opened + 1, found.path(look.language)
            told = _look(windows(role), path, look)
            wrong += [f"{role}, {path}, {look.language} {one}" for one in told]
    assert not wrong, "\n".join(wrong)
    assert opened, f"nobody of the demonstration can open {rule.rule}"


def _look(window: Window, path: str, look: Look) -> list[str]:
    window.ears.take()
    status = window.show(path, look.language, *look.shown[0])
    found = [f"answers {status}"] if status != 200 else []
    found += looking.shape(window.page, look.language)
    found += window.ears.take()
    for width, scheme in look.shown:
        window.wear(width, scheme)
        known = KNOWN.setdefault((width, scheme), set())
        found += [f"{width} {scheme}: {one}" for one in looking.axe(window.page, known)]
    for width in look.widths:
        window.wear(width, look.shown[-1][1])
        found += looking.sideways_scroll(window.page, width)
    kept = found[:MOST]
    return kept + ([f"and {len(found) - MOST} more"] if found[MOST:] else [])
