"""A run says why: needs without a host, pins that could not be kept, better offers given away."""

from typing import Any

import pytest

from exchange.matching.core.assignment import Assignment, Given, assign
from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts, Wishes
from exchange.matching.core.pairs import Pairs
from exchange.matching.core.reasons import TradeOff
from tests.unit.matching.core.dense import DenseMarket

ONE_EACH = {"host_cap": 1}


def need(key: str, **facts: Any) -> NeedFacts:
    """A need with an id."""
    return NeedFacts(id=key, **facts)


def offer(key: str, **facts: Any) -> OfferFacts:
    """An offer with an id."""
    return OfferFacts(id=key, **facts)


def run(
    rows: list[NeedFacts | OfferFacts],
    scores: dict[str, int],
    wishes: Wishes | None = None,
    **settings: int,
) -> Assignment:
    """A run over these rows; the scores of feasible pairs are written as {"drains rio": 8000}."""
    needs = [row for row in rows if isinstance(row, NeedFacts)]
    offers = [row for row in rows if isinstance(row, OfferFacts)]
    pairs = {tuple(key.split()): score for key, score in scores.items()}
    market = DenseMarket.of(needs, offers, pairs, Configuration(**settings))
    return assign(market, wishes or Wishes())


def pairs(found: Assignment) -> set[str]:
    """The pairs of a run, as they are written above."""
    return {f"{given.need} {given.offer}" for given in found.pairs}


def test_the_last_place_goes_where_others_gain_more_and_the_need_is_told() -> None:
    """Both want Rio. Markets has nobody else, drains has Lima: each is served."""
    rows = [need("drains"), need("markets"), offer("rio"), offer("lima")]
    found = run(rows, {"drains rio": 9000, "drains lima": 7000, "markets rio": 8000})
    assert pairs(found) == {"drains lima", "markets rio"}
    told = found.trade_off("drains")
    assert (told.offer, told.score, told.because) == ("rio", 9000, "others_gain_more")
    # Drains would have to gain more from Rio than from Lima by what the place brings markets.
    assert 2000 <= told.price <= 10_000
    assert found.trade_off("markets") is None
    assert found.unserved == {}


def test_a_need_served_by_its_best_has_no_trade_off() -> None:
    found = run([need("drains"), offer("rio")], {"drains rio": 9000})
    assert found.pairs == (Given("drains", "rio", 9000),)
    assert (found.total, found.objective, found.bound) == (9000, 11_000, 11_000)
    assert found.trade_offs == {}


@pytest.mark.parametrize(
    ("reason", "scores", "wishes", "settings"),
    [
        ("no_candidates", {}, Wishes(), {}),
        ("no_candidates", {"late rio": 900}, Wishes(), {}),
        ("vetoed", {"late rio": 9000}, Wishes(vetoes=frozenset({("late", "rio")})), {}),
        ("places_given_to_others", {"late lima": 5000}, Wishes(), {}),
        ("capped", {"late rio": 9000}, Wishes(host_caps={"Rio": 0}), {}),
        ("capped", {"late rio": 9000}, Wishes(learner_caps={"Late": 0}), {}),
        ("capped", {"late rio": 5000, "early rio": 9000, "early lima": 1600}, Wishes(), ONE_EACH),
    ],
)
def test_a_need_without_a_host_is_told_why(reason, scores, wishes, settings) -> None:
    rows = [
        need("late", organisation_id="Late"),
        need("early", organisation_id="Early"),
        offer("rio", organisation_id="Rio", places=2),
        offer("lima", organisation_id="Lima"),
    ]
    found = run(rows, {"early lima": 8500, **scores}, wishes, **settings)
    assert found.unserved == {"late": reason}
    assert found.certified


def test_a_need_that_looks_for_nobody_is_not_unserved() -> None:
    assert run([need("done", hosts_wanted=1, hosts_found=1)], {}).unserved == {}


def test_a_pin_is_kept_though_all_others_lose_by_it() -> None:
    rows = [need("drains"), need("markets"), offer("rio"), offer("lima")]
    scores = {"drains rio": 9500, "markets rio": 1600, "markets lima": 9500}
    found = run(rows, scores, Wishes(pins=frozenset({("markets", "rio")})))
    assert found.pairs == (Given("markets", "rio", 1600, pinned=True),)
    assert found.kept_pins == (("markets", "rio"),)
    assert found.unserved == {"drains": "places_given_to_others"}
    assert (found.objective, found.bound) == (3600, 3600)
    assert found.trade_off("markets") == TradeOff("lima", 9500, 0, "pinned")


