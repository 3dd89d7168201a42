"""Tab walks through every main page: each stop can be seen, none holds, the main action is one."""

import pytest
from playwright.sync_api import Page

# No page of ours has more places to stop at.
FAR = 600
# Where the focus is, and whether a reader sees it there.
STOP = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  if (!window.stops) window.stops = new Map();
  const first = !window.stops.has(e);
  if (first) window.stops.set(e, window.stops.size);
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const inside = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight
    && box.right > 0 && box.left < innerWidth;
  const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.y + box.height / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const free = e instanceof SVGElement || e.getClientRects().length > 1 || !top
    || e.contains(top) || top.contains(e);
  // Day, month, year and the calendar are stops inside of one field, ringed by the browser itself.
  const dated = e.matches("input[type=date], input[type=time], input[type=datetime-local]");
  return {number: window.stops.get(e), first: first || dated, ringed: ringed || dated && !first,
          inside, free,
          main: e.matches("main .button, main button, main a, main input"),
          html: e.outerHTML.slice(0, 140)};
}
"""
MAIN = [
    ("visitor", "/fr/", 1280),
    ("visitor", "/sign-in", 360),
    ("visitor", "/fr/lessons", 360),
    ("officer", "/dashboard", 1280),
    ("officer", "/exchanges", 1280),
    ("officer", "/exchanges", 360),
    ("officer", "/exchanges/network", 1280),
    ("officer", "/board", 1280),
    ("officer", "/board", 360),
    ("officer", "/matching", 1280),
    ("officer", "/messages?state=held", 1280),
    ("officer", "/reports", 1280),
    ("association", "/my", 360),
    ("city", "/city", 360),
    ("city", "/needs/new", 360),
    ("city", "/search?q=markets", 1280),
]


def _stops(page: Page) -> list[dict[str, object]]:
    found = []
    for _step in range(FAR):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or (stop["number"] == 0 and found):
            return found
        found.append(stop)
    raise AssertionError(f"the keyboard does not come out of the page: {found[-3:]}")


@pytest.mark.parametrize(("role", "path", "width"), MAIN)
def test_tab_goes_through_a_page_and_is_always_seen(page_as, role, path, width):
    page = page_as(role, width)
    assert page.goto(path).status == 200
    stops = _stops(page)
    wrong = [
        f"{what}: {stop['html']}"
        for stop in stops
        for what, right in (
            ("no ring", stop["ringed"]),
            ("out of sight", stop["inside"]),
            ("under something", stop["free"]),
            ("held the focus", stop["first"]),
        )
        if not right
    ]
    assert not wrong, "\n".join(wrong)
    assert any(stop["main"] for stop in stops), "nothing of the page itself is reached"
    assert 'class="skip"' in stops[0]["html"]


def test_the_skip_link_leads_past_the_menu(page_as):
    page = page_as("officer")
    page.goto("/dashboard")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
