"""Small generated markets, and the slow and simple ways that the fast ones must equal."""

from datetime import date, timedelta
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
    calibration = (0.05, 0.6)

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


def some(*codes: str, most: int = 3) -> st.SearchStrategy[frozenset[str]]:
    """A few of the codes, or none."""
    return st.frozensets(st.sampled_from(codes), max_size=most)


WORDS = ("water", "waste", "bus", "housing", "youth", "market", "flood", "park", "tax", "heat")
SIDE: dict[str, st.SearchStrategy[Any]] = {
    "organisation_id": st.none() | st.integers(1, 4),
    "published": st.sampled_from([True, True, True, False]),
    "text": st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
    "themes": some("culture", "housing", "mobility", "water", most=4),
    "sdg_targets": some("6.1", "6.2", "11.1", "11.2", "11.7", "13.1", "13"),
    "agendas": some("agenda-2030", "sendai"),
    "formats": some("visit", "online", "mentoring", most=2),
    "languages": some("en", "fr", "es", "pt", most=2),
    "interpretation": st.sampled_from([False, False, False, True]),
    "visa_letter": st.booleans(),
    "funding": st.booleans(),
    "first_day": st.none() | st.integers(0, 60).map(lambda n: DAY + timedelta(n)),
    "last_day": st.none() | st.integers(30, 90).map(lambda n: DAY + timedelta(n)),
    "population": st.none() | st.integers(0, 5_000_000),
    "country": st.sampled_from(["", "MZ", "BR", "FR", "JP"]),
    "region": st.sampled_from(["", "AFRICA", "LATAM", "EUROPE", "ASPAC"]),
}


@st.composite
def need_facts(draw, number=1, offers=()):
    """A need; some of the ``offers`` were declined or are together with it."""
    those = st.frozensets(st.sampled_from(offers or ("none",)), max_size=2)
    return NeedFacts(
        id=number,
        hosts_wanted=draw(st.integers(1, 3)),
        hosts_found=draw(st.sampled_from([0, 0, 0, 1])),
        refused=draw(those),
        lowered=draw(those),
        together=draw(those),
        **{name: draw(values) for name, values in SIDE.items()},
    )


@st.composite
def offer_facts(draw, number=1):
    """An offer."""
    votes = draw(st.integers(0, 9))
    return OfferFacts(
        id=number,
        places=draw(st.integers(1, 3)),
        places_taken=draw(st.sampled_from([0, 0, 0, 1])),
        votes=votes,
        stars=draw(st.integers(votes, 5 * votes)),
        newcomer=draw(st.booleans()),
        **{name: draw(values) for name, values in SIDE.items()},
    )


@st.composite
def markets(draw, most=8):
    """Needs and offers; half of the ids are numbers, half are words."""
    offers = draw(st.integers(0, most).map(lambda n: [i if i % 2 else f"o{i}" for i in range(n)]))
    needs = draw(st.integers(0, most))
    return (
        [draw(need_facts(n if n % 2 else f"n{n}", tuple(offers))) for n in range(needs)],
        [draw(offer_facts(o)) for o in offers],
    )


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
    pair = rules.Pair(need, offer, similarity(encoder, need, offer))
    given = rules.reasons(pair, configuration)
    if rules.broken(need, offer) or not rules.reaches_the_floor(given, configuration):
        return None
    return rules.score(given)


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
