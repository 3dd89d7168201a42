"""The built-in encoder: what may change in a text without changing how near it is to others."""

import subprocess
import sys
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.matching.text.builtin import BuiltIn
from exchange.matching.text.memory import Memory

TEXTS = {
    "fr": "Réduire les fuites du réseau d’eau potable de la ville",
    "es": "Reducir las fugas de la red de agua potable de la ciudad",
    "pt": "Reduzir os vazamentos da rede de água potável da cidade",
    "en": "Reducing leaks of the drinking water network of the city",
}
OTHERS = (
    "A choir for retired people and their grandchildren",
    "Bicycle lanes around primary schools",
    "Participatory budgeting with young people in poor neighbourhoods",
    "Street lamps that use half of the electricity",
)
CORPUS = [*TEXTS.values(), *OTHERS]
LANGUAGES = [*TEXTS, *(["en"] * len(OTHERS))]
ENCODER = BuiltIn().fit(CORPUS, LANGUAGES)
WORDS = " ".join(CORPUS).split()


def _nearness(one: str, other: str, languages: tuple[str, str] = ("en", "en")) -> float:
    rows = ENCODER.encode([one, other], list(languages))
    return float((rows[0] @ rows[1].T).sum())


def _rows(texts: list[str], languages: list[str]) -> np.ndarray:
    return ENCODER.encode(texts, languages).toarray()


texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


@given(st.lists(st.one_of(texts, st.text(max_size=40)), min_size=1, max_size=5))
@settings(max_examples=50)
def test_every_row_has_length_one_or_none(found):
    rows = ENCODER.encode(found, [""] * len(found))
    lengths = np.sqrt(rows.multiply(rows).sum(axis=1))
    assert np.all(np.isclose(lengths, 1) | (lengths == 0))


@given(texts)
@settings(max_examples=50)
def test_accents_and_capitals_change_nothing(text):
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    same = [text, plain, text.upper(), unicodedata.normalize("NFD", text)]
    rows = _rows(same, ["es"] * 4)
    assert all(np.array_equal(rows[0], row) for row in rows)


@given(st.permutations(["bicycle", "schools", "choir", "lamps", "budgeting"]))
@settings(max_examples=20)
def test_the_order_of_words_changes_nothing_where_no_two_of_them_belong_together(words):
    assert _nearness(" ".join(words), "bicycle schools choir lamps budgeting") == pytest.approx(1)


@given(st.permutations(range(len(CORPUS))))
@settings(max_examples=20)
def test_the_order_of_the_corpus_changes_nothing(order):
    fitted = BuiltIn().fit([CORPUS[at] for at in order], [LANGUAGES[at] for at in order])
    difference = fitted.encode(CORPUS, LANGUAGES) != ENCODER.encode(CORPUS, LANGUAGES)
    assert difference.nnz == 0


def test_a_text_is_the_same_alone_and_among_others():
    among, alone = ENCODER.encode(CORPUS, LANGUAGES)[3], ENCODER.encode(CORPUS[3:4], ["en"])
    assert (among != alone).nnz == 0


@pytest.mark.parametrize("one", list(TEXTS))
@pytest.mark.parametrize("other", list(TEXTS))
def test_a_translation_is_nearer_than_any_other_text(one, other):
    found = _nearness(TEXTS[one], TEXTS[other], (one, other))
    far = max(_nearness(TEXTS[one], text, (one, "en")) for text in OTHERS)
    assert found > 3 * far
    low, half = ENCODER.calibration
    assert found > low + (half - low) / 2


def test_a_language_that_nobody_said_is_guessed():
    assert np.array_equal(_rows([TEXTS["fr"]], [""]), _rows([TEXTS["fr"]], ["fr"]))


def test_texts_without_words_and_other_scripts_do_no_harm():
    rows = ENCODER.encode(["", "?!", "the of", "город вода", "水", "100 000", "\ud800x"], [""] * 7)
    assert rows.shape[0] == 7
    assert not rows[:3].nnz
    assert BuiltIn().fit([], []).encode([], []).shape[0] == 0
    assert BuiltIn().fit(["", ""], ["", ""]).encode(["water"], ["en"]).nnz > 0


def test_a_few_texts_are_corpus_enough():
    fitted = BuiltIn().fit(["clean water", "clean streets"], ["en", "en"])
    rows = fitted.encode(["clean water", "water", "streets"], ["en"] * 3)
    near = (rows[0] @ rows[1:].T).toarray()[0]
    assert near[0] > 0.5 > near[1]


def test_what_nearly_all_texts_say_counts_for_nothing():
    corpus = [f"municipal {word}" for word in ("water", "music", "fire", "tree", "bridge")]
    rows = BuiltIn().fit(corpus, ["en"] * 5).encode(corpus, ["en"] * 5)
    assert (rows[0] @ rows[1].T).nnz == 0


def test_another_process_gives_the_same_row():
    script = (
        "from exchange.matching.text.builtin import BuiltIn\n"
        f"corpus, languages = {CORPUS!r}, {LANGUAGES!r}\n"
        "row = BuiltIn().fit(corpus, languages).encode(corpus[:1], languages[:1])\n"
        "print(row.indices.tolist(), row.data.tolist())"
    )
    command = [sys.executable, "-c", script]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    row = ENCODER.encode(CORPUS[:1], LANGUAGES[:1])
    assert printed.strip() == f"{row.indices.tolist()} {row.data.tolist()}"


# The words that matched


def test_words_that_matched_are_told_in_pairs_across_languages_with_their_accents():
    found = ENCODER.matched_words((TEXTS["es"], "es"), (TEXTS["fr"], ""))
    assert ("fugas", "fuites") in found
    assert ("agua potable", "eau potable") in found
    assert ("ciudad", "ville") in found


@given(texts, texts)
@settings(max_examples=50)
def test_words_that_matched_stand_in_the_texts_once_each_and_are_eight_at_most(one, other):
    found = ENCODER.matched_words((one, "en"), (other, "en"))
    assert len(found) <= 8
    for side, text in enumerate((one, other)):
        shown = " ".join(pair[side] for pair in found).split()
        assert len(shown) == len(set(shown))
        assert set(shown) <= set(text.lower().replace("’", " ").split())


def test_grammar_is_no_reason():
    assert ENCODER.matched_words(("the water of it", "en"), ("the choir of it", "en")) == ()


def test_nothing_in_common_has_no_words():
    assert ENCODER.matched_words(("choir", "en"), ("lamps", "en")) == ()
    assert ENCODER.matched_words(("", ""), ("lamps", "en")) == ()


# Memory


def test_an_encoder_with_a_memory_tells_words_and_gives_the_same_rows():
    memory = Memory(ENCODER)
    assert memory.matched_words is not None
    assert (memory.encode(CORPUS, LANGUAGES) != ENCODER.encode(CORPUS, LANGUAGES)).nnz == 0
