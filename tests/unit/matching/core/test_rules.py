"""The rules of matching, one by one, on plain values."""

from dataclasses import replace
from datetime import date

import pytest

from exchange.matching.core import rules
from exchange.matching.core.configuration import WEIGHTS, Configuration
from exchange.matching.core.constraints import Constraint, constraints
from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.core.points import shared_out
from exchange.matching.core.view import ROW_BY_ROW

NEED = NeedFacts(
    id=1,
    organisation_id=10,
    themes=frozenset({"mobility", "markets"}),
    sdg_targets=frozenset({"11.2", "9.1"}),
    formats=frozenset({"study-visit"}),
    languages=frozenset({"pt", "fr"}),
    first_day=date(2027, 3, 1),
    last_day=date(2027, 5, 31),
    text="Buses in the market district",
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
    text="How our buses became reliable",
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
    ("visa_letter", {"visa_letter": True}, {}),
    ("funding", {"funding": True}, {}),
]
HELD = [
    ({"organisation_id": None}, {"organisation_id": None}),
    ({"languages": frozenset()}, {}),
    ({}, {"languages": frozenset()}),
    ({"interpretation": True}, {"languages": frozenset({"en"})}),
    ({}, {"languages": frozenset({"en"}), "interpretation": True}),
    ({"first_day": None, "last_day": None}, {}),
    ({}, {"last_day": date(2027, 4, 1)}),
    ({"formats": frozenset()}, {"formats": frozenset({"mentoring"})}),
    ({"visa_letter": True, "funding": True}, {"visa_letter": True, "funding": True}),
    ({}, {"visa_letter": True, "funding": True}),
    ({"refused": frozenset({8}), "together": frozenset({"7"})}, {}),
]


@pytest.mark.parametrize(("code", "need", "offer"), BROKEN)
def test_a_pair_breaks_a_hard_rule(code, need, offer):
    assert rules.broken(replace(NEED, **need), replace(OFFER, **offer)) == (code,)


@pytest.mark.parametrize(("need", "offer"), HELD)
def test_who_says_nothing_or_is_helped_breaks_none(need, offer):
    assert rules.broken(replace(NEED, **need), replace(OFFER, **offer)) == ()


def test_all_broken_rules_are_told_in_their_order():
    far = replace(OFFER, published=False, languages=frozenset(), first_day=date(2030, 1, 1))
    assert rules.broken(NEED, far) == ("both_published", "windows_overlap")


def test_each_hard_rule_has_a_case_and_is_asked_in_one_of_two_ways():
    codes = {rule.code for rule in rules.HARD}
    assert {code for code, _need, _offer in BROKEN} == codes
    named = {rule.code for rule in rules.HARD if rule.need_says or rule.offer_says}
    assert set(ROW_BY_ROW) == codes - named


def test_each_soft_rule_has_a_weight_and_they_make_the_best_score():
    assert [rule.code for rule in rules.SOFT] == list(WEIGHTS)
    assert sum(WEIGHTS.values()) == 10_000


def points(need=NEED, offer=OFFER, similarity=0, **settings):
    pair = rules.Pair(need, offer, similarity)
    return {r.code: r.points for r in rules.reasons(pair, Configuration(**settings))}


def test_a_pair_says_why_it_fits():
    given = rules.reasons(rules.Pair(NEED, OFFER, 5000, ("buses",)), Configuration())
    assert {reason.code: (reason.points, reason.most) for reason in given} == {
        "same_themes": (1750, 3500),
        "same_sdg_targets": (1000, 2000),
        # The need names no agenda: its weight goes to the text.
        "same_words": (1250, 2500),
        "similar_size": (500, 500),
        "south_south": (500, 500),
        "other_region": (400, 400),
        "rating": (200, 400),
        "newcomer": (200, 200),
    }
    evidence = {reason.code: reason.evidence for reason in given}
    assert evidence["same_themes"] == {"themes": ["mobility"]}
    assert evidence["same_sdg_targets"] == {"sdg_targets": ["11.2"], "sdg_goals": []}
    assert evidence["same_words"] == {"words": ["buses"]}
    assert evidence["similar_size"] == {"populations": [400_000, 500_000]}
    assert rules.score(given) == 5800


def test_another_target_of_the_same_goal_counts_half():
    asks = replace(NEED, sdg_targets=frozenset({"11.1", "11.2", "4.1"}))
    # 667, 667 and 666 points: the first is half met, the second in full.
    assert points(asks)["same_sdg_targets"] == 333 + 667


