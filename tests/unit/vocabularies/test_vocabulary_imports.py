"""Importing official texts, code lists and cities: all or nothing, twice is once."""

from pathlib import Path

import pytest

from exchange.errors import Invalid
from exchange.extensions import db
from exchange.vocabularies import imports
from exchange.vocabularies.imports import Counts
from exchange.vocabularies.models import Place, Term
from tests import factories

# The real files are not part of the project: they lie beside its checkout, where there are any.
REAL = Path(__file__).resolve().parents[4] / "shared" / "data"


def real(name: str) -> Path:
    path = REAL / name
    if not path.is_file():
        pytest.skip(f"{name} is not beside this checkout: the real files do not ship with it")
    return path


def count(vocabulary: str) -> int:
    return db.session.query(Term).filter_by(vocabulary=vocabulary).count()


@pytest.fixture
def file(tmp_path):
    def write(*lines: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "sent.csv"
        path.write_bytes("\n".join(lines).encode(encoding))
        return path

    return write


def test_the_real_goals_targets_and_indicators(app):
    goals, targets = real("sdg/sdg_goals.csv"), real("sdg/sdg_targets.csv")
    short = factories.term("sdg_goal", "11").labels
    assert imports.import_sdg(goals) == Counts(changed=17)
    assert imports.import_sdg(targets) == Counts(changed=169)
    assert imports.import_sdg(real("sdg/sdg_indicators.csv")) == Counts(added=252)
    goal, target = factories.term("sdg_goal", "11"), factories.term("sdg_target", "11.5")
    assert goal.labels == short
    assert goal.texts["fr"].startswith("Faire en sorte que les villes")
    assert {"en", "fr", "es", "pt", "ar"} <= set(target.texts)
    assert factories.term("sdg_indicator", "11.5.1").parent is target
    assert imports.import_sdg(goals) == Counts(unchanged=17)
    assert imports.import_sdg(real("sdg/sdg_indicators.csv")) == Counts(unchanged=252)


def test_the_real_code_lists(app):
    lists, sectors = real("iati/iati_codelists.csv"), real("iati/oecd_dac_sectors_en_fr.csv")
    assert imports.import_iati(sectors) == Counts(added=369)
    assert imports.import_iati(lists) == Counts(added=985 - 369, unchanged=369)
    sector = factories.term("dac_sector", "11110")
    assert sector.parent_code == "111"
    assert sector.label("fr") == "Politique de l'éducation et gestion administrative"
    aid = factories.term("iati:aidtype", "B01")
    assert aid.parent.vocabulary == "iati:aidtype-category"
    assert factories.term("iati:aidtype", "B031").parent.vocabulary == "iati:aidtype"
    retired = db.session.query(Term).filter(Term.retired_at.is_not(None)).count()
    assert retired == 62
    assert imports.import_iati(lists) == Counts(unchanged=985)


def test_the_real_cities(app):
    cities = real("cities/cities100k.csv")
    before = db.session.query(Place).count()
    counts = imports.import_cities(cities)
    assert counts.added + counts.changed + counts.unchanged == 6204
    assert db.session.query(Place).count() == before + counts.added
    assert imports.import_cities(cities) == Counts(unchanged=6204)


def test_an_administrators_label_stays_and_a_gap_is_filled(app, file):
    head = "codelist,code,category,status,name_en,name_fr"
    imports.import_iati(file(head, "Colour,R,,active,Red,"))
    term = factories.term("iati:colour", "R")
    term.labels = {"en": "Crimson"}
    path = file(head, "Colour,R,,active,Red,Rouge")
    assert imports.import_iati(path) == Counts(changed=1)
    assert term.labels == {"en": "Crimson", "fr": "Rouge"}
    assert imports.import_iati(path) == Counts(unchanged=1)


def test_a_code_that_is_withdrawn_is_retired_once(app, file):
    """An administrator who brings it back is not overruled by the same file."""
    head = "codelist,code,category,status,name_en,name_fr"
    imports.import_iati(file(head, "Colour,R,,active,Red,"))
    gone = file(head, "Colour,R,,withdrawn,Red,")
    imports.import_iati(gone)
    term = factories.term("iati:colour", "R")
    assert term.retired_at is not None
    term.retired_at = None
    assert imports.import_iati(gone) == Counts(unchanged=1)
    assert term.retired_at is None


def test_a_place_follows_the_file(app, file):
    head = "geonameid,name,country,lat,lon,population,timezone"
    path = file(head, "1,Ílhavo,PT,40.6,-8.67,38598,Europe/Lisbon")
    assert imports.import_cities(path) == Counts(added=1)
    assert db.session.get(Place, 1).folded_name == "ilhavo"
    assert imports.import_cities(path) == Counts(unchanged=1)
    path = file(head, "1,Ílhavo,PT,40.6,-8.67,39000,Europe/Lisbon", "")
    assert imports.import_cities(path) == Counts(changed=1)
    db.session.expire_all()
    assert db.session.get(Place, 1).population == 39000


CITIES = "geonameid,name,country,lat,lon,population,timezone"
IATI = "codelist,code,category,status,name_en,name_fr"


@pytest.mark.parametrize(
    ("kind", "lines", "told"),
    [
        (
            "cities",
            (CITIES, "1,A,PT,1,1,5,UTC", "x,B,PT,1,1,5,UTC"),
            ("cell_number", 3, "geonameid"),
        ),
        ("cities", (CITIES, "1,,PT,1,1,5,UTC"), ("cell_empty", 2, "name")),
        ("cities", (CITIES, f"1,{'A' * 201},PT,1,1,5,UTC"), ("cell_long", 2, "name")),
        ("cities", (CITIES, "1,A,Portugal,1,1,5,UTC"), ("cell_unknown", 2, "country")),
        ("cities", (CITIES, "1,A,PT,90.5,1,5,UTC"), ("cell_number", 2, "lat")),
        ("cities", (CITIES, "1,A,PT,1,nan,5,UTC"), ("cell_number", 2, "lon")),
        ("cities", (CITIES, "1,A,PT,1,east,5,UTC"), ("cell_number", 2, "lon")),
        ("cities", (CITIES, "1,A,PT,1,1,-5,UTC"), ("cell_number", 2, "population")),
        ("cities", (CITIES, "1,A,PT,1,1,٣,UTC"), ("cell_number", 2, "population")),
        ("cities", (CITIES, "1,A,PT,1,1,5,Lisbon"), ("cell_unknown", 2, "timezone")),
        (
            "cities",
            (CITIES, "1,A,PT,1,1,5,UTC", "1,B,PT,1,1,5,UTC"),
            ("cell_repeated", 3, "geonameid"),
        ),
        ("cities", (CITIES, "1,A\x07,PT,1,1,5,UTC"), ("cell_unreadable", 2, "name")),
        ("cities", (CITIES, "1,A,PT"), ("row_shape", 2, None)),
        ("cities", ("geonameid,name", "1,A"), ("file_columns", None, None)),
        ("cities", (CITIES,), ("file_empty", None, None)),
        ("cities", (CITIES, '1,"A'), ("file_unreadable", None, None)),
        ("iati", (IATI, "A/B,1,,active,One,"), ("cell_unknown", 2, "codelist")),
        ("iati", (IATI, "A,1,,perhaps,One,"), ("cell_unknown", 2, "status")),
        ("iati", (IATI, "A,1,,active,One,", "A,1,,active,Two,"), ("cell_repeated", 3, "code")),
        ("sdg", ("code,title_en", "1,Poverty", "18,Space"), ("cell_unknown", 3, "code")),
        ("sdg", ("code,title_en", "1,"), ("cell_empty", 2, "title_en")),
        ("sdg", ("code,target,title_en", "1.1.1,9.99,X"), ("cell_unknown", 2, "target")),
    ],
)
def test_a_bad_file_is_told_by_row_and_column(app, file, kind, lines, told):
    with pytest.raises(Invalid) as refused:
        imports.IMPORTS[kind](file(*lines))
    facts = refused.value.facts
    assert (refused.value.code, facts.get("row"), facts.get("column")) == told
    assert facts["file"] == "sent.csv"


def test_a_file_in_another_encoding_is_told(app, file, tmp_path):
    with pytest.raises(Invalid, match="file_encoding"):
        imports.import_cities(file(CITIES, "1,Évora,PT,1,1,5,UTC", encoding="latin-1"))
    with pytest.raises(Invalid, match="file_unreadable"):
        imports.import_cities(tmp_path / "nothing.csv")


def test_a_mark_at_the_beginning_of_the_file_is_no_part_of_a_name(app, file):
    path = file(CITIES, "1,Évora,PT,1,1,5,UTC", encoding="utf-8-sig")
    assert imports.import_cities(path) == Counts(added=1)
