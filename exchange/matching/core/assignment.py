"""The best run over all feasible pairs at once, with its proof and its reasons.

``assign`` never fails for lack of a solution: what cannot be served is told, with why.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.matching.core.conditions import Conditions, within
from exchange.matching.core.facts import Key, Wishes
from exchange.matching.core.pairs import Market, Pairs
from exchange.matching.core.proof import Proof, proof_of
from exchange.matching.core.reasons import Broken, Pin, Result, TradeOff, Unserved
from exchange.matching.core.reasons import pins as pins_of
from exchange.matching.core.reasons import trade_offs as trade_offs_of
from exchange.matching.core.reasons import unserved as unserved_of
from exchange.matching.core.rounds import Clock, Progress, Size, Step, best_of
from exchange.matching.core.search import Search

NO_WISHES = Wishes()


@dataclass(frozen=True)
class Given:
    """A place given: the need's id, the offer's id, their score in basis points."""

    need: Key
    offer: Key
    score: int
    pinned: bool = False


@dataclass(frozen=True)
class Assignment:
    """What a run came to. All values in basis points.

    ``total``: the sum of scores. ``objective``: worths with all bonuses and losses. ``bound``: no
    run over any of the feasible pairs has a higher objective, which ``proof`` shows. Both leave the
    bonus of pins out. ``solver``: ``flow`` or ``linear``, both exact, or ``greedy``, which is not.
    """

    pairs: tuple[Given, ...]
    total: int
    objective: int
    bound: int
    rounds: int
    size: Size
    solver: str
    seconds: float
    proof: Proof
    unserved: Mapping[Key, Unserved]
    kept_pins: tuple[Pin, ...]
    broken_pins: Mapping[Pin, Broken]
    trade_offs: Mapping[Key, TradeOff]

    @property
    def certified(self) -> bool:
        """Is it proven that no run over all feasible pairs is better?"""
        return self.bound == self.objective

    @property
    def gap(self) -> float:
        """How much better a run could be at most, as a share of this one."""
        return (self.bound - self.objective) / max(self.objective, 1)

    def trade_off(self, need: Key) -> TradeOff | None:
        """An offer that fits the need better than what it got, and why others got its places."""
        return self.trade_offs.get(need)


def assign(
    market: Market,
    wishes: Wishes = NO_WISHES,
    *,
    seconds: float | None = None,
    progress: Progress | None = None,
    start: Pairs | None = None,
) -> Assignment:
    """Give the places of all offers to needs, so that the objective is the highest possible.

    ``seconds``: how long it may look; by default what the market's configuration says. A run that
    is stopped early is feasible and says how far from the best it can be at most; at 0 it is
    greedy. ``progress`` is called after each round. ``start``: feasible pairs with their scores
    that were found already (by shards of the market, say), the best of each need they name: the
    market is not asked for these needs again before the first round. A pair that is pinned may be
    among them though it is below the floor.
    """
    clock = Clock(market.configuration.seconds if seconds is None else seconds)
    conditions = Conditions.of(market, wishes)
    search = Search(market, conditions, start)
    outcome = best_of(search, clock, progress or _silent)
    certified = outcome.bound == outcome.objective
    result = Result(search, outcome.taken, outcome.prices, certified=certified)
    kept, broken = pins_of(result, wishes)
    pinned = conditions.pinned(outcome.taken)
    return Assignment(
        pairs=_given(result),
        total=int(outcome.taken.score.sum()),
        objective=outcome.objective - pinned,
        bound=outcome.bound - pinned,
        rounds=outcome.rounds,
        size=outcome.size,
        solver=outcome.solver,
        seconds=clock.gone,
        proof=proof_of(result),
        unserved=unserved_of(result),
        kept_pins=kept,
        broken_pins=broken,
        trade_offs=trade_offs_of(result),
    )


def _given(result: Result) -> tuple[Given, ...]:
    needs, offers, taken = result.market.needs, result.market.offers, result.taken
    pinned = within(result.codes(taken), result.conditions.pins)
    columns = (column.tolist() for column in (taken.need, taken.offer, taken.score, pinned))
    rows = zip(*columns, strict=True)
    return tuple(Given(needs[n].id, offers[o].id, score, pin) for n, o, score, pin in rows)


def _silent(step: Step) -> None:
    """Tell nobody."""
