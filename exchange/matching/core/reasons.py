"""Why a run came out as it did: needs without a host, pins, and better offers that went elsewhere.

Codes and figures only; the words are found where people read them.
"""

from dataclasses import dataclass
from enum import StrEnum, auto

import numpy as np

from exchange.matching.core.conditions import NOBODY, Conditions, Side, positions, within
from exchange.matching.core.configuration import BEST
from exchange.matching.core.facts import Key, Wishes
from exchange.matching.core.pairs import Ints, Pairs
from exchange.matching.core.prices import Prices
from exchange.matching.core.question import Marks
from exchange.matching.core.search import Search

Pin = tuple[Key, Key]


class Unserved(StrEnum):
    """Why a need got no host in this run."""

    no_candidates = auto()
    vetoed = auto()
    capped = auto()
    stopped_early = auto()
    places_given_to_others = auto()


class Broken(StrEnum):
    """Why a pinned pair was not taken."""

    not_known = auto()
    vetoed = auto()
    capped = auto()
    not_feasible = auto()
    need_has_its_hosts = auto()
    places_given_to_others = auto()
    stopped_early = auto()


class Because(StrEnum):
    """Why a need did not get the offer that fits better."""

    others_gain_more = auto()
    capped = auto()
    pinned = auto()
    another_country = auto()
    newcomer_first = auto()


@dataclass(frozen=True)
class TradeOff:
    """An offer that fits better than what the need got. ``price``: what its last place brings
    elsewhere, in basis points."""

    offer: Key
    score: int
    price: int
    because: Because


@dataclass(frozen=True)
class Full:
    """Where no place is left: rows that have all their places, or whose organisation has all it
    may."""

    need: Marks
    offer: Marks
    learner: Marks
    host: Marks

    @classmethod
    def of(cls, conditions: Conditions, taken: Pairs) -> "Full":
        """What these pairs fill."""
        needs, offers = conditions.needs, conditions.offers
        hosts = np.bincount(taken.need, minlength=len(needs.open))
        guests = np.bincount(taken.offer, minlength=len(offers.open))
        full = hosts >= needs.open, guests >= offers.open
        return cls(*full, _capped(needs, hosts), _capped(offers, guests))


class Result:
    """A finished run, seen from its places: who still has any."""

    def __init__(self, search: Search, taken: Pairs, prices: Prices, *, certified: bool) -> None:
        self.market, self.conditions, self.known = search.market, search.conditions, search.known
        self.search, self.taken, self.prices = search, taken, prices
        self.full = Full.of(self.conditions, taken)
        self.pinned = taken.only(within(self.codes(taken), self.conditions.pins))
        # Where the search ended before its time, a need may have pairs that nobody looked at.
        self.unsure = ~search.whole & (not certified)

    def codes(self, pairs: Pairs) -> Ints:
        """The codes of ``pairs``, in their order."""
        return self.conditions.code(pairs.need, pairs.offer)


def unserved(result: Result) -> dict[Key, Unserved]:
    """For each need that looked for hosts and got none: the first reason that holds."""
    known, search = result.known, result.search
    has_known, kept_away = np.zeros((2, len(search.may)), bool)
    has_known[known.need] = True
    free = ~result.full.offer[known.offer] & result.full.host[known.offer]
    kept_away[known.need[free]] = True
    all_seen = search.whole
    tests = (
        (Unserved.no_candidates, ~search.fits),
        (Unserved.vetoed, ~search.may & all_seen),
        (Unserved.capped, result.full.learner | kept_away | (~has_known & all_seen)),
        (Unserved.stopped_early, result.unsure),
        (Unserved.places_given_to_others, np.ones_like(all_seen)),
    )
    served = np.isin(np.arange(len(all_seen)), result.taken.need)
    without = np.flatnonzero((result.conditions.needs.open > 0) & ~served)
    first = np.argmax([holds[without] for _code, holds in tests], axis=0)
    ids = (result.market.needs[at].id for at in without.tolist())
    return {key: tests[number][0] for key, number in zip(ids, first, strict=True)}


