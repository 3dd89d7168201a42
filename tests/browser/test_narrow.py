"""The lists of each day on the smallest phone, in every language: nothing sticks out.

The sweep looks at each page in one language; words that do not wrap are longer in another.
"""

from collections.abc import Callable

import pytest

from exchange.config import LANGUAGES
from tests.browser import looking
from tests.browser.showing import Window

LISTS = (
    *("/", "/exchanges", "/needs", "/offers", "/matches", "/messages", "/organisations"),
    *("/dashboard", "/board", "/notes", "/people", "/work-done"),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_list_scrolls_sideways(language: str, windows: Callable[[str], Window]) -> None:
    window, wide = windows("officer"), []
    for path in LISTS:
        assert window.show(path, language, 360, "light") == 200, path
        for width in (360, 320):
            window.wear(width, "light")
            wide += [f"{path} {told}" for told in looking.sideways_scroll(window.page, width)]
    assert not wide, "\n".join(wide)
