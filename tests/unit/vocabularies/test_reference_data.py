"""The reference vocabularies as they ship: complete, tidy and true to their sources' numbering."""

import csv
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from babel import Locale

import exchange.vocabularies
from exchange.exchanges.models import ExchangeKind

FOLDER = Path(exchange.vocabularies.__file__).parent / "reference"
LANGUAGES = ("en", "fr", "es", "pt")
BASE = ["code", "parent", *LANGUAGES]
FORMAT_FACTS = [
    *("exchange_kind", "min_days", "max_days", "usual_days"),
    *("min_people", "max_people", "usual_people", "months", "online", "source"),
]
LABELLED = {
    "agendas": ["kind"],
    "channels": [],
    "checklist_items": ["days_before", "who"],
    "decline_reasons": [],
    "evaluation_questions": ["role", "kind"],
    "follow_up_questions": [],
    "formats": FORMAT_FACTS,
    "sdg_goals": ["pillar"],
    "sdg_targets": [],
    "sections": ["kind"],
    "themes": ["kind", "crosswalk", "sdg"],
}
PLAIN = {
    "countries": ["iso2", "iso3", "m49", "section", "languages"],
    "languages": ["code", "rtl", "interface"],
}
COUNTS = {"sdg_goals": 17, "sdg_targets": 169, "sections": 9, "countries": 249}

# The same word is right in both languages.
SAME_IN_ENGLISH_AND_FRENCH = {("sections", "METROPOLIS")}

# A/RES/71/313: how many targets each goal has, in order.
TARGETS_PER_GOAL = [7, 8, 13, 10, 9, 8, 5, 12, 8, 10, 10, 11, 5, 10, 12, 12, 19]

THEMES = [
    *("strategic-planning", "housing-slum-upgrading", "public-space", "intermediary-cities"),
    *("land-cadastre", "local-finance", "participatory-democracy", "open-government"),
    *("public-services", "water-sanitation", "waste-circular-economy", "mobility"),
    *("energy-mitigation", "resilience-adaptation", "biodiversity-ecosystems", "food-systems"),
    *("local-economy-decent-work", "informal-economy-markets", "culture-heritage"),
    *("migration-citizenship", "gender-care-accessibility", "health", "digital-data"),
    "multilevel-cooperation",
]

# Territories with neither inhabitants nor a local government: nobody works in any language there.
UNINHABITED = {"AQ", "BV", "GS", "HM", "TF", "UM"}


@cache
def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def codes(name: str) -> list[str]:
    return [row["iso2" if name == "countries" else "code"] for row in read(name)]


def codes_of_kind(name: str, kind: str) -> list[str]:
    return [row["code"] for row in read(name) if row["kind"] == kind]


def test_every_file_in_the_folder_is_described_here():
    assert {path.stem for path in FOLDER.glob("*.csv")} == {*LABELLED, *PLAIN}


@pytest.mark.parametrize("name", [*LABELLED, *PLAIN])
def test_columns_are_the_promised_ones(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, strict=True))
    assert lines[0] == (PLAIN[name] if name in PLAIN else BASE + LABELLED[name])
    assert {len(line) for line in lines} == {len(lines[0])}


@pytest.mark.parametrize("name", [*LABELLED, *PLAIN])
def test_codes_are_unique_and_shaped_for_an_address(name):
    found = codes(name)
    assert [code for code, count in Counter(found).items() if count > 1] == []
    shape = re.compile(r"[A-Za-z0-9]+([._-][a-z0-9]+)*")
    assert [code for code in found if not shape.fullmatch(code)] == []


@pytest.mark.parametrize("name", [*LABELLED, *PLAIN])
def test_text_is_normal_and_has_no_stray_spaces(name):
    cells = [cell for row in read(name) for cell in row.values()]
    assert [cell for cell in cells if cell != cell.strip() or "  " in cell] == []
    assert [cell for cell in cells if not unicodedata.is_normalized("NFC", cell)] == []


@pytest.mark.parametrize("name", COUNTS)
def test_lists_that_others_fixed_are_whole(name):
    assert len(read(name)) == COUNTS[name]


@pytest.mark.parametrize("name", LABELLED)
def test_each_label_is_there_once_in_four_languages(name):
    for language in LANGUAGES:
        labels = [row[language] for row in read(name)]
        assert "" not in labels
        assert [label for label, count in Counter(labels).items() if count > 1] == []


@pytest.mark.parametrize("name", LABELLED)
def test_french_is_not_english_left_untranslated(name):
    same = {(name, row["code"]) for row in read(name) if row["en"] == row["fr"]}
    assert same <= SAME_IN_ENGLISH_AND_FRENCH


@pytest.mark.parametrize("name", LABELLED)
def test_labels_follow_the_typography_of_their_language(name):
    for row in read(name):
        labels = {language: row[language] for language in LANGUAGES}
        assert not [label for label in labels.values() if "'" in label or '"' in label]
        assert not re.search(r"[^\u00a0][?:;!»]|«[^\u00a0]", labels["fr"]), labels["fr"]
        assert labels["es"].count("¿") == labels["es"].count("?"), labels["es"]
        assert not [label for label in labels.values() if label[0].islower()]


@pytest.mark.parametrize("name", sorted(set(LABELLED) - {"sdg_targets"}))
def test_parents_stand_above_their_children(name):
    seen = {""}
    for row in read(name):
        assert row["parent"] in seen, row["code"]
        seen.add(row["code"])


