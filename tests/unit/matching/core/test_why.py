"""What would help a need that finds nobody: counted exactly, by making the change."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.core.market import Marketplace
from exchange.matching.core.why import Change, changes, why_not
from tests.unit.matching.core.worlds import Beginnings, configurations, markets

NEED = NeedFacts(
    id=1,
    text="buses for everybody",
    themes=frozenset({"mobility"}),
    languages=frozenset({"en"}),
    formats=frozenset({"visit"}),
    first_day=date(2027, 3, 1),
    last_day=date(2027, 3, 31),
)
OFFER = OfferFacts(
    id=1, text="our buses", themes=frozenset({"mobility"}), languages=frozenset({"en"})
)


def changed(need, change):
    """The need after the change."""
    weeks = timedelta(weeks=change.value if change.kind == "window" else 0)
    return {
        "languages": lambda: replace(need, languages=need.languages | {change.value}),
        "interpretation": lambda: replace(need, interpretation=True),
        "formats": lambda: replace(
            need, formats=need.formats | {change.value} if change.value else frozenset()
        ),
        "themes": lambda: replace(need, themes=need.themes | {change.value}),
        "window": lambda: replace(
            need,
            first_day=need.first_day and need.first_day - weeks,
            last_day=need.last_day and need.last_day + weeks,
        ),
        "visa_letter": lambda: replace(need, visa_letter=False),
        "funding": lambda: replace(need, funding=False),
        "published": lambda: replace(need, published=True),
        "hosts_wanted": lambda: replace(need, hosts_wanted=need.hosts_wanted + change.value),
    }[change.kind]()


def fitting(market, need):
    return {one.offer_id for one in market.rank(need, top=99).candidates}


def among(*offers, need=NEED):
    market = Marketplace.of([], offers, Configuration(), Beginnings())
    return changes(market, need)


@settings(max_examples=30)
@given(sides=markets(), configuration=configurations(), encoder=st.sampled_from((False, True)))
def test_each_change_brings_as_many_offers_as_it_says(sides, configuration, encoder):
    market = Marketplace.of(*sides, configuration, Beginnings(encoder))
    for need in market.needs:
        before = fitting(market, need)
        for change in changes(market, need):
            assert change.gains > 0
            assert len(fitting(market, changed(need, change)) - before) == change.gains, change


def test_one_more_language_is_worth_its_offers():
    spanish, french = (replace(OFFER, languages=frozenset({code})) for code in ("es", "fr"))
    offers = [replace(spanish, id=n) for n in range(3)] + [replace(french, id=9), OFFER]
    offers[-1] = replace(OFFER, id=10)
    assert among(*offers) == (
        Change("interpretation", "", 4),
        Change("languages", "es", 3),
        Change("languages", "fr", 1),
    )


def test_a_window_is_widened_by_as_few_weeks_as_bring_half():
    late = [replace(OFFER, id=n, first_day=date(2027, 4, 10)) for n in range(2)]
    later = replace(OFFER, id=7, first_day=date(2027, 8, 1))
    assert among(*late, later) == (Change("window", 2, 2),)


def test_dates_beyond_half_a_year_are_no_advice():
    assert among(replace(OFFER, first_day=date(2029, 1, 1))) == ()


def test_an_offer_that_breaks_two_rules_is_not_one_change_away():
    assert among(replace(OFFER, languages=frozenset({"es"}), formats=frozenset({"online"}))) == ()


def test_papers_and_money_can_be_given_up():
    asks = replace(NEED, visa_letter=True)
    assert among(OFFER, need=asks) == (Change("visa_letter", "", 1),)
    assert among(OFFER, need=replace(NEED, funding=True)) == (Change("funding", "", 1),)


def test_a_need_in_draft_and_one_with_all_its_hosts_are_told_so():
    assert among(OFFER, need=replace(NEED, published=False)) == (Change("published", "", 1),)
    found = replace(NEED, hosts_wanted=2, hosts_found=3)
    assert among(OFFER, need=found) == (Change("hosts_wanted", 2, 1),)


def test_one_more_theme_lifts_offers_above_the_floor():
    water = replace(OFFER, text="pipes", themes=frozenset({"water"}))
    assert among(water) == (Change("themes", "water", 1),)
    market = Marketplace.of([], [water], Configuration(), Beginnings())
    assert changes(market, NEED, themes=["water", "housing"]) == (Change("themes", "water", 1),)
    assert changes(market, NEED, themes=["housing"]) == (), "its text does not speak of water"


def test_why_not_this_pair():
    offer = replace(OFFER, languages=frozenset({"es"}), formats=frozenset({"online"}))
    market = Marketplace.of([NEED], [offer], Configuration(), Beginnings())
    found = why_not(market, NEED.id, offer.id)
    assert found.verdict.broken == ("a_common_language", "a_common_format")
    assert {(change.kind, change.value) for change in found.changes} == {
        ("interpretation", ""),
        ("languages", "es"),
        ("formats", ""),
        ("formats", "online"),
    }
