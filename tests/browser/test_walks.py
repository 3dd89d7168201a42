"""Whole stories by the keyboard alone, each with and without JavaScript.

Every story has a program of its own, so that none finds what another left.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import People
from tests.browser.hands import Keys
from tests.browser.serving import Server

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"]),
]


def _start(
    people: People, role: str, path: str, *, js: bool, width: int = 1280
) -> tuple[Page, Keys]:
    page = people.window(role, width, js=js)
    page.goto(path)
    return page, Keys(page)


def _heading(page: Page, words: str) -> None:
    expect(page.locator("h1")).to_contain_text(re.compile(words))


def test_an_association_sends_a_proposal_that_bundles_two_needs(
    fresh_people: People, js: bool
) -> None:
    page, keys = _start(fresh_people, "association", "/my", js=js, width=360)
    boxes = page.locator("main form input[name=need_ids]")
    for number in (0, 1):
        keys.tick(boxes.nth(number))
    keys.go(page.get_by_role("button", name="Propose an exchange for these"))
    keys.write(page.locator("#title"), "Clean markets in two cities")
    keys.go(page.get_by_role("button", name="Start"))
    _heading(page, "Proposal Clean markets in two cities")
    keys.go(page.get_by_role("link", name=re.compile("^Continue:")))
    while "/check" not in page.url:
        _answer(page, keys)
        keys.go(page.get_by_role("button", name="Save and continue"))
    expect(page.locator("#missing")).to_have_count(0)
    keys.tick(page.locator("#consent"))
    keys.go(page.get_by_role("button", name="Send proposal"))
    _heading(page, "Your proposal has been sent")
    keys.go(page.get_by_role("link", name="See the exchange"))
    expect(page.locator("main")).to_contain_text("Clean markets in two cities")


def _answer(page: Page, keys: Keys) -> None:
    """Answer what this step needs and does not know yet."""
    form = page.locator("main form[method=post]").first
    for name, words in (("purpose", "Both want markets that stay clean after the visit."),):
        if form.locator(f"#{name}").count() and not form.locator(f"#{name}").input_value():
            keys.write(form.locator(f"#{name}"), words)
    for name in ("contact_id", "host_search", "mode"):
        if form.locator(f"select#{name}").count():
            keys.select(form.locator(f"select#{name}"))
    for name in ("themes", "languages"):
        boxes = form.locator(f"input[type=checkbox][name={name}]")
        if boxes.count() and not form.locator(f"input[name={name}]:checked").count():
            keys.tick(boxes.first)


def test_two_cities_accept_a_match(fresh: Server, fresh_people: People, js: bool) -> None:
    path = f"/matches/{fresh.secrets['match_id']}"
    for role, width in (("other city", 360), ("city", 1280)):
        page, keys = _start(fresh_people, role, path, js=js, width=width)
        keys.go(page.get_by_role("button", name="Accept").first)
    expect(page.locator("main")).to_contain_text("You learn together in exchange")


def test_staff_move_a_card_and_read_the_dashboard(fresh_people: People, js: bool) -> None:
    page, keys = _start(fresh_people, "officer", "/board", js=js)
    card = page.locator("article[data-state=submitted]").first
    title = card.locator("h3").inner_text()
    keys.press(card.get_by_role("link", name=re.compile("^Move")))
    place = page.locator("dialog[open]") if js else page.locator("main")
    expect(place.locator("form [name=note]")).to_be_visible()
    keys.choose(place.locator("[name=trigger][value=find_eligible]"))
    keys.go(place.get_by_role("button", name="Move", exact=True))
    expect(page.locator("main [role=status]").first).to_contain_text("moved to")
    expect(page.locator("article[data-state=eligible]", has_text=title)).to_have_count(1)
    page.goto("/dashboard")
    _heading(page, "Dashboard|dashboard")
    keys.go(page.locator("main ul.tiles a").first)
    expect(page.locator("h1")).to_have_count(1)


def test_staff_approve_a_mail(fresh: Server, fresh_people: People, js: bool) -> None:
    page, keys = _start(fresh_people, "officer", "/messages?state=held", js=js)
    keys.tick(page.locator("main tbody input[name=id]").first)
    keys.go(page.get_by_role("button", name="Approve and send"))
    keys.go(page.locator("main li a").first)  # it is looked at before it goes
    page.go_back()
    keys.go(page.get_by_role("button", name=re.compile("^Send 1 mail")))
    expect(page.locator("main [role=status]").first).to_contain_text("1 mail is approved")


BEGIN = re.compile("Write what we learned|Go on writing")


def test_both_cities_write_the_lesson(fresh: Server, fresh_people: People, js: bool) -> None:
    path = f"/exchanges/{fresh.secrets['visited_id']}?tab=lessons"
    for role, seen in (("city", "How sellers sort."), ("other city", "How they asked us.")):
        page, keys = _start(fresh_people, role, path, js=js, width=360)
        keys.go(page.get_by_role("button", name=BEGIN).or_(page.get_by_role("link", name=BEGIN)))
        keys.write(page.locator("#seen"), seen)
        keys.write(page.locator("#will_change"), "Two bins at each market.")
        keys.go(page.get_by_role("button", name="Save and sign"))
        expect(page.locator("main")).to_contain_text("Signed.")
    expect(page.locator("main")).to_contain_text("How sellers sort.")


def test_the_follow_up_is_answered_from_the_mail(
    fresh: Server, fresh_people: People, js: bool
) -> None:
    path = f"/f/{fresh.secrets['follow_up']}"
    page, keys = _start(fresh_people, "visitor", path, js=js, width=360)
    _heading(page, "What has become of it")
    form = page.locator("main form[method=post]")
    for choice in form.locator("select").all():
        keys.select(choice)
    for box in form.locator("textarea").all():
        keys.write(box, "Two markets sort their waste now.")
    keys.write(form.locator("[name=answered_by]"), "Head of markets")
    keys.go(form.get_by_role("button", name="Send the answers"))
    expect(form).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Two markets sort their waste now.")
