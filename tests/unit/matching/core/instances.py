"""Small runs with everything in them at once, made from a seed."""

from dataclasses import dataclass
from random import Random

from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import Key, NeedFacts, OfferFacts, Wishes
from tests.unit.matching.core.dense import DenseMarket

Scores = dict[tuple[Key, Key], int]


@dataclass(frozen=True)
class Instance:
    """Rows in the order they were made, and the scores of feasible pairs."""

    needs: tuple[NeedFacts, ...]
    offers: tuple[OfferFacts, ...]
    scores: Scores
    configuration: Configuration
    wishes: Wishes

    @property
    def market(self) -> DenseMarket:
        """The instance as a market."""
        return DenseMarket.of(self.needs, self.offers, self.scores, self.configuration)


def instance(chance: Random, most: int = 5) -> Instance:
    """Up to ``most`` needs and offers. Ties are common and places few, on purpose."""
    needs = tuple(_need(chance, f"n{number}") for number in range(chance.randint(1, most)))
    offers = tuple(_offer(chance, f"o{number}") for number in range(chance.randint(1, most)))
    fine = chance.choice((1, 100, 1000))
    scores: Scores = {
        (need.id, offer.id): chance.randint(1500 // fine + 1, 10_000 // fine) * fine
        for need in needs
        for offer in offers
        if chance.random() < 0.7 and need.open_places and offer.open_places
    }
    return Instance(needs, offers, scores, _configuration(chance), _wishes(chance, needs, offers))


def _need(chance: Random, key: str) -> NeedFacts:
    wanted = chance.choice((1, 1, 1, 2, 3))
    return NeedFacts(
        id=key,
        organisation_id=chance.choice((None, "A", "B")),
        hosts_wanted=wanted,
        hosts_found=chance.choice((0, 0, 0, 1)),
        passed_over=chance.choice((0, 0, 1, 7)),
    )


def _offer(chance: Random, key: str) -> OfferFacts:
    return OfferFacts(
        id=key,
        organisation_id=chance.choice((None, "X", "Y")),
        places=chance.choice((1, 1, 2, 3)),
        places_taken=chance.choice((0, 0, 0, 1)),
        country=chance.choice(("", "BR", "MZ")),
        newcomer=chance.random() < 0.3,
    )


def _configuration(chance: Random) -> Configuration:
    return Configuration(
        first_bonus=chance.choice((0, 2000, 5000)),
        second_bonus=chance.choice((0, 500, 3000)),
        newcomer_bonus=chance.choice((0, 200, 3000)),
        diversity=chance.choice((0, 300, 4000)),
        stability=chance.choice((1, 1, 1, 2, 4)),
        host_cap=chance.choice((0, 0, 1, 2)),
        learner_cap=chance.choice((0, 0, 1, 2)),
    )


def _wishes(chance: Random, needs: tuple[NeedFacts, ...], offers: tuple[OfferFacts, ...]) -> Wishes:
    def some() -> frozenset[tuple[Key, Key]]:
        number = chance.choice((0, 0, 1, 2))
        pairs = ((chance.choice(needs).id, chance.choice(offers).id) for _ in range(number))
        return frozenset(pairs)

    return Wishes(
        pins=some(),
        vetoes=some(),
        host_caps={"X": chance.randint(0, 3)} if chance.random() < 0.3 else {},
        learner_caps={"A": chance.randint(0, 3)} if chance.random() < 0.3 else {},
    )