def pins(result: Result, wishes: Wishes) -> tuple[tuple[Pin, ...], dict[Pin, Broken]]:
    """The pins that were kept, and why each other one was not."""
    need_at, offer_at = positions(result.market.needs), positions(result.market.offers)
    taken = np.sort(result.codes(result.taken))
    kept, broken = [], {}
    for need, offer in sorted(wishes.pins, key=repr):
        at = need_at.get(need, NOBODY), offer_at.get(offer, NOBODY)
        if NOBODY in at:
            broken[need, offer] = Broken.not_known
        elif _has(taken, result, at):
            kept.append((need, offer))
        else:
            broken[need, offer] = _broken(result, *at)
    return tuple(kept), broken


def _broken(result: Result, need: int, offer: int) -> Broken:
    """Why a pin was not kept: the first reason that holds. Other pins fill what it needs: what
    others fill, it would have taken from them."""
    needs, offers, at = result.conditions.needs, result.conditions.offers, (need, offer)
    shut = needs.places[need] < needs.open[need] or offers.places[offer] < offers.open[offer]
    full = Full.of(result.conditions, result.pinned)
    tests = (
        (_has(result.conditions.vetoes, result, at), Broken.vetoed),
        (shut, Broken.capped),
        (not _has(result.codes(result.known), result, at), Broken.not_feasible),
        (full.need[need], Broken.need_has_its_hosts),
        (full.offer[offer], Broken.places_given_to_others),
        (full.learner[need] or full.host[offer], Broken.capped),
        (True, Broken.stopped_early),
    )
    return next(reason for holds, reason in tests if holds)


def _has(ordered: Ints, result: Result, at: tuple[int, int]) -> bool:
    code = result.conditions.code(*(np.array([position]) for position in at))
    return bool(within(code, ordered)[0])


def trade_offs(result: Result) -> dict[Key, TradeOff]:
    """For each need that did not get its best: the best offer it did not get, and why.

    That is one with a better score than the worst it got; any, while it has places left.
    """
    worst = np.full(len(result.full.need), BEST)
    np.minimum.at(worst, result.taken.need, result.taken.score)
    worst[~result.full.need] = -1
    free = ~within(result.codes(result.known), np.sort(result.codes(result.taken)))
    missed = result.known.only(free & (result.known.score > worst[result.known.need]))
    best = np.lexsort((missed.offer, -missed.score, missed.need))
    _needs, first = np.unique(missed.need[best], return_index=True)
    missed = Pairs(missed.need[best][first], missed.offer[best][first], missed.score[best][first])
    because = _because(result, missed)
    price = np.maximum(result.prices.offer[missed.offer], 0)
    rows = zip(missed.need, missed.offer, missed.score, price, because, strict=True)
    needs, offers = result.market.needs, result.market.offers
    return {
        needs[need].id: TradeOff(offers[offer].id, int(score), int(cost), why)
        for need, offer, score, cost, why in rows
    }


def _because(result: Result, missed: Pairs) -> list[Because]:
    """The first reason that holds for each pair."""
    taken, conditions = result.taken, result.conditions
    visited = np.sort(conditions.abroad(taken.need, taken.offer))
    abroad = conditions.abroad(missed.need, missed.offer)
    again = within(abroad, visited) & (abroad != NOBODY)
    tests = (
        (Because.others_gain_more, result.full.offer[missed.offer]),
        (Because.capped, result.full.learner[missed.need] | result.full.host[missed.offer]),
        (Because.pinned, np.isin(missed.need, result.pinned.need)),
        (Because.another_country, again),
        (Because.newcomer_first, np.ones(len(missed), bool)),
    )
    first = np.argmax([holds for _code, holds in tests], axis=0)
    return [tests[number][0] for number in first]


def _capped(side: Side, given: Ints) -> Marks:
    """Which rows belong to an organisation that has got all it may."""
    under = side.organisation != NOBODY
    total = np.bincount(side.organisation[under], given[under], len(side.caps))
    return np.append(total >= side.caps, False)[side.organisation]
