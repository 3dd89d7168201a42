"""What the matcher knows of a need and an offer: plain values, no rows, no database."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

# Words of up to three letters are mostly grammar; the first five letters of a word often cross
# languages ("transport", "transporte").
SHORTEST, PREFIX = 4, 5
# The grammar that is longer than three letters, in the languages most texts are written in.
GRAMMAR = frozenset(
    """
    with that this from have their they them will would which what when where more than also into
    about your ours city cities ville villes ciudad ciudades cidade cidades municipal municipality
    pour dans avec notre leur leurs cette nous vous sont plus comme entre
    para como nuestra nuestro este esta desde pero sobre nossa nosso pelo pela
    """.split()  # noqa: SIM905 - sixty words read better as text than as a list
)


def words_of(*texts: str) -> frozenset[str]:
    """The beginnings of the words that matter, without accents and case."""
    plain = unicodedata.normalize("NFKD", " ".join(texts))
    folded = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    words = re.findall(r"[^\W\d_]+", folded)
    return frozenset(w[:PREFIX] for w in words if len(w) >= SHORTEST and w not in GRAMMAR)


@dataclass(frozen=True)
class SideFacts:
    """What needs and offers have in common. Sets hold codes of vocabularies."""

    id: int
    organisation_id: int
    published: bool = True
    themes: frozenset[str] = frozenset()
    sdg_targets: frozenset[str] = frozenset()
    agendas: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    interpretation: bool = False
    first_day: date | None = None
    last_day: date | None = None
    words: frozenset[str] = frozenset()
    population: int | None = None
    country: str = ""
    region: str = ""


@dataclass(frozen=True)
class NeedFacts(SideFacts):
    """A need. ``hosts_found`` counts agreed matches; ``refused`` and ``together`` hold the ids of
    offers that were declined in the last twelve months, and of those with a live match."""

    hosts_wanted: int = 1
    hosts_found: int = 0
    refused: frozenset[int] = field(default=frozenset())
    together: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True)
class OfferFacts(SideFacts):
    """An offer. A newcomer is an organisation that has never hosted through a match."""

    places: int = 1
    places_taken: int = 0
    newcomer: bool = False
