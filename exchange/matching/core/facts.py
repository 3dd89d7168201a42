"""What the matcher knows of a need and an offer: plain values, no rows, no database.

An empty set or None means that nothing is said. Nothing said never removes a pair.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

# A row of the database has a number, a line of a file whatever its author calls it.
Key = int | str


@dataclass(frozen=True, kw_only=True)
class SideFacts:
    """What needs and offers have in common. Sets hold codes of vocabularies.

    ``language`` is that of ``title`` and ``text`` (ISO 639-1); ``languages`` are those in which
    people can work; ``region`` is a section of the world association. For ``visa_letter`` and
    ``funding``: a need asks for it, an offer gives it.
    """

    id: Key
    organisation_id: Key | None = None
    published: bool = True
    title: str = ""
    text: str = ""
    language: str = ""
    keywords: tuple[str, ...] = ()
    themes: frozenset[str] = frozenset()
    sdg_targets: frozenset[str] = frozenset()
    agendas: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    interpretation: bool = False
    visa_letter: bool = False
    funding: bool = False
    first_day: date | None = None
    last_day: date | None = None
    population: int | None = None
    country: str = ""
    region: str = ""

    @property
    def words(self) -> str:
        """All that was written, as one text."""
        return "\n".join(part for part in (self.title, self.text, *self.keywords) if part)


@dataclass(frozen=True, kw_only=True)
class NeedFacts(SideFacts):
    """A need that looks for ``hosts_wanted`` hosts and has agreed with ``hosts_found``.

    ``refused``: offers that were declined so lately that the pair is left alone. ``lowered``:
    offers that were declined longer ago, whose pair comes back behind others. ``together``: offers
    with a live match. ``passed_over``: full runs since which it waits without any host.
    """

    hosts_wanted: int = 1
    hosts_found: int = 0
    refused: frozenset[Key] = frozenset()
    lowered: frozenset[Key] = frozenset()
    together: frozenset[Key] = frozenset()
    passed_over: int = 0

    @property
    def open_places(self) -> int:
        """How many hosts are still looked for."""
        return max(self.hosts_wanted - self.hosts_found, 0)


@dataclass(frozen=True, kw_only=True)
class OfferFacts(SideFacts):
    """An offer with ``places``, of which some are taken.

    ``votes`` and ``stars``: how many evaluations of its exchanges there are, and the sum of their
    1–5 marks. A newcomer is an organisation that has never hosted through a match.
    """

    places: int = 1
    places_taken: int = 0
    votes: int = 0
    stars: int = 0
    newcomer: bool = False

    @property
    def open_places(self) -> int:
        """How many more needs it can host."""
        return max(self.places - self.places_taken, 0)


@dataclass(frozen=True)
class Wishes:
    """What officers and programmes ask of a run, beside the rules.

    ``pins`` are pairs that must be taken when at all possible, ``vetoes`` pairs that must not.
    Caps count places a run gives to one organisation: as a host, as a learner.
    """

    pins: frozenset[tuple[Key, Key]] = frozenset()
    vetoes: frozenset[tuple[Key, Key]] = frozenset()
    host_caps: Mapping[Key, int] = field(default_factory=dict)
    learner_caps: Mapping[Key, int] = field(default_factory=dict)
