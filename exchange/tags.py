"""Tags of needs, offers and exchanges: which field of a form holds which vocabulary."""

from collections.abc import Mapping
from typing import Any

from exchange.vocabularies.queries import terms_by_codes

# field of a schema → vocabulary of its terms
TAGS: dict[str, str] = {
    "themes": "theme",
    "sdg_targets": "sdg_target",
    "sdg_goals": "sdg_goal",
    "agendas": "agenda",
    "formats": "format",
    "languages": "language",
    "sections": "section",
}


def apply(row: Any, data: Mapping[str, Any]) -> None:
    """Write ``data`` on ``row``: tags become terms (only those vocabularies that are given),
    everything else is an attribute.

    :raises Invalid: a code is not in its vocabulary.
    """
    for name, value in data.items():
        if name in TAGS:
            kept = [term for term in row.terms if term.vocabulary != TAGS[name]]
            row.terms = kept + terms_by_codes(TAGS[name], value, field=name)
        else:
            setattr(row, name, value)
