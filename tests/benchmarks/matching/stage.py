"""What a run of the benchmarks shares: one world for each size and supply, one market, one network.

Seconds are those of the processor, so that a busy machine falsifies less.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from time import process_time
from typing import Any

import numpy as np

from exchange.matching.core.conditions import Conditions
from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import Wishes
from exchange.matching.core.graph import Network, network
from exchange.matching.core.market import Marketplace
from exchange.matching.core.pairs import Pairs
from exchange.matching.core.search import CANDIDATES
from tests.benchmarks.matching.figure import Figure
from tests.benchmarks.prefixes import Prefixes
from tests.benchmarks.world import PLENTY, World, world

# What takes minutes and is read at the end.
Later = Callable[[], Iterable[Figure]]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the processor, and what came out."""
    begin = process_time()
    result = work()
    return process_time() - begin, result


def market_of(given: World, configuration: Configuration | None = None) -> Marketplace:
    """The market of a world, with the encoder of the design's measurements."""
    texts = [side.words for side in (*given.needs, *given.offers)]
    encoder = Prefixes().fit(texts, [""] * len(texts))
    return Marketplace.of(given.needs, given.offers, configuration or Configuration(), encoder)


@dataclass
class Stage:
    """The input of one size. ``large``: take the time that large sizes need. ``beside``: another
    process, for peers that take minutes."""

    size: int
    large: bool = False
    supply: float = PLENTY
    beside: Executor = field(default_factory=lambda: ThreadPoolExecutor(1))

    @cached_property
    def world(self) -> World:
        """Needs and offers, as many of each."""
        return world(self.size, self.size, supply=self.supply)

    @cached_property
    def market(self) -> Marketplace:
        """Their market."""
        return market_of(self.world)

    @cached_property
    def lists(self) -> Pairs:
        """The best candidates of each need."""
        return self.market.best(CANDIDATES)

    @cached_property
    def conditions(self) -> Conditions:
        """Places and bonuses."""
        return Conditions.of(self.market, Wishes())

    @cached_property
    def graph(self) -> Network:
        """The network of the lists."""
        return network(self.conditions, self.lists)

    @cached_property
    def one_each(self) -> Conditions:
        """The same where each need looks for one host, each offer takes one, and only scores
        count."""
        needs, offers = self.conditions.needs, self.conditions.offers
        one, other = np.ones_like(needs.places), np.ones_like(offers.places)
        return replace(
            self.conditions,
            needs=replace(needs, open=one, places=one),
            offers=replace(offers, open=other, places=other),
            steps=0 * self.conditions.steps,
            newcomer=0 * self.conditions.newcomer,
            several=one == 0,
        )
