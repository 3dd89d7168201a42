"""Whom a run serves, by groups of cities."""

import pytest

from exchange.matching.core.facts import NeedFacts
from exchange.runs.coverage import coverage, size_class

SIZES = [
    ("nothing is said", None, "unknown"),
    ("nobody lives there", 0, "unknown"),
    ("a small town", 49_999, "small"),
    ("an intermediary city", 50_000, "intermediary"),
    ("the largest of them", 999_999, "intermediary"),
    ("a metropolis", 1_000_000, "metropolitan"),
]


@pytest.mark.parametrize(("story", "people", "size"), SIZES, ids=[row[0] for row in SIZES])
def test_the_size_of_a_city(story, people, size):
    assert size_class(people) == size


def test_needs_are_counted_by_section_size_and_language():
    needs = [
        NeedFacts(id=1, region="AFRICA", population=2_000_000, language="pt"),
        NeedFacts(id=2, region="AFRICA", population=60_000, language="fr"),
        NeedFacts(id=3, population=60_000, language="fr"),
        NeedFacts(id=4, region="LATAM", hosts_found=1),
    ]
    assert coverage(needs, {1, 3}) == {
        "section": {"AFRICA": [1, 2], "unknown": [1, 1]},
        "size": {"intermediary": [1, 2], "metropolitan": [1, 1]},
        "language": {"fr": [1, 2], "pt": [1, 1]},
    }
