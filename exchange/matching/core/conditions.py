"""What a run must and would like to keep to, as numbers by position.

The worth of a pair is its score (to a power, when stability is asked for) in basis points. What is
wished beyond that is a bonus or a loss in the same unit, so that one sum says how good a run is:

    sum of worths + coverage bonuses + newcomer bonuses - losses for hosts from one country
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.configuration import BEST, Configuration
from exchange.matching.core.facts import Key, NeedFacts, OfferFacts, SideFacts, Wishes
from exchange.matching.core.pairs import Ints, Market, Pairs

NOBODY = -1


@dataclass(frozen=True)
class Side:
    """Needs or offers. ``places`` they may still take or give in this run, ``open`` without caps.

    ``organisation``: the number of a row's capped organisation, NOBODY without a cap; ``caps``
    and ``names`` (its id) go by that number.
    """

    open: Ints
    places: Ints
    organisation: Ints
    caps: Ints
    names: tuple[Key, ...]

    def above(self, prices: Ints) -> Ints:
        """The price of each row's capped organisation; 0 where there is none."""
        return np.append(prices, 0)[self.organisation]


@dataclass(frozen=True)
class Conditions:
    """``steps[need]``: the bonus of the next host and of the one after, in basis points.

    ``newcomer[offer]``: the bonus of its first place. ``country[offer]``: where its code stands in
    ``countries``, NOBODY when it is not known. ``several[need]``: it looks for more than one host,
    and counts from where they come. ``worth[score]``: a table. ``pins`` and ``vetoes`` hold codes
    of pairs (``code``), sorted.
    """

    needs: Side
    offers: Side
    steps: Ints
    newcomer: Ints
    country: Ints
    countries: tuple[str, ...]
    several: NDArray[np.bool_]
    diversity: int
    worth: Ints
    pins: Ints
    vetoes: Ints
    pin_bonus: int

    @classmethod
    def of(cls, market: Market, wishes: Wishes) -> "Conditions":
        """The conditions of a run over ``market``. Pairs of ids that nobody knows are left out."""
        settings = market.configuration
        needs = _side(market.needs, settings.learner_cap, wishes.learner_caps)
        offers = _side(market.offers, settings.host_cap, wishes.host_caps)
        steps = np.array([_steps(n, settings) for n in market.needs], np.int64).reshape(-1, 2)
        newcomer = _array(_newcomer(offer, settings) for offer in market.offers)
        diversity = max(settings.diversity, 0)
        names = sorted({offer.country for offer in market.offers if offer.country})
        country_at = {name: at for at, name in enumerate(names)}
        most = BEST + diversity + _most(steps) + _most(newcomer)
        return cls(
            needs=needs,
            offers=offers,
            steps=steps,
            newcomer=newcomer,
            country=_array(country_at.get(offer.country, NOBODY) for offer in market.offers),
            countries=tuple(names),
            several=(needs.places > 1) & (diversity > 0),
            diversity=diversity,
            worth=worths(settings.stability),
            pins=codes(market, wishes.pins),
            vetoes=codes(market, wishes.vetoes),
            # More than all else together can gain or lose: no number of good pairs beats a pin.
            pin_bonus=1 + most * int(needs.places.sum()),
        )

    def code(self, need: Ints, offer: Ints) -> Ints:
        """One number for each pair of positions; in the order of (need, offer)."""
        return need * len(self.offers.places) + offer

    def values(self, need: Ints, offer: Ints, score: Ints) -> Ints:
        """What each pair is worth in this run; a pinned pair more than everything else."""
        pinned = within(self.code(need, offer), self.pins)
        return self.worth[score] + np.where(pinned, self.pin_bonus, 0)

    def abroad(self, need: Ints, offer: Ints) -> Ints:
        """One number for each need and country of an offer, where that counts; else NOBODY."""
        country = self.country[offer]
        counts = self.several[need] & (country != NOBODY)
        return np.where(counts, need * len(self.countries) + country, NOBODY)

    def pinned(self, pairs: Pairs) -> int:
        """What the pins among ``pairs`` bring, which is not part of any figure that people see."""
        codes = self.code(pairs.need, pairs.offer)
        return self.pin_bonus * int(within(codes, self.pins).sum())

    def objective(self, pairs: Pairs) -> int:
        """What a run is worth that takes exactly ``pairs``: worths, bonuses and losses."""
        hosts = np.bincount(pairs.need, minlength=len(self.steps))
        bonuses = self.steps[hosts > 0, 0].sum() + self.steps[hosts > 1, 1].sum()
        new = self.newcomer[np.unique(pairs.offer)].sum()
        abroad = self.abroad(pairs.need, pairs.offer)
        abroad = abroad[abroad != NOBODY]
        again = len(abroad) - len(np.unique(abroad))
        worth = self.values(pairs.need, pairs.offer, pairs.score).sum()
        return int(worth + bonuses + new - again * self.diversity)


