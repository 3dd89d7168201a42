"""Needs and offers from files of JSON lines, as facts. No database here."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from exchange.matching.core.facts import NeedFacts, OfferFacts, SideFacts
from exchange.matching.files import fields
from exchange.matching.files.lines import FileProblem, json_lines

Facts = TypeVar("Facts", bound=SideFacts)
Reader = Callable[[Any], Any]

# The field of a line → the name in the facts, and how its value is read.
FIELDS: Mapping[str, tuple[str, Reader]] = {
    "id": ("id", fields.key),
    "title": ("title", fields.text),
    "text": ("text", fields.text),
    "language": ("language", fields.language),
    "organisation": ("organisation_id", fields.key),
    "country": ("country", fields.country),
    "themes": ("themes", fields.codes),
    "keywords": ("keywords", fields.codes),
    "sdg": ("sdg_targets", fields.sdg),
    "languages": ("languages", fields.languages),
    "formats": ("formats", fields.codes),
    "population": ("population", fields.people),
    "lat": ("lat", fields.latitude),
    "lon": ("lon", fields.longitude),
    "wants": ("wants", fields.whole),
    "capacity": ("capacity", fields.whole),
    "from": ("first_day", fields.first_day),
    "until": ("last_day", fields.last_day),
}
SETS = ("themes", "sdg_targets", "languages", "formats")


@dataclass(frozen=True)
class Read(Generic[Facts]):
    """What a file says, in its order, and notes of what was passed over."""

    facts: tuple[Facts, ...]
    notes: tuple[str, ...]


def read_needs(file: Path) -> Read[NeedFacts]:
    """The needs of a file; ``wants`` is how many hosts each looks for.

    :raises FileProblem: the first thing that is wrong, by line and field.
    """
    return _read(file, NeedFacts, {"wants": "hosts_wanted"})


def read_offers(file: Path) -> Read[OfferFacts]:
    """The offers of a file; ``capacity`` is how many needs each can host.

    :raises FileProblem: the first thing that is wrong, by line and field.
    """
    return _read(file, OfferFacts, {"capacity": "places"})


def _read(file: Path, kind: type[Facts], counted: Mapping[str, str]) -> Read[Facts]:
    found: list[Facts] = []
    lines: dict[str, int] = {}
    unknown: Counter[str] = Counter()
    for number, line in json_lines(file):
        unknown.update(name for name in line if name not in FIELDS)
        values = _values(file, number, line)
        first = lines.setdefault(str(values["id"]), number)
        if first != number:
            said = f"the id {values['id']!r} stands in line {first} too; each needs its own"
            raise FileProblem(file, number, said)
        found.append(kind(**_facts(values, counted)))
    if not found:
        raise FileProblem(file, None, "there is no line; write one object a line, as {…}")
    notes = [f"{file.name}: the field {n} is not known, passed over" for n in sorted(unknown)]
    silent = sum(not one.words for one in found)
    if silent:
        notes.append(f"{file.name}: {silent} lines have neither title nor text nor keywords")
    return Read(tuple(found), tuple(notes))


def _values(file: Path, number: int, line: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in ("id", "text"):
        if line.get(name) is None:
            raise FileProblem(file, number, f"the field {name} is missing; every line needs it")
    for name, value in line.items():
        if name in FIELDS and value is not None:
            target, reader = FIELDS[name]
            try:
                values[target] = reader(value)
            except ValueError as problem:
                raise FileProblem(file, number, f"the field {name}: {problem}") from None
    _check_together(file, number, values)
    return values


def _check_together(file: Path, number: int, values: Mapping[str, Any]) -> None:
    if ("lat" in values) != ("lon" in values):
        missing = "lon" if "lat" in values else "lat"
        raise FileProblem(file, number, f"the field {missing} is missing; lat and lon go together")
    first, last = values.get("first_day"), values.get("last_day")
    if first and last and first > last:
        said = f"the field until: {last} is before {first}, which from says; exchange the two"
        raise FileProblem(file, number, said)


def _facts(values: dict[str, Any], counted: Mapping[str, str]) -> dict[str, Any]:
    """Values as the facts hold them; the section follows the country, or the nearest city's."""
    where = values.pop("lat", None), values.pop("lon", None)
    counts = {name: values.pop(name) for name in ("wants", "capacity") if name in values}
    if not values.get("country") and where[0] is not None:
        values["country"] = _cities().country_near(*where)
    values.update((counted[name], count) for name, count in counts.items() if name in counted)
    values.update((name, frozenset(values[name])) for name in SETS if name in values)
    return {**values, "region": fields.sections().get(values.get("country", ""), "")}


@cache
def _cities() -> Any:
    from exchange.matching.files.nearest import (
        Cities,  # late: only files with lat and lon need them
    )

    return Cities()
