"""Pictures for people to look at: SHOTS=folder keeps every page in French, wide and narrow, as the
role that it is made for sees it; of the main pages also the dark and the printed one."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.reading import Reader
from tests.browser.showing import Window
from tests.browser.test_sweep import rules

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(not os.environ.get("SHOTS"), reason="SHOTS=folder says where to keep them"),
]
# For whom a page is made: the first of these who may open it.
PUBLIC = ("visitor", "officer", "association", "city", "administrator")
INSIDE = ("officer", "association", "city", "administrator", "section officer", "member", "visitor")
ALSO_DARK_AND_PRINTED = {
    *("dashboard.index", "board.show", "exchanges.show", "reports.index", "matches.show"),
    *("proposals.subject", "messages.index", "matching.index", "city.show", "my.show"),
}


@pytest.mark.parametrize("name", sorted(rules()))
def test_pictures_are_kept(
    name: str,
    windows: Callable[[str], Window],
    readers: Callable[[str], Reader],
    shots: Path,
) -> None:
    rule = rules()[name]
    order = PUBLIC if "lang" in rule.arguments else INSIDE
    seen = ((role, one) for role in order if (one := readers(role).find(rule)))
    role, found = next(seen)
    window, page = windows(role), windows(role).page
    stem = name.split(maxsplit=1)[0]
    window.show(found.path("fr"), "fr", 1280, "light")
    page.screenshot(path=shots / f"{stem} 1280.png", full_page=True)
    window.wear(360, "light")
    page.screenshot(path=shots / f"{stem} 360.png", full_page=True)
    if rule.endpoint in ALSO_DARK_AND_PRINTED:
        window.wear(1280, "dark")
        page.screenshot(path=shots / f"{stem} dark.png", full_page=True)
        window.wear(1280, "light")
        page.emulate_media(media="print")
        page.screenshot(path=shots / f"{stem} print.png", full_page=True)
        page.emulate_media(media="screen")
