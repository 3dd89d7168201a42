"""The fast market equals the plain rules, for every pair, whatever the order of the rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.matching.core import index, rules, search_numba, search_numpy
from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.core.market import Marketplace
from exchange.matching.core.pairs import Pairs
from tests.unit.matching.core.worlds import (
    Beginnings,
    best_by_hand,
    by_hand,
    configurations,
    dice,
    drawn_market,
    markets,
    need_facts,
    similarity,
)

ENCODERS = {"sparse": Beginnings(), "dense": Beginnings(dense=True)}
encoders = pytest.mark.parametrize("encoder", ENCODERS.values(), ids=ENCODERS)
# Compiled once, by one process of a run: numba takes half a minute for it on a machine of its own.
with_numba = [
    pytest.mark.skipif(not search_numba.installed(), reason="numba is missing"),
    pytest.mark.xdist_group("numba"),
    pytest.mark.slow,
]
kernels = pytest.mark.parametrize("kernel", ["numpy", pytest.param("numba", marks=with_numba)])
few = settings(max_examples=15)


def rows(pairs: Pairs) -> list[tuple[int, int, int]]:
    return list(zip(pairs.need.tolist(), pairs.offer.tolist(), pairs.score.tolist(), strict=True))


@kernels
@encoders
@few
@given(data=st.data(), sides=markets(), configuration=configurations())
def test_the_best_pairs_are_those_that_the_rules_give_one_by_one(
    kernel, encoder, data, sides, configuration
):
    market = Marketplace.of(*sides, configuration, encoder, kernel)
    small = st.integers(-2000, 4000)
    discounts = data.draw(st.lists(small, min_size=len(sides[1]), max_size=len(sides[1])))
    thresholds = data.draw(st.lists(small, min_size=len(sides[0]), max_size=len(sides[0])))
    most = data.draw(st.integers(0, 9))
    expected = best_by_hand(market, encoder, most, discounts, thresholds)
    found = market.best(
        most, discounts=np.array(discounts, int), thresholds=np.array(thresholds, int)
    )
    assert rows(found) == expected


@kernels
@encoders
@pytest.mark.parametrize("number", range(2))
def test_the_best_pairs_of_a_larger_market(kernel, encoder, number):
    chance = dice(number)
    needs, offers = drawn_market(chance, 40, 300)
    market = Marketplace.of(needs, offers, Configuration(), encoder, kernel)
    discounts = [chance.randint(-500, 3000) for _ in offers]
    thresholds = [chance.randint(-3000, 3000) for _ in needs]
    for most in (1, 7, 400):
        expected = best_by_hand(market, encoder, most, discounts, thresholds)
        found = market.best(most, discounts=np.array(discounts), thresholds=np.array(thresholds))
        assert len(expected) > 20
        assert rows(found) == expected


@kernels
def test_where_everybody_answers_differently_tables_are_made_bit_by_bit(kernel, monkeypatch):
    sides, settings_ = drawn_market(dice(7), 30, 90), Configuration()
    whole = rows(Marketplace.of(*sides, settings_, Beginnings(), kernel).best(5))
    monkeypatch.setattr(index, "KEPT_CELLS", 10)
    monkeypatch.setattr(search_numba, "CELLS", 200)
    monkeypatch.setattr(search_numpy, "TOGETHER", 4)
    assert rows(Marketplace.of(*sides, settings_, Beginnings(), kernel).best(5)) == whole


@kernels
def test_a_part_of_the_needs_gets_what_it_gets_with_all(kernel):
    market = Marketplace.of(*drawn_market(dice(5), 40, 80), Configuration(), Beginnings(), kernel)
    everybody = rows(market.best(3))
    some = np.array([31, 2, 17, 9])
    assert rows(market.best_of(some, 3)) == [row for row in everybody if row[0] in some]


@few
@given(sides=markets(), configuration=configurations(), chance=st.randoms())
def test_the_order_of_the_rows_changes_nothing(sides, configuration, chance):
    needs, offers = sides
    one = Marketplace.of(needs, offers, configuration, Beginnings(), "numpy")
    chance.shuffle(needs)
    chance.shuffle(offers)
    other = Marketplace.of(needs, offers, configuration, Beginnings(), "numpy")
    assert [need.id for need in one.needs] == [need.id for need in other.needs]
    assert rows(one.best(4)) == rows(other.best(4))


@encoders
@few
@given(sides=markets(), configuration=configurations())
def test_a_ranking_counts_every_offer_once(encoder, sides, configuration):
    market = Marketplace.of(*sides, configuration, encoder, "numpy")
    best = rows(market.best(3))
    for at, need in enumerate(market.needs):
        ranking = market.rank(need.id, top=3)
        fitting = [o for o in market.offers if by_hand(need, o, configuration, encoder) is not None]
        firsts = [next(iter(market.explain(need.id, o.id).broken), "") for o in market.offers]
        assert ranking.removed == {code: firsts.count(code) for code in firsts if code}
        assert ranking.fitting == len(fitting)
        assert sum(ranking.removed.values()) + ranking.fitting == ranking.looked_at
        ours = [market.offers[o].id for n, o, _ in best if n == at]
        assert [c.offer_id for c in ranking.candidates] == ours


@encoders
@few
@given(sides=markets(), configuration=configurations())
def test_each_pair_has_its_score_and_a_verdict_that_says_why(encoder, sides, configuration):
    market = Marketplace.of(*sides, configuration, encoder)
    pairs = [(n, o) for n in range(len(market.needs)) for o in range(len(market.offers))]
    needs, offers = np.array(pairs, int).reshape(-1, 2).T
    scores, fits = market.score_pairs(needs, offers)
    for (n, o), score, fit in zip(pairs, scores.tolist(), fits.tolist(), strict=True):
        need, offer = market.needs[n], market.offers[o]
        said = market.explain(need.id, offer.id)
        alike = similarity(encoder, need, offer)
        words = next((r.evidence["words"] for r in said.reasons if r.code == "same_words"), ())
        expected = rules.reasons(rules.Pair(need, offer, alike, tuple(words)), configuration)
        assert said.reasons == expected
        assert said.score == score == rules.score(expected)
        assert said.fits == fit == (by_hand(need, offer, configuration, encoder) is not None)
        assert said.broken[: len(rules.broken(need, offer))] == rules.broken(need, offer)


@encoders
@few
@given(sides=markets(most=4), configuration=configurations(), new=need_facts(number=99))
def test_a_new_need_is_judged_like_one_that_was_there(encoder, sides, configuration, new):
    needs, offers = sides
    without = Marketplace.of(needs, offers, configuration, encoder)
    within = Marketplace.of([*needs, new], offers, configuration, encoder)
    assert without.rank(new) == within.rank(new.id)


@few
@given(sides=markets(most=4), one=configurations(), other=configurations())
def test_other_settings_give_what_a_new_market_would(sides, one, other):
    market = Marketplace.of(*sides, one, Beginnings(), "numpy").with_configuration(other)
    assert rows(market.best(5)) == rows(
        Marketplace.of(*sides, other, Beginnings(), "numpy").best(5)
    )


def test_two_rows_with_one_id_are_refused():
    with pytest.raises(ValueError, match="the id 7"):
        Marketplace.of([], [OfferFacts(id=7), OfferFacts(id=7)], Configuration(), Beginnings())


def test_a_number_and_a_word_are_two_ids():
    market = Marketplace.of(
        [], [OfferFacts(id=7), OfferFacts(id="7")], Configuration(), Beginnings()
    )
    assert len(market.offers) == 2


def test_a_calibration_that_makes_no_sense_is_refused():
    encoder = Beginnings()
    encoder.calibration = (0.5, 0.5)
    with pytest.raises(ValueError, match="0 <= low < half <= 1"):
        Marketplace.of([NeedFacts(id=1)], [], Configuration(), encoder)


@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize("value", [1.5, float("nan")])
def test_rows_that_are_no_rows_are_refused(dense, value, monkeypatch):
    encoder = Beginnings(dense)
    honest = encoder.encode
    monkeypatch.setattr(encoder, "encode", lambda *said: honest(*said) * value)
    with pytest.raises(ValueError, match="length 1 or 0"):
        Marketplace.of([NeedFacts(id=1, text="buses")], [], Configuration(), encoder)


def test_an_id_that_nobody_has():
    market = Marketplace.of([NeedFacts(id=1)], [OfferFacts(id=2)], Configuration(), Beginnings())
    with pytest.raises(KeyError):
        market.rank(3)
    with pytest.raises(KeyError):
        market.explain(1, 4)
