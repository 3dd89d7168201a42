"""One window a role, kept open over many pages."""

from playwright.sync_api import Page

from tests.browser import looking


class Window:
    """Shows pages to a role, in a language, a width and a scheme."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self._url = page, url
        self.ears = looking.Listener(page, url)
        self._as: dict[str, object] = {}

    def show(self, path: str, language: str, width: int, scheme: str) -> int:
        """Open the address as it is to be looked at; return the status."""
        if self._as.get("language") != language:
            cookie = {"name": "lang", "value": language, "url": self._url}
            self.page.context.add_cookies([cookie])
            self._as["language"] = language
        self.wear(width, scheme)
        answer = self.page.goto(path, wait_until="load")
        return answer.status if answer else 0

    def wear(self, width: int, scheme: str) -> None:
        """Change the width and the scheme of what is shown."""
        if self._as.get("width") != width:
            self.page.set_viewport_size({"width": width, "height": 800})
        if self._as.get("scheme") != scheme:
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self._as |= {"width": width, "scheme": scheme}
