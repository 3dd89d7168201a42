"""What ranking costs: one need against a thousand offers, without a database."""

import random
from datetime import date, timedelta

from exchange.matching.candidates import rank_offers
from exchange.matching.facts import NeedFacts, OfferFacts, words_of
from tests.benchmarks.figures import seconds, tell

OFFERS = 1_000
THEMES = [f"theme-{number}" for number in range(24)]
TARGETS = [f"{goal}.{target}" for goal in range(1, 18) for target in range(1, 9)]
LANGUAGES = ["en", "fr", "es", "pt", "ar", "id"]
WORDS = ["market", "drain", "housing", "budget", "tram", "forest", "school", "waste", "harbour"]


def _offers(chance: random.Random) -> list[OfferFacts]:
    begin = date(2026, 1, 1)
    return [
        OfferFacts(
            id=number,
            organisation_id=number,
            themes=frozenset(chance.sample(THEMES, 3)),
            sdg_targets=frozenset(chance.sample(TARGETS, 4)),
            languages=frozenset(chance.sample(LANGUAGES, 2)),
            words=words_of(*chance.sample(WORDS, 5)),
            first_day=begin,
            last_day=begin + timedelta(days=chance.randrange(10, 600)),
            population=chance.randrange(20_000, 9_000_000),
            country=chance.choice(["ZA", "BR", "FR", "ID"]),
        )
        for number in range(1, OFFERS + 1)
    ]


def test_the_ranking_of_a_need():
    offers = _offers(random.Random(7))  # noqa: S311 - the same offers each time
    need = NeedFacts(
        id=1,
        organisation_id=0,
        themes=frozenset(THEMES[:3]),
        sdg_targets=frozenset(TARGETS[:20]),
        languages=frozenset(("pt", "en")),
        words=words_of("Drains of our markets"),
        first_day=date(2026, 2, 1),
        population=650_000,
        country="MZ",
    )
    found = rank_offers(need, offers)
    assert found.looked_at == OFFERS
    assert len(found.candidates) + sum(found.removed.values()) == OFFERS

    def languages_alone() -> list[OfferFacts]:
        return [offer for offer in offers if need.languages & offer.languages]

    ours, loop = seconds(lambda: rank_offers(need, offers), languages_alone, rounds=15)
    tell(
        f"One need against {OFFERS} offers ({len(found.candidates)} candidates), for each offer",
        ("all rules, reasons, order", ours / OFFERS),
        ("a loop that compares languages", loop / OFFERS),
    )
