"""The fast market equals the plain rules, for every pair, whatever the order of the rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.matching.core.market import Marketplace
from exchange.matching.core.pairs import Pairs
from tests.unit.matching.core.worlds import (
    Beginnings,
    best_by_hand,
    by_hand,
    configurations,
    markets,
    need_facts,
)

ENCODERS = {"sparse": Beginnings(), "dense": Beginnings(dense=True)}
encoders = pytest.mark.parametrize("encoder", ENCODERS.values(), ids=ENCODERS)

kernels = pytest.mark.parametrize("kernel", ["numpy", "numba"])


def rows(pairs: Pairs) -> list[tuple[int, int, int]]:
    return list(zip(pairs.need.tolist(), pairs.offer.tolist(), pairs.score.tolist(), strict=True))


@kernels
@encoders
@given(data=st.data(), sides=markets(), settings=configurations())
def test_the_best_pairs_are_those_that_the_rules_give_one_by_one(
    kernel, encoder, data, sides, settings
):
    market = Marketplace.of(*sides, settings, encoder, kernel)
    small = st.integers(-2000, 4000)
    discounts = data.draw(st.lists(small, min_size=len(sides[1]), max_size=len(sides[1])))
    thresholds = data.draw(st.lists(small, min_size=len(sides[0]), max_size=len(sides[0])))
    most = data.draw(st.integers(1, 9))
    expected = best_by_hand(market, encoder, most, discounts, thresholds)
    found = market.best(
        most, discounts=np.array(discounts, int), thresholds=np.array(thresholds, int)
    )
    assert rows(found) == expected


@encoders
@given(sides=markets(), settings=configurations())
def test_a_ranking_counts_every_offer_once(encoder, sides, settings):
    market = Marketplace.of(*sides, settings, encoder)
    for need in market.needs:
        ranking = market.rank(need.id, top=3)
        fitting = [o for o in market.offers if by_hand(need, o, settings, encoder) is not None]
        firsts = [next(iter(market.explain(need.id, o.id).broken), "") for o in market.offers]
        assert ranking.removed == {code: firsts.count(code) for code in firsts if code}
        assert ranking.fitting == len(fitting)
        assert sum(ranking.removed.values()) + ranking.fitting == ranking.looked_at
        best = rows(market.best(3))
        ours = [market.offers[o].id for n, o, _ in best if market.needs[n] is need]
        assert [c.offer_id for c in ranking.candidates] == ours


@encoders
@given(sides=markets(most=4), settings=configurations(), new=need_facts(number=99))
def test_a_new_need_is_judged_like_one_that_was_there(encoder, sides, settings, new):
    needs, offers = sides
    without = Marketplace.of(needs, offers, settings, encoder)
    within = Marketplace.of([*needs, new], offers, settings, encoder)
    assert without.rank(new) == within.rank(new.id)
