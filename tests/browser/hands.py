"""Somebody who uses a page by the keyboard alone."""

from typing import Any

from playwright.sync_api import Locator, Page

# No page of ours has more places to stop at.
FAR = 400
HERE = "e => e === document.activeElement"
IN_GROUP = "e => document.activeElement.type === 'radio' && document.activeElement.name === e.name"


class Keys:
    """Tab, arrows, space and enter: what cannot be reached by them fails the test."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, target: Locator, reached: str = HERE) -> Locator:
        """Walk with Tab until the target has the focus."""
        target.wait_for()
        handle = target.element_handle()
        for _step in range(FAR):
            if handle.evaluate(reached):
                return target
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")

    def press(self, target: Locator, key: str = "Enter") -> None:
        """Walk there and press it."""
        self.to(target)
        self.page.keyboard.press(key)

    def go(self, target: Locator) -> None:
        """Press what leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            self.press(target)

    def write(self, target: Locator, words: str) -> None:
        """Put these words in place of what is there."""
        self.to(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)

    def tick(self, target: Locator) -> None:
        """Tick a box that is not ticked."""
        if not target.is_checked():
            self.press(target, "Space")

    def choose(self, radio: Locator) -> None:
        """Choose one of a group of radio buttons: Tab finds the group, arrows the button."""
        self.to(radio, IN_GROUP)
        handle: Any = radio.element_handle()
        for _step in range(40):
            if handle.evaluate(HERE):
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"arrows do not reach {radio}")

    def select(self, target: Locator, value: str = "") -> None:
        """Choose an option of a list: this one, or the first that says something."""
        self.to(target)
        wanted = value or target.evaluate("e => [...e.options].find((o) => o.value).value")
        self.page.keyboard.press("Home")
        for _step in range(FAR):
            if target.input_value() == wanted:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"arrows do not reach {wanted} in {target}")