def test_goals_are_numbered_and_stand_on_a_pillar():
    assert codes("sdg_goals") == [str(number) for number in range(1, 18)]
    pillars = Counter(row["pillar"] for row in read("sdg_goals"))
    assert pillars == {"people": 5, "planet": 5, "prosperity": 5, "peace": 1, "partnership": 1}


def test_targets_follow_the_numbering_of_the_united_nations():
    per_goal = Counter(row["parent"] for row in read("sdg_targets"))
    assert [per_goal[goal] for goal in codes("sdg_goals")] == TARGETS_PER_GOAL
    for row in read("sdg_targets"):
        assert re.fullmatch(rf"{row['parent']}\.([1-9]|1\d|[a-d])", row["code"]), row["code"]


def test_target_labels_are_short():
    labels = [row[language] for row in read("sdg_targets") for language in LANGUAGES]
    assert [label for label in labels if not 3 <= len(label.split()) <= 9] == []


def test_agendas_have_the_parts_their_texts_have():
    assert codes_of_kind("agendas", "priority") == [f"sendai-p{number}" for number in range(1, 5)]
    assert codes_of_kind("agendas", "target") == [f"sendai-{letter}" for letter in "abcdefg"]
    assert len(codes_of_kind("agendas", "commitment")) == 3 + 4
    assert len(codes_of_kind("agendas", "axis")) == 3
    tops = [row["code"] for row in read("agendas") if not row["parent"]]
    assert codes_of_kind("agendas", "agenda") == tops
    assert len(tops) == 10


def test_themes_are_the_twenty_four_and_two_tags():
    assert codes_of_kind("themes", "theme") == THEMES
    assert codes_of_kind("themes", "tag") == ["sdg-localisation", "peace-safety"]
    for row in read("themes"):
        assert set(row["sdg"].split()) <= set(codes("sdg_goals"))
        assert row["sdg"], row["code"]
        parts = row["crosswalk"].split("; ")
        assert all(re.fullmatch(r"[a-h]:\S.*", part) for part in parts), row["code"]


def test_every_kind_of_exchange_has_a_format():
    kinds = {row["exchange_kind"] for row in read("formats")}
    assert kinds == {kind.value for kind in ExchangeKind} | {"light"}


def test_numbers_of_formats_are_in_order_and_sourced():
    for row in read("formats"):
        for unit in ("days", "people"):
            names = (f"min_{unit}", f"usual_{unit}", f"max_{unit}")
            numbers = [int(row[name]) for name in names if row[name]]
            assert numbers == sorted(numbers), row["code"]
            assert all(number > 0 for number in numbers), row["code"]
        assert row["months"] == "" or int(row["months"]) > 0
        assert row["online"] in {"yes", "no", "both"}
        assert row["source"], row["code"]


def test_countries_have_the_three_codes_and_a_name_in_each_language():
    for row in read("countries"):
        assert re.fullmatch(r"[A-Z]{2}", row["iso2"]), row
        assert re.fullmatch(r"[A-Z]{3}", row["iso3"]), row
        assert re.fullmatch(r"\d{3}", row["m49"]), row
        assert all(row["iso2"] in Locale(language).territories for language in LANGUAGES)
    for column in ("iso3", "m49"):
        assert len({row[column] for row in read("countries")}) == COUNTS["countries"]


def test_each_country_belongs_to_one_regional_section():
    belongs = {row["iso2"]: row["section"] for row in read("countries")}
    assert [iso2 for iso2, section in belongs.items() if not section] == ["AQ"]
    assert set(belongs.values()) - {""} == set(codes_of_kind("sections", "regional"))
    assert (belongs["TR"], belongs["MN"], belongs["UA"]) == ("MEWA", "EURASIA", "EUROPE")


def test_each_country_works_in_languages_we_offer():
    offered = set(codes("languages"))
    for row in read("countries"):
        languages = row["languages"].split()
        assert set(languages) <= offered, row["iso2"]
        assert bool(languages) != (row["iso2"] in UNINHABITED), row["iso2"]


def test_languages_have_names_and_say_which_way_they_run():
    for row in read("languages"):
        assert all(row["code"] in Locale(language).languages for language in LANGUAGES)
        rtl = Locale.parse(row["code"]).character_order == "right-to-left"
        assert row["rtl"] == ("yes" if rtl else "no"), row["code"]
    interface = {row["code"] for row in read("languages") if row["interface"] == "yes"}
    assert interface == {"en", "fr", "es"}


def test_each_role_is_asked_six_to_eight_questions():
    per_role = Counter(row["role"] for row in read("evaluation_questions"))
    assert per_role == {"participant": 8, "host": 8, "expert": 7}
    assert {row["kind"] for row in read("evaluation_questions")} == {"scale", "text", "choice"}


def test_checklist_runs_from_the_earliest_to_the_eve_and_has_owners():
    days = [int(row["days_before"]) for row in read("checklist_items")]
    assert days == sorted(days, reverse=True)
    assert days[-1] >= 1
    assert {row["who"] for row in read("checklist_items")} == {"host", "learner", "officer"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("follow_up_questions", "used_it what_changed evidence what_blocked what_next"),
        ("decline_reasons", "theme timing language capacity already_in_contact budget other"),
    ],
)
def test_short_lists_keep_the_codes_that_answers_are_stored_under(name, expected):
    assert " ".join(codes(name)) == expected