def test_pins_beyond_the_thirty_best_are_found_too() -> None:
    rows = [need("drains"), *(offer(f"o{number}") for number in range(60))]
    scores = {f"drains o{number}": 2000 + 100 * number for number in range(60)}
    found = run(rows, scores, Wishes(pins=frozenset({("drains", "o0")})))
    assert pairs(found) == {"drains o0"}


@pytest.mark.parametrize(
    ("reason", "pins", "more"),
    [
        ("not_known", [("drains", "atlantis")], {}),
        ("not_known", [("nothing", "rio")], {}),
        ("not_feasible", [("drains", "lima")], {}),
        ("vetoed", [("drains", "rio")], {"vetoes": frozenset({("drains", "rio")})}),
        ("capped", [("drains", "rio")], {"host_caps": {"Rio": 0}}),
        ("capped", [("drains", "rio")], {"learner_caps": {"Drains": 0}}),
        ("need_has_its_hosts", [("drains", "rio"), ("drains", "oslo")], {}),
        ("places_given_to_others", [("drains", "rio"), ("markets", "rio")], {}),
        ("capped", [("drains", "oslo"), ("markets", "rio")], {"host_caps": {"Rio": 1}}),
    ],
)
def test_a_pin_that_cannot_be_kept_is_told_why(reason, pins, more) -> None:
    rows = [
        need("drains", organisation_id="Drains"),
        need("markets"),
        offer("rio", organisation_id="Rio"),
        offer("oslo", organisation_id="Rio"),
        offer("lima"),
    ]
    scores = {"drains rio": 9000, "drains oslo": 8000, "markets rio": 8000, "markets lima": 7000}
    found = run(rows, scores, Wishes(pins=frozenset(pins), **more))
    assert list(found.broken_pins.values()) == [reason]
    assert len(found.kept_pins) == len(pins) - 1


def test_a_pin_below_the_floor_is_kept_when_its_score_is_given() -> None:
    market = DenseMarket.of([need("drains")], [offer("rio")], {("drains", "rio"): 700})
    wishes = Wishes(pins=frozenset({("drains", "rio")}))
    assert assign(market, wishes).broken_pins == {("drains", "rio"): "not_feasible"}
    found = assign(market, wishes, start=Pairs.of([(0, 0, 700)]))
    assert found.pairs == (Given("drains", "rio", 700, pinned=True),)


def test_a_second_host_from_the_same_country_gives_way_to_another_country() -> None:
    rows = [
        need("drains", hosts_wanted=2),
        offer("rio", country="BR"),
        offer("belem", country="BR"),
        offer("lima", country="PE"),
    ]
    scores = {"drains rio": 9000, "drains belem": 8000, "drains lima": 7900}
    found = run(rows, scores, diversity=300)
    assert pairs(found) == {"drains rio", "drains lima"}
    assert found.trade_off("drains") == TradeOff("belem", 8000, 0, "another_country")
    assert pairs(run(rows, scores, diversity=50)) == {"drains rio", "drains belem"}


def test_a_newcomer_is_preferred_by_its_bonus_and_no_more() -> None:
    rows = [need("drains"), offer("rio"), offer("pemba", newcomer=True)]
    found = run(rows, {"drains rio": 9000, "drains pemba": 8900})
    assert pairs(found) == {"drains pemba"}
    assert found.trade_off("drains").because == "newcomer_first"
    assert pairs(run(rows, {"drains rio": 9000, "drains pemba": 8700})) == {"drains rio"}


def test_a_cap_keeps_the_better_offer_away() -> None:
    rows = [
        need("drains"),
        need("markets"),
        offer("rio", organisation_id="Rio"),
        offer("museum", organisation_id="Rio"),
        offer("lima"),
    ]
    scores = {"drains rio": 9000, "markets museum": 8000, "markets lima": 7000}
    found = run(rows, scores, host_cap=1)
    assert pairs(found) == {"drains rio", "markets lima"}
    assert found.trade_off("markets").because == "capped"


def test_who_waited_longest_is_served_first() -> None:
    rows = [need("old", passed_over=3), need("new"), offer("rio")]
    assert pairs(run(rows, {"old rio": 6000, "new rio": 6800})) == {"old rio"}
    assert pairs(run(rows, {"old rio": 6000, "new rio": 6800}, ageing=0)) == {"new rio"}


def test_many_needs_are_served_before_some_are_served_richly() -> None:
    rows = [need("rich", hosts_wanted=2), need("poor"), offer("rio", places=1), offer("lima")]
    scores = {"rich rio": 9000, "rich lima": 9000, "poor rio": 7600}
    assert len(pairs(run(rows, scores))) == 2
    assert "poor rio" in pairs(run(rows, scores))
    assert "poor rio" not in pairs(run(rows, scores, first_bonus=0, second_bonus=0))
