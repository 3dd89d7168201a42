"""The map, who learns from whom, and the way of an exchange: pictures say what lists hold."""

import re

import pytest

from exchange.exchanges.models import Exchange, Partner
from exchange.extensions import db
from exchange.pictures.land import halves
from exchange.pictures.network import layout
from exchange.pictures.projection import HEIGHT, WIDTH, project
from exchange.pictures.workflow import diagram
from exchange.vocabularies.models import Place
from tests import factories
from workflows.exchange import ExchangeState

NUMBER = re.compile(r'<td class="n"[^>]*><a href="([^"]+)">(\d+)\b')
ENTRIES = re.compile(r"(\d+) entr(?:y|ies)")


@pytest.fixture
def network(app):
    """Lyon shows Quelimane twice and a city without a place once; one exchange has no host."""
    places = {}
    for name in ("Lagos", "Mumbai"):
        places[name] = db.session.query(Place).filter_by(name=name).first()
    lagos = factories.organisation("Lagos", place=places["Lagos"], country_code="NG")
    mumbai = factories.organisation("Mumbai", place=places["Mumbai"], country_code="IN")
    somewhere = factories.organisation("Somewhere", country_code="MZ", place=None)
    for learner, host in ((mumbai, lagos), (mumbai, lagos), (somewhere, lagos), (mumbai, None)):
        made = factories.exchange(learner=learner, state=ExchangeState.matching)
        if host:
            made.partners.append(Partner(organisation=host, role="host"))
    db.session.commit()
    return lagos, mumbai, somewhere


def links(text: str) -> dict[str, int]:
    """The numbers of the table and where they lead."""
    return {href.replace("&amp;", "&"): int(number) for href, number in NUMBER.findall(text)}


def test_a_place_on_the_map_opens_its_exchanges(browser, network):
    page = browser.as_(factories.officer())
    text = page.get("/exchanges/map").text
    assert text.count('class="dot"') == 3
    assert text.count('class="bow"') == 2
    assert "takes no position on borders" in text
    found = links(text)
    assert sorted(found.values()) == [1, 3, 3]
    for href, number in found.items():
        entries = ENTRIES.search(page.get(href).text)
        assert entries is not None, href
        assert int(entries[1]) == number, href


def test_the_map_follows_the_filters_of_the_list(browser, network):
    page = browser.as_(factories.officer())
    text = page.get("/exchanges/map?country=MZ").text
    assert sorted(links(text).values()) == [1, 1]
    assert all("country=MZ" in href for href in links(text))
    assert "No exchange has a place yet" in page.get("/exchanges/map?country=FR").text


def test_who_learns_from_whom(browser, network):
    page = browser.as_(factories.officer())
    text = page.get("/exchanges/network").text
    found = links(text)
    assert sorted(found.values()) == [1, 2]
    for href, number in found.items():
        assert int(ENTRIES.search(page.get(href).text)[1]) == number, href


def test_foreign_drafts_are_on_no_picture(browser, network):
    for made in db.session.query(Exchange):
        made.state = ExchangeState.submitted
    db.session.commit()
    page = browser.as_(factories.person(of=factories.organisation()))
    assert "No exchange has a place yet" in page.get("/exchanges/map").text
    assert "Nobody has learned" in page.get("/exchanges/network").text


def test_the_pictures_cost_the_same_however_many(browser, network, statements):
    page = browser.as_(factories.officer())
    for address in ("/exchanges/map", "/exchanges/network"):
        counts = set()
        for more in (0, 12):
            for _ in range(more):
                made = factories.exchange(learner=factories.organisation(country_code="KE"))
                host = factories.organisation(country_code="ZA")
                made.partners.append(Partner(organisation=host, role="host"))
            db.session.commit()
            page.get(address)
            with statements() as seen:
                page.get(address)
            counts.add(len(seen))
        assert len(counts) == 1
        assert counts.pop() <= 12


def test_the_way_says_where_the_exchange_is(browser):
    made = factories.exchange(state=ExchangeState.preparing)
    text = browser.as_(factories.officer()).get(f"/exchanges/{made.id}").text
    assert "You are here: " in text
    assert text.count('class="box here"') == 1


def test_the_way_is_the_one_of_the_table():
    picture = diagram("matching", frozenset({"draft", "submitted", "eligible"}))
    taken = {box.state for box in picture.boxes if box.taken}
    assert taken == {"draft", "submitted", "eligible", "matching"}
    assert sum(line.taken for line in picture.lines) == 3
    assert not any(box.state == "declined" for box in picture.boxes)
    assert any(box.here for box in diagram("declined").boxes)


def test_the_globe_lies_on_the_sheet():
    assert project(0, -180) == pytest.approx((0, project(0, 0)[1]))
    assert project(0, 180)[0] == pytest.approx(WIDTH)
    assert project(84, 0)[1] == pytest.approx(0)
    assert 0 < project(-54.8, -68.3)[1] < HEIGHT


def test_a_crowd_is_cut_and_the_rest_counted():
    pairs = {(f"host {n}", "learner"): n for n in range(1, 41)}
    picture = layout(pairs, most=10)
    assert len(picture.nodes) == 10
    assert picture.others == 31
    assert picture.nodes[0].key == "learner"  # the most active first
    assert {arc.host for arc in picture.arcs} == {f"host {n}" for n in range(32, 41)}
    assert layout(pairs, most=10) == picture


def test_land_is_cut_where_the_sheet_ends():
    over = [(170.0, 10.0), (-170.0, 10.0), (-170.0, 20.0), (170.0, 20.0)]
    first, second = sorted(halves(over))
    assert sorted({lon for lon, _lat in first}) == [-180.0, -170.0]
    assert sorted({lon for lon, _lat in second}) == [170.0, 180.0]
    inside = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]
    assert list(halves(inside)) == [inside]
