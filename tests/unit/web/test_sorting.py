"""Words stand where a reader of the language looks for them."""

import pytest

from exchange.web.sorting import place_of


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["Égypte", "Émirats arabes unis", "Équateur", "Espagne", "Estonie", "États-Unis"]),
        ("pt", ["África do Sul", "Albânia", "Áustria", "Brasil"]),
        ("es", ["nube", "nuez", "ñandú", "oasis"]),
        ("en", ["Åland Islands", "Albania", "Côte d’Ivoire", "Croatia"]),
    ],
)
def test_order(language, words):
    assert sorted(set(words), key=lambda word: place_of(word, language)) == words


def test_among_words_that_are_alike_the_one_without_accents_stands_first():
    words = ["côté", "coté", "côte", "cote"]
    assert min(words, key=lambda word: place_of(word, "fr")) == "cote"


def test_spanish_alone_has_a_letter_more():
    assert place_of("ñu", "es") > place_of("nz", "es")
    assert place_of("ñu", "pt") < place_of("nz", "pt")
