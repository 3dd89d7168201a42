"""Runs of some hundred needs: too large to try everything, large enough for long chains."""

from random import Random

from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts, Wishes
from tests.unit.matching.core.instances import Instance

CITIES = tuple(f"city-{number}" for number in range(30))


def mid(seed: int, needs: int = 120, offers: int = 80, **settings: int) -> Instance:
    """Needs that want one to three hosts; offers of few places, less of them than are wanted."""
    chance = Random(seed)  # noqa: S311 - the same runs each time
    wanting = tuple(
        NeedFacts(
            id=number,
            organisation_id=chance.choice(CITIES),
            hosts_wanted=chance.choice((1, 1, 2, 3)),
            passed_over=chance.choice((0, 0, 2)),
        )
        for number in range(needs)
    )
    giving = tuple(
        OfferFacts(
            id=number,
            organisation_id=chance.choice(CITIES),
            places=chance.choice((1, 1, 2)),
            country=chance.choice(("BR", "MZ", "ZA", "")),
            newcomer=chance.random() < 0.2,
        )
        for number in range(offers)
    )
    # Good hosts are good for many, so that they are wanted by more than they can take.
    liked = [chance.randint(0, 4000) for _ in giving]
    scores = {
        (need.id, offer.id): 1500 + liked[offer.id] + chance.randint(0, 4500)
        for need in wanting
        for offer in giving
        if need.organisation_id != offer.organisation_id and chance.random() < 0.6
    }
    return Instance(wanting, giving, scores, Configuration(**settings), Wishes())
