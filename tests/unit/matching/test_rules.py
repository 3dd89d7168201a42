"""The rules of matching, on plain values and on generated ones."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.labels.matching import REASONS, REMOVED, SENTENCES, strength
from exchange.matching import rules
from exchange.matching.candidates import (
    BELOW_THE_FLOOR,
    Candidate,
    consider,
    rank_needs,
    rank_offers,
)
from exchange.matching.facts import NeedFacts, OfferFacts, words_of

NEED = NeedFacts(
    id=1,
    organisation_id=10,
    themes=frozenset({"mobility", "markets"}),
    sdg_targets=frozenset({"11.2", "9.1"}),
    formats=frozenset({"study-visit"}),
    languages=frozenset({"pt", "fr"}),
    first_day=date(2027, 3, 1),
    last_day=date(2027, 5, 31),
    words=words_of("Buses in the market district"),
    population=400_000,
    country="MZ",
    region="AFRICA",
)
OFFER = OfferFacts(
    id=7,
    organisation_id=20,
    themes=frozenset({"mobility"}),
    sdg_targets=frozenset({"11.2", "11.7"}),
    languages=frozenset({"fr", "en"}),
    first_day=date(2027, 4, 1),
    words=words_of("How our buses became reliable"),
    population=500_000,
    country="BR",
    region="LATAM",
    newcomer=True,
)

BROKEN = [
    ("both_published", {}, {"published": False}),
    ("both_published", {"published": False}, {}),
    ("another_organisation", {}, {"organisation_id": 10}),
    ("not_together_yet", {"together": frozenset({7})}, {}),
    ("not_declined_lately", {"refused": frozenset({7})}, {}),
    ("a_host_is_wanted", {"hosts_found": 1}, {}),
    ("a_place_is_left", {}, {"places": 2, "places_taken": 2}),
    ("a_common_language", {}, {"languages": frozenset({"en"})}),
    ("windows_overlap", {}, {"first_day": date(2027, 6, 1)}),
    ("windows_overlap", {}, {"first_day": None, "last_day": date(2027, 2, 28)}),
    ("a_common_format", {}, {"formats": frozenset({"mentoring"})}),
]


@pytest.mark.parametrize(("code", "need", "offer"), BROKEN)
def test_a_pair_that_breaks_a_hard_rule_is_absent(code, need, offer):
    assert consider(replace(NEED, **need), replace(OFFER, **offer)) == code


def test_each_hard_rule_has_a_case_and_words():
    codes = {rule.code for rule in rules.HARD}
    assert {code for code, _need, _offer in BROKEN} == codes
    assert set(REMOVED) == codes | {BELOW_THE_FLOOR}


def test_each_soft_rule_has_words():
    codes = {rule.code for rule in rules.SOFT}
    assert set(REASONS) == set(SENTENCES) == codes | {"by_officer"}


def test_the_weights_make_the_best_score():
    assert sum(rule.weight for rule in rules.SOFT) == rules.BEST


def test_a_pair_says_why_it_fits():
    found = consider(NEED, OFFER)
    assert isinstance(found, Candidate)
    points = {reason.code: reason.points for reason in found.reasons}
    assert points["same_themes"] == 1750
    assert points["same_sdg_targets"] == 1000
    assert points["similar_size"] == 500
    assert points["south_south"] == 500
    assert points["other_region"] == 400
    assert points["newcomer"] == 200
    assert "same_agendas" not in points
    words = next(reason for reason in found.reasons if reason.code == "same_words")
    assert words.evidence == {"words": ["buses"]}
    assert words.most == 2000 + 500


def test_where_tags_are_missing_the_text_takes_their_weight():
    bare = {"themes": frozenset(), "sdg_targets": frozenset(), "agendas": frozenset()}
    words = words_of("Reliable buses for everybody")
    given_ = rules.reasons(replace(NEED, **bare, words=words), replace(OFFER, words=words))
    text = next(reason for reason in given_ if reason.code == "same_words")
    assert text.points == text.most == 8000


def test_size_and_place_alone_are_no_reason():
    other = replace(OFFER, themes=frozenset({"culture"}), sdg_targets=frozenset({"4.1"}))
    other = replace(other, words=words_of("Libraries"), formats=frozenset({"study-visit"}))
    assert rules.score(rules.reasons(NEED, other)) >= rules.FLOOR
    assert consider(NEED, other) == BELOW_THE_FLOOR


def test_a_north_south_pair_gets_no_south_south_points():
    north = replace(OFFER, country="FR", region="EUROPE")
    reason = next(r for r in rules.reasons(NEED, north) if r.code == "south_south")
    assert reason.points == 0


@pytest.mark.parametrize(
    ("need", "offer", "points"),
    [(100, 200, 500), (100, 201, 250), (100, 500, 250), (100, 501, 0)],
)
def test_size_counts_in_steps(need, offer, points):
    pair = replace(NEED, population=need), replace(OFFER, population=offer)
    assert next(r.points for r in rules.reasons(*pair) if r.code == "similar_size") == points


def test_unknown_size_says_nothing():
    given_ = rules.reasons(replace(NEED, population=None), OFFER)
    assert "similar_size" not in {reason.code for reason in given_}


def test_words_forgive_accents_case_and_endings():
    assert words_of("São Transportes") == words_of("sao transporte")
    assert words_of("the for and city 2030") == frozenset()


@pytest.mark.parametrize(
    ("points", "most", "code", "expected"),
    [
        (3500, 3500, "same_themes", 0),
        (10, 3500, "same_themes", 1),
        (0, 3500, "same_themes", 2),
        (1000, 2000, "same_words", 0),
        (0, 0, "by_officer", 0),
    ],
)
def test_strength_in_words(points, most, code, expected):
    assert strength({"code": code, "points": points, "most": most}) == expected


# Generated

codes = st.frozensets(st.sampled_from(["a", "b", "c", "d"]), max_size=3)
targets = st.frozensets(st.sampled_from(["1.1", "1.2", "11.2", "13.b"]), max_size=3)
days = st.none() | st.dates(date(2027, 1, 1), date(2027, 6, 30))
shared = {
    "published": st.booleans(),
    "themes": codes,
    "sdg_targets": targets,
    "agendas": codes,
    "formats": codes,
    "languages": codes,
    "interpretation": st.booleans(),
    "first_day": days,
    "last_day": days,
    "words": st.frozensets(st.sampled_from(["buses", "marke", "water", "waste"])),
    "population": st.none() | st.integers(0, 20_000_000),
    "country": st.sampled_from(["", "MZ", "FR", "BR", "JP"]),
    "region": st.sampled_from(["", "AFRICA", "EUROPE", "LATAM"]),
}
needs = st.builds(
    NeedFacts,
    id=st.integers(1, 50),
    organisation_id=st.integers(1, 5),
    hosts_wanted=st.integers(1, 2),
    hosts_found=st.integers(0, 2),
    refused=st.frozensets(st.integers(1, 12)),
    together=st.frozensets(st.integers(1, 12), max_size=3),
    **shared,
)
offers = st.builds(
    OfferFacts,
    id=st.integers(1, 12),
    organisation_id=st.integers(1, 5),
    places=st.integers(1, 3),
    places_taken=st.integers(0, 3),
    newcomer=st.booleans(),
    **shared,
)
many_offers = st.lists(offers, max_size=12, unique_by=lambda offer: offer.id)


@given(needs, offers)
def test_the_reasons_sum_to_the_score_and_stay_within_bounds(need, offer):
    given_ = rules.reasons(need, offer)
    assert 0 <= rules.score(given_) <= rules.BEST
    assert all(0 <= reason.points <= reason.most for reason in given_)
    found = consider(need, offer)
    if isinstance(found, Candidate):
        assert found.score == sum(reason.points for reason in found.reasons)
        assert found.score >= rules.FLOOR


@given(needs, many_offers, st.randoms(use_true_random=False))
def test_the_order_of_the_offers_changes_nothing(need, found, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert rank_offers(need, shuffled) == rank_offers(need, found)


@given(needs, many_offers)
def test_no_candidate_breaks_a_hard_rule_and_every_offer_is_counted(need, found):
    ranking = rank_offers(need, found)
    by_id = {offer.id: offer for offer in found}
    for candidate in ranking.candidates:
        offer = by_id[candidate.offer_id]
        assert all(rule.holds(need, offer) for rule in rules.HARD)
    assert (
        len(ranking.candidates) + sum(ranking.removed.values()) == ranking.looked_at == len(found)
    )
    scores = [candidate.score for candidate in ranking.candidates]
    assert scores == sorted(scores, reverse=True)


@given(st.lists(needs, max_size=8, unique_by=lambda need: need.id), offers)
def test_needs_for_an_offer_are_the_same_pairs(found, offer):
    ranked = {candidate.need_id for candidate in rank_needs(offer, found)}
    assert ranked == {need.id for need in found if rank_offers(need, [offer]).candidates}
