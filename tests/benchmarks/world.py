"""A synthetic world of needs and offers: the same number gives the same world on every machine.

Organisations are a third of the needs, a few of them very active. They work in English (45 %),
Spanish (22), French (20) or Portuguese (13); 60 themes, where what is offered is not what is asked
for; the 169 SDG targets; windows within 104 weeks; texts of some twenty words that belong to the
themes, with the ending of their language. About one pair in ten breaks no hard rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from exchange.matching.core.facts import NeedFacts, OfferFacts

THEMES, WEEKS, FIRST_DAY = 60, 104, date(2027, 1, 4)
# How many targets each of the 17 goals has.
TARGETS = (7, 8, 13, 9, 9, 8, 5, 12, 8, 10, 10, 11, 5, 10, 12, 12, 19)
CODES = [f"{goal}.{n + 1}" for goal, many in enumerate(TARGETS, 1) for n in range(many)]
AGENDAS = ("agenda-2030", "paris", "sendai", "new-urban-agenda")
FORMATS = ("study-visit", "online", "mentoring", "secondment", "peer-review")
LANGUAGES = ("en", "es", "fr", "pt")
SPOKEN = (0.45, 0.22, 0.20, 0.13)
COUNTRIES = {
    "en": (("KE", "AFRICA"), ("ZA", "AFRICA"), ("IN", "ASPAC"), ("PH", "ASPAC"), ("GB", "EUROPE")),
    "es": (("CO", "LATAM"), ("MX", "LATAM"), ("EC", "LATAM"), ("ES", "EUROPE")),
    "fr": (("SN", "AFRICA"), ("TN", "MEWA"), ("FR", "EUROPE"), ("CM", "AFRICA")),
    "pt": (("MZ", "AFRICA"), ("BR", "LATAM"), ("PT", "EUROPE")),
}
ENDINGS = {"en": "ing", "es": "cion", "fr": "ment", "pt": "cao"}
# Words of a theme, words that every theme uses, and how many of each a text has.
THEME_WORDS, COMMON_WORDS = 150, 3000
FROM_THEMES, FROM_COMMON = 12, 10
# Places for each host that is looked for: plenty, and the scarcity of the design's measurements.
PLENTY, SCARCE = 1.3, 0.71

Chance = np.random.Generator
Drawn = dict[str, Any]


@dataclass(frozen=True)
class World:
    """Needs and offers that know nothing of each other."""

    needs: list[NeedFacts]
    offers: list[OfferFacts]


def world(needs: int, offers: int, *, number: int = 1, supply: float = PLENTY) -> World:
    """The world with this ``number``; ``supply``: places for each host that is looked for."""
    chance = np.random.default_rng(number)
    cities = _cities(chance, max((needs + offers) // 6, 2))
    demand = 1 / np.arange(1, THEMES + 1) ** 0.7
    asked = _sides(chance, needs, cities, demand, (4, 26))
    given = _sides(chance, offers, cities, np.roll(demand, THEMES // 4), (8, 52))
    wanted = chance.choice([1, 2, 3], needs, p=[0.7, 0.2, 0.1])
    places = _places(chance, offers, round(supply * wanted.sum()))
    return World(
        [NeedFacts(**side) for side in _needs(chance, asked, wanted, offers)],
        [OfferFacts(**side) for side in _offers(chance, given, places)],
    )


def _cities(chance: Chance, many: int) -> list[Drawn]:
    """Organisations, the most active first."""
    people = np.exp(chance.normal(12.3, 1.1, many)).astype(int)
    found = []
    for number, language in enumerate(chance.choice(LANGUAGES, many, p=SPOKEN).tolist()):
        country, region = COUNTRIES[language][number % len(COUNTRIES[language])]
        found.append(
            {
                "organisation_id": number,
                "language": language,
                "country": country,
                "region": region,
                "population": int(people[number]) if number % 20 else None,
            }
        )
    return found


def _sides(
    chance: Chance, many: int, cities: list[Drawn], popular: Any, length: tuple[int, int]
) -> list[Drawn]:
    """What needs and offers have in common; ``length``: of their windows, in weeks."""
    active = 1 / np.arange(1, len(cities) + 1) ** 0.6
    whose = chance.choice(len(cities), many, p=active / active.sum())
    first = chance.integers(0, WEEKS - 8, many)
    weeks = chance.integers(*length, many)
    second = chance.choice(("", *LANGUAGES), many, p=(0.75, 0.15, 0.04, 0.04, 0.02)).tolist()
    tags, words = _tags(chance, many, popular), _ranks(chance, many)
    formats = _some(chance, FORMATS, many, most=3)
    silent, open_end = chance.random((many, 4)) < (0.1, 0.2, 0.5, 0.2), chance.random(many) < 0.05
    sides = []
    for n, city in enumerate(cities[at] for at in whose.tolist()):
        themes, targets = tags[n]
        begin = FIRST_DAY + timedelta(weeks=int(first[n]))
        side = {
            "text": _text(words[n], themes, city["language"]),
            "themes": _set() if silent[n, 0] else _set(*(f"theme-{t:02}" for t in themes)),
            "sdg_targets": _set() if silent[n, 1] else _set(*(CODES[t] for t in targets)),
            "agendas": _set() if silent[n, 2] else _set(AGENDAS[n % len(AGENDAS)]),
            "formats": _set() if silent[n, 3] else formats[n],
            "languages": _set(*filter(None, (city["language"], second[n]))),
            "first_day": begin,
            "last_day": None if open_end[n] else begin + timedelta(weeks=int(weeks[n]), days=-1),
        }
        sides.append({**city, **side})
    return sides


def _tags(chance: Chance, many: int, popular: Any) -> list[tuple[list[int], list[int]]]:
    """One to three themes of each row, and two or three targets that go with the first."""
    themes = chance.choice(THEMES, (many, 3), p=popular / popular.sum()).tolist()
    counts = chance.integers(1, 4, many).tolist()
    near = chance.integers(0, 6, (many, 3))
    found = []
    for drawn, count, steps in zip(themes, counts, near.tolist(), strict=True):
        targets = [(drawn[0] * 29 + step * 7) % len(CODES) for step in steps]
        found.append((drawn[:count], targets))
    return found


def _ranks(chance: Chance, many: int) -> list[list[int]]:
    """How usual each word of each text is among its kind; few words are frequent (Zipf's law)."""
    kinds = np.repeat([THEME_WORDS, COMMON_WORDS], [FROM_THEMES, FROM_COMMON])
    ranks: list[list[int]] = (chance.random((many, len(kinds))) ** 2 * kinds).astype(int).tolist()
    return ranks


def _text(ranks: list[int], themes: Sequence[int], language: str) -> str:
    """Words of the themes in turns, and words of everybody."""
    whose = [themes[at % len(themes)] for at in range(FROM_THEMES)] + [THEMES] * FROM_COMMON
    return " ".join(map(_word, whose, ranks, [language] * len(ranks)))


@lru_cache(maxsize=100_000)
def _word(theme: int, rank: int, language: str) -> str:
    """A word that can be spoken: the stem is the theme's, the ending the language's."""
    number, stem = (theme * 7919 + rank * 104_729) % 2_400_000, ""
    for _ in range(3):
        number, syllable = divmod(number, 100)
        stem += "bcdfghjklmnprstvwxzq"[syllable // 5] + "aeiou"[syllable % 5]
    return stem + ENDINGS[language]


def _some(chance: Chance, codes: Sequence[str], many: int, most: int) -> list[frozenset[str]]:
    drawn = chance.integers(0, len(codes), (many, most)).tolist()
    counts = chance.integers(1, most + 1, many).tolist()
    return [_set(*(codes[at] for at in row[:n])) for row, n in zip(drawn, counts, strict=True)]


@lru_cache(maxsize=500_000)
def _set(*codes: str) -> frozenset[str]:
    """One object for equal sets: a hundred thousand rows share a few thousand."""
    return frozenset(codes)


def _places(chance: Chance, offers: int, total: int) -> Any:
    """Places of each offer, together ``total``: one for each and more for some, or none left."""
    each, left = divmod(total, max(offers, 1))
    if not each:
        return np.isin(np.arange(offers), chance.permutation(offers)[:left]).astype(int)
    return each + chance.multinomial(left, chance.dirichlet(np.full(offers, 3.0)))


def _needs(chance: Chance, sides: list[Drawn], wanted: Any, offers: int) -> list[Drawn]:
    many = len(sides)
    asks, known = chance.random((many, 3)), chance.integers(0, max(offers, 1), (many, 3)).tolist()
    waiting = chance.integers(0, 4, many).tolist()
    rows = zip(sides, wanted.tolist(), asks.tolist(), known, waiting, strict=True)
    return [
        {
            **side,
            "id": f"N-{n}",
            "hosts_wanted": hosts,
            "visa_letter": visa < 0.1,
            "funding": funding < 0.15,
            "interpretation": visa > 0.97,
            "refused": _set(f"O-{others[0]}") if story < 0.05 else _set(),
            "lowered": _set(f"O-{others[1]}") if story > 0.95 else _set(),
            "together": _set(f"O-{others[2]}") if 0.45 < story < 0.5 else _set(),
            "passed_over": waited if story > 0.8 else 0,
        }
        for n, (side, hosts, (visa, funding, story), others, waited) in enumerate(rows)
    ]


def _offers(chance: Chance, sides: list[Drawn], places: Any) -> list[Drawn]:
    many = len(sides)
    gives, votes = chance.random((many, 3)), chance.poisson(2, many)
    stars = votes + chance.binomial(4 * votes, 0.7)
    rows = zip(sides, places.tolist(), gives.tolist(), votes.tolist(), stars.tolist(), strict=True)
    return [
        {
            **side,
            "id": f"O-{n}",
            "places": max(free, 1),
            "places_taken": 0 if free else 1,
            "visa_letter": visa < 0.6,
            "funding": funding < 0.5,
            "interpretation": visa > 0.97,
            "votes": marks if new > 0.3 else 0,
            "stars": sum_of_marks if new > 0.3 else 0,
            "newcomer": new <= 0.3,
        }
        for n, (side, free, (visa, funding, new), marks, sum_of_marks) in enumerate(rows)
    ]
