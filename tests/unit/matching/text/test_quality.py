"""How well texts find each other, on pairs made of the projects of keep.eu: floors with a margin.

``python -m tests.benchmarks.matching.quality`` prints the figures they were set by.
"""

import pytest

from tests.benchmarks import keep
from tests.benchmarks.matching.quality import by_bm25, by_encoder, quality

pytestmark = [
    pytest.mark.skipif(not keep.projects(), reason=keep.ABSENT),
    pytest.mark.slow,
    # Measuring coverage here would take longer than the tests; others run the same lines.
    pytest.mark.no_cover,
]


def test_a_name_finds_its_project_more_often_than_by_words_alone():
    """Measured: 0.679 first and 0.869 among ten; word BM25 0.658 and 0.830."""
    pairs = keep.names()
    ours, words = quality(pairs, by_encoder(pairs)), quality(pairs, by_bm25(pairs))
    assert ours.recall[1].value > max(0.66, words.recall[1].value)
    assert ours.recall[10].value > max(0.85, words.recall[10].value + 0.02)


@pytest.mark.parametrize(
    ("language", "first", "ten"), [("fr", 0.85, 0.97), ("es", 0.9, 0.97), ("pt", 0.85, 0.97)]
)
def test_the_first_sentence_in_another_language_finds_the_english_text(language, first, ten):
    """Measured: 0.91, 1.00 and 1.00 first, all among ten; word BM25 0.57, 0.41, 0.22."""
    pairs = keep.first_sentences(language)
    found = quality(pairs, by_encoder(pairs))
    assert found.recall[1].value > first
    assert found.recall[10].value > ten


@pytest.mark.parametrize("language", ["fr", "es", "pt"])
def test_a_whole_text_in_another_language_finds_the_english_one(language):
    """Measured: 1.00 first in each language."""
    pairs = keep.descriptions(language)
    assert quality(pairs, by_encoder(pairs)).recall[1].value > 0.95


@pytest.mark.parametrize(
    ("part", "language", "first", "ten"),
    [
        ("tune", "en", 0.70, 0.94),
        ("check", "en", 0.36, 0.84),
        ("check", "fr", 0.60, 0.90),
        ("check", "es", 0.60, 0.90),
        ("check", "pt", 0.60, 0.90),
    ],
)
def test_a_need_in_one_line_finds_its_project_among_ten(part, language, first, ten):
    pairs = keep.by_hand(part, language)
    found = quality(pairs, by_encoder(pairs))
    assert found.recall[1].value >= first
    assert found.recall[10].value >= ten
