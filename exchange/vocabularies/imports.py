"""Official full texts, code lists and larger lists of places, from files that somebody downloaded.

Importing the same file again changes nothing. Full texts and facts follow the file; labels are only
filled where there is none, because an administrator may have written them.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import insert, select, update

from exchange.clock import now
from exchange.config import LABEL_LANGUAGES
from exchange.extensions import db
from exchange.listing import folded
from exchange.vocabularies.files import Line, Sheet, read
from exchange.vocabularies.models import Place, Term


@dataclass
class Counts:
    """What an import of one file did, in rows."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Entry:
    """An entry as a file tells it."""

    vocabulary: str
    code: str
    labels: dict[str, str]
    texts: dict[str, str]
    facts: dict[str, str]
    parent: Term | None = None


def import_sdg(path: Path) -> Counts:
    """The official words of goals, targets or indicators (A/RES/71/313); the header tells which.

    Goals and targets are there already and get their full texts. Indicators are added under their
    targets. The caller commits.

    :raises Invalid: the file is not as it should be; nothing is then to be committed.
    """
    sheet = read(path)
    sheet.require("code", "title_en")
    if "target" in sheet.columns:
        return _write(sheet, _indicators(sheet, _known("sdg_target")))
    vocabulary = "sdg_target" if "goal" in sheet.columns else "sdg_goal"
    return _write(sheet, _full_texts(sheet, vocabulary))


def _full_texts(sheet: Sheet, vocabulary: str) -> Iterable[Entry]:
    known = _known(vocabulary)
    for line in sheet.lines:
        code = line.one_of("code", known)
        line.text("title_en", 5000)
        yield Entry(vocabulary, code, {}, line.words("title"), {}, known[code].parent)


def _indicators(sheet: Sheet, targets: dict[str, Term]) -> Iterable[Entry]:
    for line in sheet.lines:
        code, target = line.text("code", 80), line.one_of("target", targets)
        line.text("title_en", 5000)
        texts = line.words("title")
        labels = {language: texts[language] for language in LABEL_LANGUAGES if language in texts}
        yield Entry("sdg_indicator", code, labels, texts, {}, targets[target])


def import_iati(path: Path) -> Counts:
    """Code lists of IATI, a vocabulary "iati:<list>" each; the sectors of the OECD DAC with their
    categories become "dac_sector". A code that is withdrawn comes retired. The caller commits.

    :raises Invalid: the file is not as it should be; nothing is then to be committed.
    """
    sheet = read(path)
    sheet.require("codelist", "code", "category", "status", "name_en", "name_fr")
    counts = _write(sheet, [_code(line) for line in sheet.lines])
    _put_under_categories()
    return counts


def _code(line: Line) -> Entry:
    code = line.text("code", 80)
    status = line.one_of("status", ("active", "withdrawn", ""))
    facts = {"status": status, "category": line.cells["category"], "url": line.cells.get("url", "")}
    return Entry(
        _vocabulary_of(line),
        code,
        {"en": code, **line.words("name")},
        line.words("description"),
        {name: fact for name, fact in facts.items() if fact},
    )


def _vocabulary_of(line: Line) -> str:
    name = line.text("codelist", 35)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name):
        raise line.wrong("codelist", "cell_unknown")
    if name in ("Sector", "SectorCategory"):
        return "dac_sector"
    return f"iati:{name.lower()}"


def _put_under_categories() -> None:
    of_lists = Term.vocabulary.startswith("iati:") | (Term.vocabulary == "dac_sector")
    query = select(Term).where(of_lists)
    terms = {(term.vocabulary, term.code): term for term in db.session.scalars(query)}
    for term in terms.values():
        category = term.facts.get("category", "")
        above = terms.get((f"{term.vocabulary}-category", category))
        above = above or terms.get((term.vocabulary, category))
        if above is not None and term.parent_id is None and above is not term:
            term.parent = above
    db.session.flush()


def _known(vocabulary: str) -> dict[str, Term]:
    query = select(Term).where(Term.vocabulary == vocabulary)
    return {term.code: term for term in db.session.scalars(query)}


def _write(sheet: Sheet, entries: Iterable[Entry]) -> Counts:
    counts, seen = Counts(), set()
    vocabularies: dict[str, dict[str, Term]] = {}
    for line, entry in zip(sheet.lines, entries, strict=True):
        if (entry.vocabulary, entry.code) in seen:
            raise line.wrong("code", "cell_repeated")
        seen.add((entry.vocabulary, entry.code))
        if entry.vocabulary not in vocabularies:
            vocabularies[entry.vocabulary] = _known(entry.vocabulary)
        _upsert(entry, vocabularies[entry.vocabulary], counts)
    db.session.flush()
    return counts


def _upsert(entry: Entry, known: dict[str, Term], counts: Counts) -> None:
    term = known.get(entry.code)
    if term is None:
        term = Term(vocabulary=entry.vocabulary, code=entry.code, position=len(known))
        term.labels, term.texts, term.facts = entry.labels, entry.texts, entry.facts
        term.parent = entry.parent
        term.retired_at = now() if entry.facts.get("status") == "withdrawn" else None
        known[entry.code] = term
        db.session.add(term)
        counts.added += 1
    elif _update(term, entry):
        counts.changed += 1
    else:
        counts.unchanged += 1


def _update(term: Term, entry: Entry) -> bool:
    withdrawn = entry.facts.get("status") == "withdrawn" != term.facts.get("status")
    told = {
        "labels": {**entry.labels, **term.labels},
        "texts": {**term.texts, **entry.texts},
        "facts": {**term.facts, **entry.facts},
    }
    news = {name: value for name, value in told.items() if value != getattr(term, name)}
    for name, value in news.items():
        setattr(term, name, value)
    if withdrawn:
        term.retired_at = term.retired_at or now()
    return bool(news)


def import_cities(path: Path) -> Counts:
    """Places by their GeoNames ids; those that are there already follow the file. The caller
    commits.

    :raises Invalid: the file is not as it should be; nothing is then to be committed.
    """
    sheet = read(path)
    sheet.require("geonameid", "name", "country", "lat", "lon", "population", "timezone")
    zones, seen = available_timezones(), set()
    rows = []
    for line in sheet.lines:
        row = _place(line, zones)
        if row["id"] in seen:
            raise line.wrong("geonameid", "cell_repeated")
        seen.add(row["id"])
        rows.append(row)
    return _write_places(rows)


def _place(line: Line, zones: set[str]) -> dict[str, Any]:
    country = line.text("country")
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise line.wrong("country", "cell_unknown")
    name = line.text("name")
    return {
        "id": line.whole("geonameid", 1),
        "name": name,
        "folded_name": folded(name)[:200],
        "country_code": country,
        "lat": line.degrees("lat", 90),
        "lon": line.degrees("lon", 180),
        "population": line.whole("population"),
        "time_zone": line.one_of("timezone", zones),
    }


def _write_places(rows: list[dict[str, Any]]) -> Counts:
    columns = Place.__table__.c
    have = {row.id: row._asdict() for row in db.session.execute(select(*columns))}
    new = [row for row in rows if row["id"] not in have]
    changed = [row for row in rows if row["id"] in have and row != have[row["id"]]]
    if new:
        db.session.execute(insert(Place), new)
    if changed:
        db.session.execute(update(Place), changed)
    return Counts(len(new), len(changed), len(rows) - len(new) - len(changed))


# What `exchange vocabularies import` can take, by the word that names it.
IMPORTS: dict[str, Callable[[Path], Counts]] = {
    "sdg": import_sdg,
    "iati": import_iati,
    "cities": import_cities,
}
