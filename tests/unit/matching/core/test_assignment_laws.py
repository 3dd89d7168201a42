"""What holds for every run: order changes nothing, more never harms, nothing is infeasible."""

import time
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.matching.core import search
from exchange.matching.core.assignment import Assignment, assign
from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts, Wishes
from exchange.matching.core.pairs import Pairs
from exchange.matching.core.rounds import Step
from tests.unit.matching.core.dense import DenseMarket
from tests.unit.matching.core.instances import Instance, instance
from tests.unit.matching.core.mid import mid
from tests.unit.matching.core.verifier import feasible, proven

SCARCE = {"needs": 200, "offers": 90}


def said(found: Assignment) -> Assignment:
    """All that a run says but how long it took."""
    return replace(found, seconds=0)


def shuffled(run: Instance, chance: Random) -> Instance:
    """The same rows in another order."""
    needs, offers, scores = list(run.needs), list(run.offers), list(run.scores.items())
    for rows in (needs, offers, scores):
        chance.shuffle(rows)
    return replace(run, needs=tuple(needs), offers=tuple(offers), scores=dict(scores))


@given(st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_the_order_of_the_rows_changes_nothing(chance: Random) -> None:
    run = instance(chance)
    other = shuffled(run, chance)
    assert said(assign(run.market, run.wishes)) == said(assign(other.market, run.wishes))


def test_the_order_of_the_rows_changes_nothing_in_a_larger_run_full_of_ties() -> None:
    run = mid(11, **SCARCE, diversity=500)
    run = replace(run, scores={pair: score // 500 * 500 for pair, score in run.scores.items()})
    first = said(assign(run.market))
    assert len(first.pairs) > 80
    for seed in range(3):
        assert said(assign(shuffled(run, Random(seed)).market)) == first  # noqa: S311


@given(st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_one_offer_more_never_lowers_the_objective(chance: Random) -> None:
    run = replace(instance(chance), wishes=Wishes())
    less = replace(run, offers=run.offers[:-1])
    less = replace(less, scores={p: s for p, s in run.scores.items() if p[1] != run.offers[-1].id})
    assert assign(run.market).objective >= assign(less.market).objective


@pytest.mark.parametrize("power", [1, 2, 4])
@pytest.mark.parametrize("candidates", [1, 5])
def test_a_few_candidates_lead_to_the_best_of_all_pairs(monkeypatch, power, candidates) -> None:
    """The certificate is worth what a network of every pair is worth, and the proof holds."""
    run = mid(12, **SCARCE, stability=power, diversity=900, host_cap=3)
    for name in ("CANDIDATES", "FIRST"):
        monkeypatch.setattr(search, name, len(run.offers))
    whole = assign(run.market)
    assert (whole.size.pairs, whole.rounds) == (len(run.scores), 1)
    for name in ("CANDIDATES", "FIRST", "ASKED"):
        monkeypatch.setattr(search, name, candidates)
    found = assign(run.market)
    assert found.size.pairs < whole.size.pairs / 2
    assert found.rounds > 1
    assert found.objective == whole.objective == found.bound
    assert proven(run, found)


def test_pairs_that_shards_found_are_taken_as_they_are() -> None:
    run = mid(13, **SCARCE)
    market, asked = run.market, []
    lists = market.best(30)
    best = market.best
    market.best = lambda most, **prices: asked.append(most) or best(most, **prices)
    assert said(assign(market, start=lists)).pairs == assign(run.market).pairs
    assert 30 not in asked[1:]


def test_a_run_that_is_stopped_says_how_far_from_the_best_it_may_be(monkeypatch) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 2)
    run = mid(14, **SCARCE)
    best = assign(run.market)
    told: list[Step] = []

    def wait(step: Step) -> None:
        told.append(step)
        time.sleep(0.3)

    found = assign(run.market, seconds=0.2, progress=wait)
    assert (found.rounds, found.certified) == (1, False)
    assert found.objective < best.objective <= found.bound
    assert found.gap == pytest.approx((found.bound - found.objective) / found.objective)
    assert [(step.objective, step.bound) for step in told] == [(found.objective, found.bound)]
    assert feasible(run, found)


def test_each_round_is_told_and_its_bound_is_true(monkeypatch) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 1)
    told: list[Step] = []
    found = assign(mid(15, **SCARCE, host_cap=2).market, progress=told.append)
    assert [step.round for step in told] == list(range(1, found.rounds + 1))
    assert all(step.objective <= found.objective <= step.bound for step in told)
    assert [s.objective for s in told] == sorted(step.objective for step in told)
    assert [s.bound for s in told] == sorted((s.bound for s in told), reverse=True)


@pytest.mark.parametrize("seconds", [0, None])
@pytest.mark.parametrize(("needs", "offers"), [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_nothing_is_a_run_too(needs: int, offers: int, seconds: float | None) -> None:
    market = DenseMarket.of(
        [NeedFacts(id=number) for number in range(needs)],
        [OfferFacts(id=number) for number in range(offers)],
        {},
        Configuration(),
    )
    found = assign(market, seconds=seconds)
    assert (found.pairs, found.total, found.objective, found.gap) == ((), 0, 0, 0)
    assert set(found.unserved) == set(range(needs))


def test_a_pair_that_two_shards_found_is_given_once() -> None:
    run = mid(18, needs=20, offers=30)
    lists = run.market.best(30)
    twice = Pairs(*(np.tile(c, 2) for c in (lists.need, lists.offer, lists.score)))
    found = assign(run.market, start=twice)
    assert feasible(run, found)
    assert found.pairs == assign(run.market).pairs


def test_an_empty_start_is_no_start() -> None:
    run = mid(16, needs=10, offers=10)
    assert assign(run.market, start=Pairs.of([])).pairs == assign(run.market).pairs


def test_powers_break_up_fewer_very_good_pairs() -> None:
    """Blocking pairs: both would rather have each other (or a free place) than what they got."""
    counts = []
    for power in (1, 2, 4):
        run = mid(17, needs=100, offers=100, stability=power, first_bonus=0, second_bonus=0)
        found = assign(run.market)
        counts.append(blocking(run, found))
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[2]


def blocking(run: Instance, found: Assignment) -> int:
    """How many pairs would rather have each other than the worst they got."""
    needs, offers = (np.full(len(rows), 10**6) for rows in (run.needs, run.offers))
    taken = {(pair.need, pair.offer) for pair in found.pairs}
    for rows, worst, side in ((run.needs, needs, 0), (run.offers, offers, 1)):
        for row in rows:
            got = [run.scores[pair] for pair in taken if pair[side] == row.id]
            worst[row.id] = min(got) if len(got) == row.open_places else 0
    free = (item for item in run.scores.items() if item[0] not in taken)
    return sum(score > max(needs[need], offers[offer]) for (need, offer), score in free)
