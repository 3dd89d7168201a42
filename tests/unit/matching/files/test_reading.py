"""Reading needs and offers from files: what is understood, and how a mistake is told."""

import json
from datetime import date
from pathlib import Path

import pytest

from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.files.lines import FileProblem
from exchange.matching.files.reading import read_needs, read_offers

WHOLE = {
    "id": "a",
    "title": " Eau ",
    "text": "Réduire les fuites",
    "language": "fr-FR",
    "organisation": "maputo",
    "country": "Mozambique",
    "themes": ["water", "water", "finance"],
    "keywords": "leaks; metering",
    "sdg": ["SDG 6", "11.2", 11],
    "languages": ["fra", "pt"],
    "formats": ["study-visit"],
    "population": 1_100_000,
    "wants": 2,
    "capacity": 3,
    "from": "2026-05",
    "until": "2026-06",
}


def _file(folder: Path, *lines: object) -> Path:
    file = folder / "lines.jsonl"
    written = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    file.write_text("\n".join(written), "utf-8")
    return file


def test_a_need_is_read_whole(tmp_path):
    (need,) = read_needs(_file(tmp_path, WHOLE)).facts
    assert need == NeedFacts(
        id="a",
        title="Eau",
        text="Réduire les fuites",
        language="fr",
        organisation_id="maputo",
        country="MZ",
        region="AFRICA",
        themes=frozenset({"water", "finance"}),
        keywords=("leaks", "metering"),
        sdg_targets=frozenset({"6", "11.2", "11"}),
        languages=frozenset({"fr", "pt"}),
        formats=frozenset({"study-visit"}),
        population=1_100_000,
        hosts_wanted=2,
        first_day=date(2026, 5, 1),
        last_day=date(2026, 6, 30),
    )


def test_of_an_offer_the_capacity_counts(tmp_path):
    (offer,) = read_offers(_file(tmp_path, WHOLE)).facts
    assert (offer.places, offer.open_places) == (3, 3)


def test_an_id_and_a_text_are_enough(tmp_path):
    read = read_offers(_file(tmp_path, {"id": 7, "text": "Water", "title": None, "country": ""}))
    assert read.facts == (OfferFacts(id=7, text="Water"),)
    assert read.notes == ()


def test_marks_of_order_blank_lines_and_windows_ends_are_passed_over(tmp_path):
    file = tmp_path / "lines.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"id": "a", "text": "x"}\r\n\r\n  \n{"id": "b", "text": "y"}')
    assert [need.id for need in read_needs(file).facts] == ["a", "b"]


def test_fields_that_nobody_knows_are_noted_once(tmp_path):
    file = _file(tmp_path, *({"id": n, "text": "x", "mayor": "M", "age": 3} for n in range(3)))
    assert read_needs(file).notes == (
        "lines.jsonl: the field age is not known, passed over",
        "lines.jsonl: the field mayor is not known, passed over",
    )


def test_lines_that_say_nothing_are_noted(tmp_path):
    read = read_needs(_file(tmp_path, {"id": 1, "text": " "}, {"id": 2, "text": "", "title": "W"}))
    assert read.notes == ("lines.jsonl: 1 lines have neither title nor text nor keywords",)


def test_half_a_character_does_no_harm(tmp_path):
    (need,) = read_needs(_file(tmp_path, '{"id": "a\\ud800", "text": "x \\udfff"}')).facts
    assert (need.id, need.text) == ("a?", "x ?")


@pytest.mark.parametrize(
    ("written", "code", "region"),
    [
        ("FR", "FR", "EUROPE"),
        ("fra", "FR", "EUROPE"),
        ("España", "ES", "EUROPE"),
        ("Brasil", "BR", "LATAM"),
        ("UK", "GB", "EUROPE"),
        ("south africa", "ZA", "AFRICA"),
    ],
)
def test_a_country_is_understood_by_code_or_name(tmp_path, written, code, region):
    (need,) = read_needs(_file(tmp_path, {"id": 1, "text": "x", "country": written})).facts
    assert need.country == code
    assert need.region == region


@pytest.mark.parametrize(
    ("lat", "lon", "country"), [(41.39, 2.17, "ES"), (-25.97, 32.58, "MZ"), (0, -30, "")]
)
def test_without_a_country_the_nearest_city_says_it(tmp_path, lat, lon, country):
    (need,) = read_needs(_file(tmp_path, {"id": 1, "text": "x", "lat": lat, "lon": lon})).facts
    assert need.country == country


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", r"line 2: this is no JSON .* write one object a line"),
        ('["a"]', r"line 2: write one object a line"),
        ({"text": "x"}, "line 2: the field id is missing"),
        ({"id": "b"}, "line 2: the field text is missing"),
        ({"id": "a", "text": "x"}, "line 2: the id 'a' stands in line 1 too"),
        ({"id": "", "text": "x"}, "the field id: write a text or a whole number"),
        ({"id": True, "text": "x"}, "the field id: write a text or a whole number"),
        ({"id": "b", "text": 5}, "the field text: write it as a text"),
        ({"id": "b", "text": "x", "themes": {"a": 1}}, "the field themes: write a list"),
        ({"id": "b", "text": "x", "sdg": ["6.1.1.1"]}, "the field sdg: '6.1.1.1' is no goal"),
        ({"id": "b", "text": "x", "language": "French"}, "the field language: write the code"),
        ({"id": "b", "text": "x", "country": "Atlantis"}, "'Atlantis' is no country"),
        ({"id": "b", "text": "x", "population": "many"}, "the field population: write a whole"),
        ({"id": "b", "text": "x", "population": -1}, "the field population: write a whole"),
        ({"id": "b", "text": "x", "wants": 1.5}, "the field wants: write a whole number"),
        ({"id": "b", "text": "x", "lat": 91, "lon": 0}, "the field lat: write degrees from -90"),
        ({"id": "b", "text": "x", "lat": 1}, "the field lon is missing; lat and lon go together"),
        ({"id": "b", "text": "x", "from": "2026-02-30"}, "the field from: write a day"),
        ({"id": "b", "text": "x", "from": "soon"}, "the field from: write a day"),
        ({"id": "b", "text": "x", "population": 10**30}, "a whole number from 0 to 2000000000"),
        ('{"id": "b", "text": "x", "population": NaN}', "the field population: write a whole"),
        (
            {"id": "b", "text": "x", "from": "2026-03", "until": "2026-02"},
            "the field until: 2026-02-28 is before 2026-03-01",
        ),
    ],
)
def test_a_mistake_is_told_by_line_and_field_with_the_way_out(tmp_path, line, words):
    file = _file(tmp_path, {"id": "a", "text": "x"}, line)
    with pytest.raises(FileProblem, match=words) as problem:
        read_needs(file)
    assert str(problem.value).startswith("lines.jsonl, line 2: ")
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "there is no line"), (b"\xff\xfe{}", "not in UTF-8"), (b"\n\n", "there is no line")],
)
def test_a_file_without_lines_or_in_another_encoding_is_refused(tmp_path, content, words):
    (tmp_path / "n.jsonl").write_bytes(content)
    with pytest.raises(FileProblem, match=words):
        read_needs(tmp_path / "n.jsonl")