@cache
def worths(power: int) -> Ints:
    """``worth[score] = score**power / BEST**(power - 1)``, rounded, by score 0-10000.

    A power above 1 makes very good pairs worth relatively more, so that fewer of them are broken up
    for the sake of the total (fewer blocking pairs in the sense of Gale and Shapley, 1962).
    """
    power = max(power, 1)
    scale = BEST ** (power - 1)
    # Whole numbers of Python do not overflow, whatever the power.
    table = _array((score**power + scale // 2) // scale for score in range(BEST + 1))
    table.setflags(write=False)
    return table


def codes(market: Market, wished: Collection[tuple[Key, Key]]) -> Ints:
    """The sorted codes of those pairs of ids whose need and offer are in the market."""
    if not wished:
        return _array(())
    need_at, offer_at = positions(market.needs), positions(market.offers)
    known = ((n, o) for n, o in wished if n in need_at and o in offer_at)
    return np.unique(_array(need_at[n] * len(market.offers) + offer_at[o] for n, o in known))


def positions(rows: Sequence[SideFacts]) -> dict[Key, int]:
    """Where each id stands."""
    return {row.id: position for position, row in enumerate(rows)}


def within(values: Ints, ordered: Ints) -> NDArray[np.bool_]:
    """Which of ``values`` are among the ``ordered`` ones."""
    if not len(ordered):
        return np.zeros(len(values), bool)
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: NDArray[np.bool_] = ordered[at] == values
    return found


def _steps(need: NeedFacts, settings: Configuration) -> tuple[int, int]:
    """Bonuses of the next two hosts. They must not rise from one host to the next: a flow takes
    the dearest first, so a second bonus above the first counts as the first."""
    aged = min(max(settings.ageing, 0) * need.passed_over, settings.ageing_most)
    first = max(settings.first_bonus + max(aged, 0), 0)
    second = min(max(settings.second_bonus, 0), max(settings.first_bonus, 0))
    return ((first, second), (second, 0), (0, 0))[min(need.hosts_found, 2)]


def _newcomer(offer: OfferFacts, settings: Configuration) -> int:
    first = offer.newcomer and not offer.places_taken
    return max(settings.newcomer_bonus, 0) if first else 0


def _side(
    rows: Sequence[NeedFacts] | Sequence[OfferFacts], cap: int, caps: Mapping[Key, int]
) -> Side:
    places = _array(row.open_places for row in rows)
    wanted: Counter[Key] = Counter()
    for row in rows:
        if row.organisation_id is not None:
            wanted[row.organisation_id] += row.open_places
    # A cap that cannot bind needs no node in the network.
    limits = {o: max(caps.get(o, cap or total), 0) for o, total in wanted.items()}
    binding = [o for o, total in wanted.items() if limits[o] < total]
    number = {organisation: at for at, organisation in enumerate(binding)}
    at = _array(_number(number, row.organisation_id) for row in rows)
    limit = _array(limits[o] for o in binding)
    shut = np.append(limit, 1)[at] == 0
    return Side(places, np.where(shut, 0, places), at, limit, tuple(binding))


def _number(number: Mapping[Key, int], organisation: Key | None) -> int:
    return NOBODY if organisation is None else number.get(organisation, NOBODY)


def _array(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)


def _most(values: Ints) -> int:
    return int(values.max(initial=0))
