"""The synthetic world of the benchmarks is what it says it is."""

import pytest

from exchange.matching.core import rules
from tests.benchmarks.prefixes import Prefixes
from tests.benchmarks.world import LANGUAGES, SCARCE, SPOKEN, world


def test_the_same_number_gives_the_same_world():
    assert world(40, 30, number=3) == world(40, 30, number=3)
    assert world(40, 30, number=3) != world(40, 30, number=4)


def test_about_one_pair_in_ten_breaks_no_hard_rule():
    made = world(150, 150)
    held = sum(not rules.broken(need, offer) for need in made.needs for offer in made.offers)
    assert 0.07 < held / 150**2 < 0.14


@pytest.mark.parametrize("supply", [SCARCE, 1.3])
def test_there_are_as_many_places_as_were_asked_for(supply):
    made = world(300, 300, supply=supply)
    wanted = sum(need.open_places for need in made.needs)
    assert sum(offer.open_places for offer in made.offers) == pytest.approx(supply * wanted, abs=1)


def test_a_world_speaks_four_languages_and_texts_have_some_forty_features():
    made = world(3000, 10)
    for language, share in zip(LANGUAGES, SPOKEN, strict=True):
        found = sum(need.language == language for need in made.needs)
        assert found / 3000 == pytest.approx(share, abs=0.12)
    texts = [need.text for need in made.needs]
    rows = Prefixes().fit(texts, texts).encode(texts, texts)
    assert rows.nnz / 3000 == pytest.approx(43, abs=4)


def test_organisations_are_few_and_some_are_very_active():
    made = world(900, 900)
    whose = [side.organisation_id for side in (*made.needs, *made.offers)]
    assert len(set(whose)) <= 300
    assert max(whose.count(number) for number in set(whose)) > 20
