"""The menu: few words in front of everybody, nothing lost, and only what one may open."""

import re

import pytest

from exchange.web.menu import FIRST, MENU, menu_for
from tests import factories


def _people():
    return {
        "city": factories.person(of=factories.organisation()),
        "member": factories.person(of=factories.organisation(), role="member"),
        "association": factories.person(of=factories.association()),
        "officer": factories.officer(),
    }


@pytest.mark.parametrize("who", ["city", "association", "member", "officer"])
def test_few_entries_stand_in_front_and_each_opens(browser, who):
    page = browser.as_(_people()[who])
    nav = re.search(r'<nav class="menu.*?</nav>', page.get("/").text, flags=re.S)[0]
    links = re.findall(r'<a href="([^"]+)"', nav)
    assert len(links) == len(set(links))
    for link in links:
        assert page.get(link).status_code == 200, link
    front = re.sub(r"<details.*?</details>", "", nav, flags=re.S)
    assert len(re.findall("<a ", front)) <= 7, "six, and help"


@pytest.mark.parametrize("kind", FIRST)
def test_nothing_of_the_menu_is_lost(kind):
    menu = menu_for(kind, lambda _permission: True)
    assert len(menu.first) == len(FIRST[kind]) <= 6
    grouped = [entry for _words, group in menu.groups for entry in group]
    assert {entry[0] for entry in (*menu.first, *grouped, *menu.yours)} == {e[0] for e in MENU}


def test_the_page_one_is_on_is_marked(browser):
    page = browser.as_(factories.officer())
    text = page.get("/needs").text
    assert re.search(r'<li class="here [^"]*"><details', text)
    assert '<a href="/needs" aria-current="page">' in text
    assert '<a href="/exchanges" aria-current="page">' in page.get("/exchanges").text


def test_what_one_may_not_open_is_not_there(browser):
    text = browser.as_(_people()["city"]).get("/").text
    assert 'href="/matching"' not in text
    assert 'href="/vocabularies"' not in text


def test_a_wrong_form_says_so_in_the_title_and_takes_the_focus(browser):
    text = browser.as_().post("/sign-in", data={"email": "x", "password": ""}).text
    title = re.search("<title>(.*?)</title>", text, flags=re.S)[1]
    assert title.startswith("Error: Sign in")
    assert title.count("Error:") == 1
    assert re.search(r'id="problems" autofocus', text)