def test_a_weight_is_shared_out_to_the_last_point():
    assert shared_out(3500, ["c", "a", "b"]) == {"a": 1167, "b": 1167, "c": 1166}
    assert shared_out(2, ["b", "a", "c"]) == {"a": 1, "b": 1, "c": 0}
    assert shared_out(100, []) == {}


def test_where_tags_are_missing_the_text_takes_their_weight():
    bare = replace(OFFER, themes=frozenset(), sdg_targets=frozenset(), agendas=frozenset())
    given = rules.reasons(rules.Pair(NEED, bare, 10_000), Configuration())
    text = next(reason for reason in given if reason.code == "same_words")
    assert text.points == text.most == 8000


def test_size_and_place_alone_are_no_reason():
    other = replace(OFFER, themes=frozenset({"culture"}), sdg_targets=frozenset({"4.1"}))
    given = rules.reasons(rules.Pair(NEED, other), Configuration())
    assert rules.score(given) >= Configuration().floor
    assert not rules.reaches_the_floor(given, Configuration())


def test_an_agenda_alone_is_no_subject():
    agenda = {"agendas": frozenset({"agenda-2030"}), "themes": frozenset()}
    need, offer = replace(NEED, **agenda), replace(OFFER, **agenda, sdg_targets=frozenset({"4.1"}))
    given = rules.reasons(rules.Pair(need, offer), Configuration())
    assert rules.score(given) >= Configuration().floor
    assert not rules.reaches_the_floor(given, Configuration())


@pytest.mark.parametrize(
    ("votes", "stars", "expected"), [(0, 0, 200), (5, 25, 300), (5, 5, 100), (95, 475, 390)]
)
def test_a_rating_begins_with_five_votes_of_the_middle(votes, stars, expected):
    assert points(offer=replace(OFFER, votes=votes, stars=stars))["rating"] == expected


@pytest.mark.parametrize(
    ("need", "offer", "expected"),
    [(100, 200, 500), (201, 100, 250), (100, 500, 250), (100, 501, 0)],
)
def test_size_counts_in_steps(need, offer, expected):
    pair = replace(NEED, population=need), replace(OFFER, population=offer)
    assert points(*pair)["similar_size"] == expected


def test_an_unknown_size_says_nothing():
    assert "similar_size" not in points(replace(NEED, population=None))
    assert "similar_size" not in points(offer=replace(OFFER, population=0))


@pytest.mark.parametrize(("country", "region"), [("FR", "EUROPE"), ("JP", "ASPAC"), ("", "AFRICA")])
def test_a_pair_with_the_north_or_with_nobody_knows_where_is_not_south_south(country, region):
    assert points(offer=replace(OFFER, country=country, region=region))["south_south"] == 0


def test_who_says_no_region_is_of_no_other():
    assert points(offer=replace(OFFER, region=""))["other_region"] == 0
    assert points(offer=replace(OFFER, region="AFRICA"))["other_region"] == 0


def test_a_pair_that_was_declined_before_comes_behind_others():
    again = replace(NEED, lowered=frozenset({7}))
    assert points(again)[rules.DECLINED_BEFORE] == -1500
    assert points(again, lowered=20_000)[rules.DECLINED_BEFORE] == -sum(points().values())


def test_what_a_pair_has_met_is_told_in_codes():
    need = replace(NEED, visa_letter=True, funding=True)
    offer = replace(OFFER, formats=frozenset({"study-visit"}), visa_letter=True, funding=True)
    days = {"first_day": "2027-04-01", "last_day": "2027-05-31", "weeks": 8}
    assert constraints(need, offer) == (
        Constraint("a_common_language", {"languages": ["fr"]}),
        Constraint("windows_overlap", days),
        Constraint("a_common_format", {"formats": ["study-visit"]}),
        Constraint("visa_letter", {"visa_letter": True}),
        Constraint("funding", {"funding": True}),
    )


def test_an_interpreter_is_named_where_one_is_needed():
    offer = replace(OFFER, languages=frozenset({"en"}), interpretation=True)
    found = {met.code: met.evidence for met in constraints(NEED, offer)}
    assert found["a_common_language"] == {"interpretation": ["offer"]}


def test_nothing_is_told_of_what_nobody_asked():
    assert constraints(NeedFacts(id=1), OfferFacts(id=2)) == ()
    assert (
        constraints(replace(NEED, last_day=date(2027, 3, 2)), replace(OFFER, languages=frozenset()))
        == ()
    )


def test_an_open_end_gives_no_number_of_weeks():
    found = constraints(replace(NEED, last_day=None), OFFER)
    assert found[1].evidence == {"first_day": "2027-04-01", "last_day": None, "weeks": None}
