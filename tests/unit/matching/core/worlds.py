"""Small generated markets, and the slow and simple ways that the fast ones must equal."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any
from zlib import crc32

import numpy as np
from hypothesis import strategies as st
from scipy import sparse

from exchange.matching.core import rules
from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.core.pairs import stable_hash, tie
from exchange.matching.core.similarity import DENSE_ONE, SPARSE_ONE, Scale

WIDTH = 64
DAY = date(2027, 1, 4)


class Beginnings:
    """A small encoder: the first four letters of each word, hashed."""

    name, version = "beginnings", "1"
    calibration = (0.05, 0.3)

    def __init__(self, dense: bool = False) -> None:
        self.dense = dense

    def fit(self, texts, languages):
        """It need not know."""
        return self

    def encode(self, texts, languages):
        """A row a text, of length 1 or 0."""
        rows = np.zeros((len(texts), WIDTH))
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[crc32(word[:4].encode()) % WIDTH] += 1
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return rows if self.dense else sparse.csr_matrix(rows)


WORDS = ("water", "waste", "bus", "housing", "youth", "market", "flood", "park", "tax", "heat")
# What a row may say, and how many of it at most.
SETS = {
    "themes": (("culture", "housing", "mobility", "water"), 4),
    "sdg_targets": (("6.1", "6.2", "11.1", "11.2", "11.7", "13.1", "13"), 3),
    "agendas": (("agenda-2030", "sendai"), 2),
    "formats": (("visit", "online", "mentoring"), 2),
    "languages": (("en", "fr", "es", "pt"), 2),
}
VALUES = {
    "organisation_id": (None, 1, 2, 3, 4),
    "published": (True, True, True, True, False),
    "interpretation": (False, False, False, True),
    "visa_letter": (False, True),
    "funding": (False, True),
    "country": ("", "MZ", "BR", "FR", "JP"),
    "region": ("", "AFRICA", "LATAM", "EUROPE", "ASPAC"),
}


def drawn_side(chance: Random) -> dict[str, Any]:
    """What needs and offers have in common."""
    first, last = (DAY + timedelta(chance.randint(*days)) for days in ((0, 60), (30, 90)))
    return {
        "text": " ".join(chance.choices(WORDS, k=chance.randint(0, 6))),
        "first_day": first if chance.random() < 0.8 else None,
        "last_day": last if chance.random() < 0.8 else None,
        "population": chance.choice([None, 0, chance.randint(1, 10 ** chance.randint(1, 7))]),
        **{name: chance.choice(values) for name, values in VALUES.items()},
        **{
            name: frozenset(chance.sample(codes, chance.randint(0, most)))
            for name, (codes, most) in SETS.items()
        },
    }


def drawn_need(chance: Random, number: Any, offers: Sequence[Any]) -> NeedFacts:
    """A need; some of the ``offers`` were declined or are together with it."""

    def few() -> frozenset[Any]:
        return frozenset(chance.sample(offers, min(len(offers), chance.choice([0, 0, 1, 2]))))

    return NeedFacts(
        id=number,
        hosts_wanted=chance.randint(1, 3),
        hosts_found=chance.choice([0, 0, 0, 1]),
        refused=few(),
        lowered=few(),
        together=few(),
        **drawn_side(chance),
    )


def drawn_offer(chance: Random, number: Any) -> OfferFacts:
    """An offer."""
    votes = chance.randint(0, 9)
    return OfferFacts(
        id=number,
        places=chance.randint(1, 3),
        places_taken=chance.choice([0, 0, 0, 1]),
        votes=votes,
        stars=chance.randint(votes, 5 * votes),
        newcomer=chance.random() < 0.5,
        **drawn_side(chance),
    )


def drawn_market(
    chance: Random, needs: int, offers: int
) -> tuple[list[NeedFacts], list[OfferFacts]]:
    """Needs and offers; half of the ids are numbers, half are words."""
    numbers = [number if number % 2 else f"o{number}" for number in range(offers)]
    return (
        [drawn_need(chance, n if n % 2 else f"n{n}", numbers) for n in range(needs)],
        [drawn_offer(chance, number) for number in numbers],
    )


def dice(number: int) -> Random:
    """The same throws for the same number."""
    return Random(number)  # noqa: S311 - worlds are no secrets


def chances() -> st.SearchStrategy[Random]:
    """A throw of dice: facts have too many fields for each to be drawn apart."""
    return st.integers(0, 2**32).map(dice)


@st.composite
def need_facts(draw, number=1):
    """A need."""
    return drawn_need(draw(chances()), number, ())


@st.composite
def markets(draw, most=8):
    """Needs and offers."""
    sizes = st.integers(0, most)
    return drawn_market(draw(chances()), draw(sizes), draw(sizes))


@st.composite
def configurations(draw):
    """Weights that are together 10000, and a floor."""
    codes = [rule.code for rule in rules.SOFT]
    shares = draw(st.lists(st.integers(0, 9), min_size=len(codes), max_size=len(codes)))
    whole = max(sum(shares), 1)
    weights = {code: 10_000 * share // whole for code, share in zip(codes, shares, strict=True)}
    return Configuration(
        weights=weights, floor=draw(st.integers(0, 4000)), lowered=draw(st.integers(0, 3000))
    )


def similarity(encoder, need, offer) -> int:
    """The similarity of two texts by its definition, in whole numbers."""
    one = DENSE_ONE if encoder.dense else SPARSE_ONE
    rows = Beginnings(dense=True).encode([need.words, offer.words], ["", ""])
    first, second = np.rint(rows * one).astype(int).tolist()
    product = sum(a * b for a, b in zip(first, second, strict=True))
    return int(Scale.of(encoder.calibration, one).similarity(product))


def by_hand(need, offer, configuration, encoder):
    """The score of a pair by the rules alone, or None when it is no candidate."""
    if rules.broken(need, offer):
        return None
    pair = rules.Pair(need, offer, similarity(encoder, need, offer))
    given = rules.reasons(pair, configuration)
    return rules.score(given) if rules.reaches_the_floor(given, configuration) else None


def best_by_hand(market, encoder, most, discounts, thresholds):
    """All pairs scored by hand, the best of each need cut out: (need, offer, score) rows."""
    found = []
    for n, need in enumerate(market.needs):
        row = []
        for o, offer in enumerate(market.offers):
            score = by_hand(need, offer, market.configuration, encoder)
            if score is not None and score - discounts[o] > thresholds[n]:
                order = tie(stable_hash(need.id), stable_hash(offer.id))
                row.append((discounts[o] - score, order, o, score))
        found += [(n, o, score) for _worth, _order, o, score in sorted(row)[:most]]
    return found
