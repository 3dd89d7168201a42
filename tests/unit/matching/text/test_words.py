"""Words, the languages they are guessed by, and the glossary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.matching.text.concepts import GLOSSARY, concepts_of, lexicon, pairs_in
from exchange.matching.text.words import (
    GRAMMAR,
    LANGUAGES,
    fold,
    is_grammar,
    language_of,
    words_of,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Éducation", "education"),
        ("AÇÃO Niño", "acao nino"),
        ("Žilina", "zilina"),
        ("Ελλάδα", "ελλαδα"),
        ("hôpital", "hopital"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_accents_and_case_are_folded_and_other_scripts_stay(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_apostrophes_and_hyphens_part_words():
    assert words_of("L’eau potable, c'est-à-dire l'eau") == [
        *("l", "eau", "potable", "c", "est", "a", "dire", "l", "eau"),
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How to reduce the leaks of our network", "en"),
        ("Réduire les fuites du réseau d’eau", "fr"),
        ("Reducir las fugas de la red de agua y el consumo", "es"),
        ("Reduzir as perdas da rede de água e do esgoto", "pt"),
        ("Water", ""),
        ("", ""),
    ],
)
def test_a_language_is_guessed_by_its_small_words(text, language):
    assert language_of(words_of(text), "") == language


def test_what_is_said_of_a_language_counts_more_than_the_guess():
    words = words_of("The budget of the city")
    assert language_of(words, "fr-FR") == "fr"
    assert language_of(words, "de") == "", "of other languages there is no grammar here"


def test_the_words_of_grammar_are_folded():
    assert set(GRAMMAR) == set(LANGUAGES)
    for words in GRAMMAR.values():
        assert all(word == fold(word) and " " not in word for word in words)


# The glossary


def _lines() -> list[str]:
    lines = GLOSSARY.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "["))]


def test_every_line_of_the_glossary_has_words_in_four_languages():
    for line in _lines():
        cells = line.split("|")
        assert len(cells) == 4, line
        assert all(one.strip() for cell in cells for one in cell.split(",")), line
        for one in line.replace("|", ",").split(","):
            assert len(one.split()) <= 2, f"{one} has more than two words"
            assert all("*" not in word[:-1] for word in one.split()), f"{one}: * stands at ends"


def test_no_word_of_the_glossary_waits_in_vain():
    """Words of grammar and parts of words with a hyphen are never met in a text."""
    for line in _lines():
        for language, cell in zip(LANGUAGES, line.split("|"), strict=True):
            for word in cell.replace(",", " ").split():
                assert len(words_of(word)) == 1, f"{word}: write two words"
                whole = not word.endswith("*")
                assert not (whole and is_grammar(fold(word), language)), f"{word} is grammar"


@pytest.mark.parametrize(
    "words",
    ["water eau agua água", "slum bidonville favela favelas", "Spain Espagne España Espanha"],
)
def test_the_same_in_four_languages_is_one_concept(words):
    found = [set(concepts_of(fold(w), c)) for w, c in zip(words.split(), LANGUAGES, strict=True)]
    assert set.intersection(*found)


def test_two_words_in_a_row_may_mean_something_together():
    together = [concept for *_, concept in pairs_in(["eaux", "usees"], "fr")]
    assert together == [concept for *_, concept in pairs_in(["waste", "water"], "en")] != []


@pytest.mark.parametrize(
    ("one", "many", "language"),
    [
        ("city", "cities", "en"),
        ("hopital", "hopitaux", "fr"),
        ("arbol", "arboles", "es"),
        ("canal", "canais", "pt"),
    ],
)
def test_plurals_are_understood(one, many, language):
    assert concepts_of(one, language) == concepts_of(many, language) != ()


def test_a_word_is_taken_for_its_longest_beginning():
    assert "nature/waterfall" in concepts_of("waterfalls", "en")
    assert "water/water" not in concepts_of("waterfalls", "en")


def test_a_word_means_what_it_means_in_its_language():
    assert concepts_of("pain", "en") != concepts_of("eau", "fr")
    assert concepts_of("eau", "en") == ()
    assert "water/water" in concepts_of("eau", ""), "where nobody said, all four are looked at"
    assert lexicon("xx") == lexicon("")
