"""Every list as a table: its rows as filtered, in the words of its reader."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from babel import Locale
from marshmallow import ValidationError
from sqlalchemy import Select, select
from werkzeug.datastructures import MultiDict

from exchange import policy
from exchange.directory.models import Person
from exchange.errors import Invalid, NotFound
from exchange.extensions import db
from exchange.listing import sorted_by
from exchange.spreadsheets.headings import heading
from exchange.spreadsheets.lists import EXPORTS
from exchange.spreadsheets.shape import Country, Export, Tongue
from exchange.vocabularies.models import Term

AT_ONCE = 500


@dataclass(frozen=True)
class Reader:
    """In whose words a table is written: a language, and how the edge says a choice or a state."""

    language: str
    say: Callable[[StrEnum], str]


def export_of(noun: str, actor: Person | None) -> Export:
    """The export of a list.

    :raises NotFound: there is no such list.
    :raises NotAllowed: the actor may not have it.
    """
    if noun not in EXPORTS:
        raise NotFound("not_found", noun="export", id=noun)
    policy.require(actor, EXPORTS[noun].permission, None)
    return EXPORTS[noun]


def chosen(export: Export, sent: MultiDict[str, str]) -> dict[str, Any]:
    """The filters of a list as they stand in an address; what is not a filter is left alone.

    :raises Invalid: a value cannot be taken.
    """
    schema = export.filters()
    known = MultiDict((k, v) for k, v in sent.items(multi=True) if k in schema.load_fields)
    try:
        return {k: v for k, v in schema.load(known).items() if v not in ("", None, [])}
    except ValidationError as problem:
        raise Invalid(next(iter(problem.normalized_messages())), "bad_value") from None


def header(export: Export, reader: Reader) -> list[str]:
    """The headings in the reader's language."""
    return [heading(name, reader.language) for name, _value in export.columns]


def numbers(export: Export, filters: Mapping[str, Any], actor: Person | None) -> list[int]:
    """Which rows the actor gets, in their order; so a row that moves meanwhile comes once.

    :raises Invalid: the list cannot be sorted so.
    """
    model = export.model
    clause = _listed(export, filters, actor).whereclause
    which = select(model.id) if clause is None else select(model.id).where(clause)
    by = filters.get("sort") or export.sort
    return list(db.session.scalars(sorted_by(which, by, export.sorts)))


def _listed(export: Export, filters: Mapping[str, Any], actor: Person | None) -> Select[Any]:
    return export.listed(policy.scoped(export.model, actor), filters, actor)


def rows(
    export: Export,
    ids: list[int],
    filters: Mapping[str, Any],
    actor: Person | None,
    reader: Reader,
) -> Iterator[list[Any]]:
    """The rows of ``numbers``, 500 at a time."""
    query = _listed(export, filters, actor)
    for first in range(0, len(ids), AT_ONCE):
        piece = ids[first : first + AT_ONCE]
        loaded = db.session.scalars(query.where(export.model.id.in_(piece))).unique()
        by_id = {row.id: row for row in loaded}
        for row_id in piece:
            if row_id in by_id:
                yield [cell(value(by_id[row_id]), reader) for _name, value in export.columns]
        db.session.expunge_all()


def cell(value: Any, reader: Reader) -> Any:
    """A value as a cell: choices and terms in words, instants as UTC without their zone."""
    match value:
        case bool():
            value = _YES_NO[value][reader.language]
        case StrEnum():
            value = reader.say(value)
        case Country(code):
            value = Locale(reader.language).territories.get(code, code)
        case Tongue(code):
            value = Locale(reader.language).languages.get(code, code)
        case dict():
            value = value.get(reader.language) or value.get("en") or next(iter(value.values()), "")
        case list():
            value = "; ".join(_term(term, reader) for term in value)
        case datetime():
            value = value.replace(tzinfo=None, microsecond=0)
    return value


def _term(term: Term, reader: Reader) -> str:
    # A target is known by its number; its label would be a sentence.
    return term.code if term.vocabulary == "sdg_target" else term.label(reader.language)


_YES_NO = {
    True: {"en": "yes", "fr": "oui", "es": "sí"},
    False: {"en": "no", "fr": "non", "es": "no"},
}
