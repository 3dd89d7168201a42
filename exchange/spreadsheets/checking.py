"""The check of a sheet: every problem by row and column, or rows that are ready to be loaded."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from exchange.directory.models import OrganisationKind
from exchange.errors import Invalid
from exchange.spreadsheets import cells
from exchange.spreadsheets.columns import WINDOWS, Column, Holds, read_heading
from exchange.spreadsheets.known import Known
from exchange.spreadsheets.models import ImportNoun
from exchange.spreadsheets.reading import Line
from workflows.exchange import ExchangeState

# Problems kept of one sheet; who made the same mistake a thousand times has seen it by then.
MOST_PROBLEMS = 1000
EVERY = 250
# Numbers that every row has: an empty cell leaves them as they are.
NEVER_EMPTY = ("hosts_wanted", "places", "proposer_role", "state")

Progress = Callable[[int], None]
Problem = dict[str, Any]


@dataclass
class Row:
    """One row, read: ``row_id`` when it is there already; tags are codes, organisations ids."""

    number: int
    key: str | None
    row_id: int | None
    values: dict[str, Any]


@dataclass
class Checked:
    """The outcome of a check."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    total: int = 0

    def add(self, row: int, wrong: Invalid) -> None:
        """Write a problem down, up to ``MOST_PROBLEMS``."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem(row, wrong.field, wrong.code, wrong.facts))


@dataclass(frozen=True)
class Sheet:
    """What a sheet is: its noun, and whose row it is when its cell says nothing."""

    noun: ImportNoun
    organisation_id: int | None = None


def problem(row: int, column: str, code: str, facts: dict[str, Any]) -> Problem:
    """A problem as it is kept: codes and facts, for the words of any reader."""
    plain = {name: str(value) for name, value in facts.items()}
    return {"row": row, "column": column, "code": code, "facts": plain}


def check(
    lines: Iterable[Line], sheet: Sheet, known: Known, progress: Progress = lambda _done: None
) -> Checked:
    """Read every row and write down all that is wrong; nothing is saved.

    :param progress: called with the number of rows done, every 250 rows and at the end.
    """
    checked = Checked()
    rows = iter(lines)
    columns = _heading(next(rows, None), sheet.noun, checked)
    seen: dict[str, int] = {}
    for line in rows if columns else ():
        checked.total += 1
        _one(line, columns, (sheet, known, seen), checked)
        if checked.total % EVERY == 0:
            progress(checked.total)
    if columns and not checked.total:
        checked.add(1, Invalid("file", "no_rows"))
    progress(checked.total)
    return checked


def _heading(line: Line | None, noun: ImportNoun, checked: Checked) -> list[tuple[int, Column]]:
    if line is None:
        checked.add(1, Invalid("file", "no_rows"))
        return []
    heading = read_heading(noun, line.cells)
    for number, words, code in heading.wrong:
        column = words if code == "column_missing" else f"#{number}"
        checked.add(line.number, Invalid(column, code, words=words[:80]))
    if any(code == "column_missing" for _number, _words, code in heading.wrong):
        return []
    return [(at, column) for at, column in enumerate(heading.columns) if column is not None]


def _one(
    line: Line,
    columns: list[tuple[int, Column]],
    context: tuple[Sheet, Known, dict[str, int]],
    checked: Checked,
) -> None:
    sheet, known, seen = context
    values: dict[str, Any] = {}
    wrong = list(_values(line, columns, known, values))
    if not wrong:
        row = _row(line.number, values, sheet, known)
        wrong = [*_repeated(row, seen), *_rules(row, sheet, known)]
        checked.rows.append(row)
    for one in wrong:
        checked.add(line.number, one)


def _values(
    line: Line, columns: list[tuple[int, Column]], known: Known, values: dict[str, Any]
) -> Iterator[Invalid]:
    """Fill ``values`` from the cells, and give what is wrong with them."""
    for at, column in columns:
        cell = line.cells[at] if at < len(line.cells) else ""
        try:
            value = _value(cell, column, known)
        except Invalid as wrong:
            yield wrong
            continue
        if column.needed and value in (None, ""):
            yield Invalid(column.name, "value_needed")
        elif value is not None or column.name not in NEVER_EMPTY:
            values[column.attribute] = value


def _value(cell: str, column: Column, known: Known) -> Any:
    name, holds = column.name, column.holds
    if holds in (Holds.choice, Holds.state, Holds.term, Holds.programme):
        return cells.one_of(cell, _words_for(column, known), column=name)
    if holds == Holds.terms:
        of = known.terms.of(column.vocabulary)
        return [cells.one_of(one, of, column=name) for one in cells.several(cell)]
    if holds == Holds.organisation:
        return known.names.find(cell, column=name) if cell else None
    if holds == Holds.organisations:
        return [known.names.find(one, column=name) for one in cells.several(cell)]
    return _plain(cell, column)


def _words_for(column: Column, known: Known) -> Mapping[str, Any]:
    """What can stand in a cell, and what it means."""
    if column.holds == Holds.term:
        return known.terms.of(column.vocabulary)
    if column.holds == Holds.programme:
        return known.programmes
    return known.words[column.members or ExchangeState]


def _plain(cell: str, column: Column) -> Any:
    name, bounds = column.name, column.bounds
    match column.holds:
        case Holds.whole:
            return cells.whole(cell, bounds, column=name)
        case Holds.day:
            return cells.day(cell, column=name)
        case Holds.flag:
            return cells.flag(cell, column=name)
        case Holds.link:
            return cells.link(cell, bounds[1], column=name)
    return cells.text(cell, bounds[1], column=name)


def _row(number: int, values: dict[str, Any], sheet: Sheet, known: Known) -> Row:
    key = values["external_id"] = values.get("external_id") or None
    row_id = known.keys[key][0] if key in known.keys else None
    if sheet.noun == ImportNoun.organisations:
        row_id = row_id or _same_organisation(values, known)
    else:
        field_name = _OWNER[sheet.noun]
        if values.get(field_name) is None:
            values.pop(field_name, None)
            if row_id is None and sheet.organisation_id:
                values[field_name] = sheet.organisation_id
    if key is None or _is_number(key):
        del values["external_id"]
    return Row(number, key, row_id, values)


_OWNER = {
    ImportNoun.needs: "organisation_id",
    ImportNoun.offers: "organisation_id",
    ImportNoun.exchanges: "proposer_id",
}
_OWNER_COLUMN = {"organisation_id": "organisation", "proposer_id": "proposer"}


def _is_number(key: str) -> bool:
    """Whether a key is the number by which we export what has no key: "#12"."""
    return key.startswith("#") and key[1:].isdecimal()


def _same_organisation(values: dict[str, Any], known: Known) -> int | None:
    """The organisation of this name in this country, unless another key names it."""
    country = values.get("country_code") or ""
    found = [i for code, i in known.names.named(values["name"]) if code == country]
    if values.get("external_id"):
        found = [row_id for row_id in found if row_id not in known.names.with_key]
    return found[0] if found else None


def _repeated(row: Row, seen: dict[str, int]) -> Iterator[Invalid]:
    values = row.values
    mark = row.key or f"{values.get('name')}\0{values.get('country_code')}".casefold()
    if mark in seen:
        column = "external_id" if row.key else "name"
        yield Invalid(column, "came_before", row=seen[mark])
    seen.setdefault(mark, row.number)


def _rules(row: Row, sheet: Sheet, known: Known) -> Iterator[Invalid]:
    for first, last in WINDOWS.items():
        days = row.values.get(first), row.values.get(last)
        if days[0] and days[1] and days[1] < days[0]:
            yield Invalid(last, "window")
    if sheet.noun == ImportNoun.organisations:
        yield from _of_organisation(row, known)
    else:
        yield from _of_owner(row, sheet, known)


def _of_organisation(row: Row, known: Known) -> Iterator[Invalid]:
    if row.values.get("level") and row.values["kind"] != OrganisationKind.local_government:
        yield Invalid("level", "only_governments")
    place_id = row.values.get("place_id")
    if place_id is not None and place_id not in known.places:
        yield Invalid("place_id", "unknown_place")
    if row.row_id is None and known.ours is not None:
        yield Invalid("name", "only_staff_writes_organisations")
    elif row.row_id is not None and not known.may(frozenset({row.row_id})):
        yield Invalid("name", "not_yours")


def _of_owner(row: Row, sheet: Sheet, known: Known) -> Iterator[Invalid]:
    owner = row.values.get(_OWNER[sheet.noun])
    column = _OWNER_COLUMN[_OWNER[sheet.noun]]
    if row.row_id is None and row.key and _is_number(row.key):
        yield Invalid("external_id", "unknown_number")
    elif row.row_id is not None and row.key and not known.may(known.keys[row.key][1]):
        yield Invalid("external_id", "key_of_others")
    elif row.row_id is None and owner is None:
        yield Invalid(column, "value_needed")
    elif owner is not None and not known.may(frozenset({owner})) and not _kept(row, owner, known):
        yield Invalid(column, "not_yours")
    if row.row_id is None and row.values.get("programme_id") in known.closed:
        yield Invalid("programme", "programme_closed")
    if row.row_id is None and row.values.get("state", ExchangeState.draft) != ExchangeState.draft:
        yield Invalid("state", "only_drafts")


def _kept(row: Row, owner: int, known: Known) -> bool:
    """Whether the row belongs to ``owner`` already; the association of a city may write for it."""
    return row.row_id is not None and bool(row.key) and owner in known.keys[str(row.key)][1]
