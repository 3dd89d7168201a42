"""Blocks of a market found by several workers are the market's own answer."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from exchange.matching.core.assignment import assign
from exchange.matching.core.configuration import Configuration
from exchange.matching.core.market import Marketplace
from exchange.matching.text.builtin import BuiltIn
from exchange.runs.finding import find
from exchange.runs.packing import pack, unpack
from exchange.runs.share import Loaded, Share, fingerprint
from tests.benchmarks.world import world

WORLD = world(90, 80)


def market(needs=None, configuration=None):
    needs = WORLD.needs if needs is None else needs
    numbered = [[replace(one, id=n) for n, one in enumerate(s, 1)] for s in (needs, WORLD.offers)]
    return Marketplace.of(*numbered, configuration or Configuration(), BuiltIn())


def loaded(**options):
    made = market(**options)
    return Loaded(made, fingerprint(made, "corpus"))


def blocks(one, size):
    ids = sorted(need.id for need in one.market.needs)
    return [ids[first : first + size] for first in range(0, len(ids), size)]


def result(share):
    found = assign(share, seconds=60)
    return found.pairs, found.objective, found.bound, found.rounds


@pytest.mark.parametrize("size", [7, 45, 1000])
def test_a_run_in_blocks_is_the_run_of_the_whole_market(size):
    one = loaded()
    share = Share(one)
    packed = [(ids, pack(find(one, ids, counted=1))) for ids in blocks(one, size)]
    assert share.take((ids, unpack(bytes_)) for ids, bytes_ in packed) == 0
    whole = assign(one.market, seconds=60)
    assert result(share) == (whole.pairs, whole.objective, whole.bound, whole.rounds)


def test_blocks_of_other_facts_are_compared_again():
    one, other = loaded(), loaded(configuration=Configuration(floor=3000))
    share, (first, second) = Share(one), blocks(one, 45)
    found = [(first, find(one, first, counted=0)), (second, find(other, second, counted=0))]
    assert share.take(found) == 45
    assert result(share) == result(Share(one))


def test_the_rules_are_counted_for_needs_evenly_spread():
    one = loaded()
    (ids,) = blocks(one, 1000)
    every, some = find(one, ids, counted=1000).facts, find(one, ids, counted=9).facts
    assert every["counted"]["needs"] == 90
    assert some["counted"]["needs"] == 9
    for facts in (every, some):
        counted = facts["counted"]
        assert counted["fits"] + sum(counted["removed"].values()) == counted["pairs"]
        assert counted["pairs"] == counted["needs"] * 80


def test_the_fingerprint_is_the_same_in_every_process():
    """Sets stand in another order in each process: the hash must not see it."""
    code = "from tests.unit.runs import test_share as t; print(t.loaded().stamp, end='')"
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert told == {loaded().stamp}


def test_the_fingerprint_sees_every_change():
    one = market()
    known = fingerprint(one, "corpus")
    assert fingerprint(one, "another corpus") != known
    assert fingerprint(one.with_configuration(Configuration(floor=2000)), "corpus") != known
    changed = replace(WORLD.needs[0], refused=frozenset({3}))
    assert fingerprint(market(needs=[changed, *WORLD.needs[1:]]), "corpus") != known


def test_positions_of_nothing():
    assert len(Share(loaded(needs=[])).best_at_first()) == 0
    assert np.array_equal(find(loaded(needs=[]), [], counted=3).pairs, np.zeros((0, 3)))
