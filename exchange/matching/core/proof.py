"""The prices of a run by id: a proof that anybody can check who has the scores."""

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.matching.core.facts import Key
from exchange.matching.core.reasons import Result


@dataclass(frozen=True)
class Proof:
    """Prices in basis points, from which a bound of every run follows (see ``prices``).

    A pair beats the prices by its worth - ``need`` - ``offer`` - ``country`` (for the need and the
    country of the offer, where there is one). No run is worth more than the sum of

    - what each pair beats the prices by, where it does;
    - for each need and each of its places: the bonus of that place + ``need`` - ``learner``;
    - for each offer and each of its places: the bonus of that place + ``offer`` - ``host``;
    - the cap of each organisation times its price, ``learner`` or ``host``;
    - ``country``, which is never above what diversity is worth;

    where every term below zero counts as zero. A pinned pair is worth ``pin_bonus`` more.
    """

    need: Mapping[Key, int]
    offer: Mapping[Key, int]
    learner: Mapping[Key, int]
    host: Mapping[Key, int]
    country: Mapping[tuple[Key, str], int]
    pin_bonus: int


def proof_of(result: Result) -> Proof:
    """The prices of a finished run."""
    market, conditions, prices = result.market, result.conditions, result.prices
    countries = conditions.countries
    surcharges = zip(prices.abroad.tolist(), prices.surcharge.tolist(), strict=True)
    at = ((divmod(number, len(countries)), price) for number, price in surcharges)
    return Proof(
        need=dict(zip((need.id for need in market.needs), prices.need.tolist(), strict=True)),
        offer=dict(zip((offer.id for offer in market.offers), prices.offer.tolist(), strict=True)),
        learner=dict(zip(conditions.needs.names, prices.learner.tolist(), strict=True)),
        host=dict(zip(conditions.offers.names, prices.host.tolist(), strict=True)),
        country={(market.needs[n].id, countries[c]): price for (n, c), price in at if price},
        pin_bonus=conditions.pin_bonus,
    )
