"""What officers may set of the matcher. Each run keeps the hash of what it ran with.

Scores, bonuses and the floor are in basis points: 10000 is a pair that fits in everything.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

BEST = 10_000
# Part of every hash: change it when a rule of ``rules.py`` counts differently.
RULES_VERSION = "2026.2"

WEIGHTS: Mapping[str, int] = {
    "same_themes": 3500,
    "same_sdg_targets": 2000,
    "same_agendas": 500,
    "same_words": 2000,
    "similar_size": 500,
    "south_south": 500,
    "other_region": 400,
    "rating": 400,
    "newcomer": 200,
}


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """One version of the settings; ``weights`` by soft rule, together 10000.

    ``floor``: pairs below it are no match. ``lowered``: what a pair loses that was declined some
    time ago. ``first_bonus`` and ``second_bonus``: what a run gains for the first and the second
    host of a need, so that many needs are served before some are served richly. ``ageing``: what
    each earlier run without a host adds to the first bonus, at most ``ageing_most``.
    ``newcomer_bonus``: for the first place of a host that never hosted. ``diversity``: what a run
    loses for each further host of a need from the same country. ``stability``: the exponent of the
    score; above 1, very good pairs are broken up less often for the sake of the total.
    ``host_cap``, ``learner_cap``: places that one organisation gives or gets in a run; 0 is no cap.
    ``hold_days``: how long a place is held for an answer. ``kept``: suggestions a need keeps.
    ``waiting``: how many of them wait in line. ``months_away`` and ``months_lowered``: how long a
    declined pair is left alone, and for how long after that it is lowered.
    ``seconds``: how long the solver may look for the best.
    """

    weights: Mapping[str, int] = field(default_factory=lambda: dict(WEIGHTS))
    floor: int = 1500
    lowered: int = 1500
    first_bonus: int = 2000
    second_bonus: int = 500
    ageing: int = 300
    ageing_most: int = 1500
    newcomer_bonus: int = 200
    diversity: int = 300
    stability: int = 1
    host_cap: int = 0
    learner_cap: int = 0
    hold_days: int = 7
    kept: int = 5
    waiting: int = 3
    months_away: int = 6
    months_lowered: int = 12
    seconds: int = 240

    @property
    def hash(self) -> str:
        """The first 16 digits of a SHA-256 over every setting and the version of the rules."""
        plain = json.dumps([RULES_VERSION, self.as_dict()], sort_keys=True)
        return hashlib.sha256(plain.encode()).hexdigest()[:16]

    def as_dict(self) -> dict[str, Any]:
        """All settings as plain values, for JSON."""
        return {**asdict(self), "weights": dict(self.weights)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Configuration":
        """The settings again; one that ``values`` does not name has its default."""
        known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        return cls(**known)
