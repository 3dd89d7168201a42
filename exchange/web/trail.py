"""The audit trail as people read it: in the words of the field, in their language."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Column, Date, Enum, Time, literal, select, union_all

from exchange import edge
from exchange.audit.history import changes_of
from exchange.audit.models import Action, AuditEntry
from exchange.audit.values import HIDDEN
from exchange.config import LANGUAGES
from exchange.directory.models import Organisation, Person
from exchange.extensions import Base, UTCDateTime, db
from exchange.labels import privacy, trail
from exchange.labels.understood import word
from exchange.vocabularies.models import Term
from exchange.web.filters import clock, day, moment, number
from exchange.web.log import PAGES
from exchange.web.words import country_name, lang_text, language_name

LONGEST = 300
_MORE_PAGES = {
    "organisation": "organisations.show",
    "participant": "participants.show",
    "person": "people.show",
    "visit": "visits.show",
}
# Relationships whose rows are known by the code of a term.
_BY_CODE = ("terms",)
NAMED = ("person", "organisation")


@dataclass(frozen=True)
class Line:
    """One field: what it was and what it is."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """One entry in words."""

    entry: AuditEntry
    who: str
    through: str
    done: str
    noun: str
    address: str
    lines: list[Line]

    @property
    def has_before(self) -> bool:
        """Whether something was there before."""
        return self.entry.action in (Action.change, Action.delete)


def told(entries: Iterable[AuditEntry]) -> list[Told]:
    """Entries in the reader's words; two statements for any number of them."""
    known = [(entry, changes_of(entry)) for entry in entries]
    words = _Words(known)
    return [_told(entry, changes, words) for entry, changes in known]


def _told(entry: AuditEntry, changes: dict[str, list[Any]], words: "_Words") -> Told:
    return Told(
        entry=entry,
        who=words.names.get(("person", entry.person_id or 0)) or _("the program"),
        through=str(trail.THROUGH[entry.through]),
        done=str(trail.DONE[entry.action]),
        noun=str(trail.table(entry.noun)),
        address=_address(entry),
        lines=[_line(entry, name, pair, words) for name, pair in changes.items()],
    )


def _address(entry: AuditEntry) -> str:
    page = (PAGES | _MORE_PAGES).get(entry.noun)
    gone = entry.action == Action.delete
    return url_for(page, id=entry.subject_id) if page and entry.subject_id and not gone else ""


def _line(entry: AuditEntry, name: str, pair: list[Any], words: "_Words") -> Line:
    column = _column(entry.noun, name)
    before, after = (_short(words.say(column, name, value)) for value in pair)
    return Line(str(trail.column_of(name, _target(column))), before, after)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _column(noun: str, name: str) -> Column[Any] | None:
    table = Base.metadata.tables.get(noun)
    return table.columns.get(name) if table is not None else None


def _target(column: Column[Any] | None) -> str:
    """The table at whose rows a column points."""
    keys = list(column.foreign_keys) if column is not None else []
    return str(keys[0].column.table.name) if keys else ""


class _Words:
    """The names of the rows that some entries speak of, and how values are said."""

    def __init__(self, known: list[tuple[AuditEntry, dict[str, list[Any]]]]) -> None:
        wanted: dict[str, set[int]] = {noun: set() for noun in NAMED}
        wanted["person"] |= {entry.person_id for entry, _changes in known if entry.person_id}
        codes: set[str] = set()
        for entry, changes in known:
            for name, values in _each(changes):
                codes.update(values if name in _BY_CODE else ())
                target = _target(_column(entry.noun, name))
                if target in wanted:
                    wanted[target] |= {one for one in values if isinstance(one, int)}
        self.names = _names(wanted)
        self.terms = _terms(codes)

    def say(self, column: Column[Any] | None, name: str, value: Any) -> str:
        """A value as people read it."""
        if value is None or value == "":
            return "–"
        if value == HIDDEN:
            return HIDDEN
        if isinstance(value, list):
            said = (self.terms.get(one, one) if name in _BY_CODE else one for one in value)
            return ", ".join(self.say(None, "", one) for one in said) or "–"
        if isinstance(value, dict):
            return _dict(value)
        if target := _target(column):
            known = self.names.get((target, value))
            return known or f"{trail.table(target)} {value}"
        return _plain(column, name, value)


def _each(changes: dict[str, list[Any]]) -> Iterator[tuple[str, list[Any]]]:
    for name, pair in changes.items():
        for value in pair:
            yield name, value if isinstance(value, list) else [value]


def _names(wanted: dict[str, set[int]]) -> dict[tuple[str, int], str]:
    models: dict[str, Any] = {"person": Person, "organisation": Organisation}
    parts = [
        select(literal(noun), model.id, model.name).where(model.id.in_(wanted[noun]))
        for noun, model in models.items()
    ]
    return {(noun, number): name for noun, number, name in db.session.execute(union_all(*parts))}


def _terms(codes: set[str]) -> dict[str, str]:
    language = edge.current_language()
    found = db.session.scalars(select(Term).where(Term.code.in_(codes)))
    return {term.code: term.label(language) for term in found}


def _dict(value: dict[str, Any]) -> str:
    if value and set(value) <= set(LANGUAGES):
        return str(lang_text(value))
    return "; ".join(f"{trail.column(key)}: {_inner(inner)}" for key, inner in value.items()) or "–"


def _inner(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# Codes that other columns hold, too.
_CODES: dict[str, Callable[[str], Any]] = {
    "what": lambda code: privacy.SEEN_HOW.get(code, code),
    "language": language_name,
    "country_code": country_name,
}


def _plain(column: Column[Any] | None, name: str, value: Any) -> str:
    if name in _CODES:
        return str(_CODES[name](value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return str(number(value))
    return _typed(column.type, value) if column is not None else str(value)


def _typed(kind: Any, value: str) -> str:
    reading: dict[type, Callable[[str], str]] = {
        Enum: lambda text: word(kind.enum_class(text)),
        UTCDateTime: lambda text: moment(datetime.fromisoformat(text)),
        Date: lambda text: day(date.fromisoformat(text)),
        Time: lambda text: clock(time.fromisoformat(text)),
    }
    read = next((read for one, read in reading.items() if isinstance(kind, one)), str)
    with suppress(KeyError, ValueError, StopIteration):
        return read(value)
    return value  # of a state or a choice that is gone: as it was written then
