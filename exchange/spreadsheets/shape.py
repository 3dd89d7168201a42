"""What a list that can be taken away as a table is: who may, how it is narrowed, which columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select

from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import PartnerRole
from exchange.listing import Sorts
from exchange.schemas import Schema
from exchange.tags import TAGS

Value = Callable[[Any], Any]
Listed = Callable[[Select[Any], Mapping[str, Any], Person | None], Select[Any]]


class Country(NamedTuple):
    """The code of a country, to be named in the reader's language."""

    code: str


class Tongue(NamedTuple):
    """The code of a language, to be named in the reader's language."""

    code: str


@dataclass(frozen=True)
class Export:
    """One list: who may have it, how it is narrowed and sorted, and its columns."""

    permission: str
    model: Any
    filters: type[Schema]
    listed: Listed
    sorts: Sorts
    sort: str
    columns: tuple[tuple[str, Value], ...]


def named(organisation: Organisation | None) -> str:
    """An organisation as an import finds it again: "Nampula (MZ)"."""
    if organisation is None:
        return ""
    country = organisation.country_code
    return f"{organisation.name} ({country})" if country else organisation.name


def person_of(name: str) -> Value:
    """The name of the person that is this attribute of a row."""

    def value(row: Any) -> str:
        person = getattr(row, name)
        return person.name if person else ""

    return value


def attribute(name: str) -> Value:
    """An attribute of a row as it is."""
    return lambda row: getattr(row, name)


def _key(row: Any) -> str:
    """The key of an import; of what never had one, its number here."""
    return row.external_id or f"#{row.id}"


def columns_of(names: str, **values: Value) -> tuple[tuple[str, Value], ...]:
    """The columns that ``names`` lists; one without a value is the attribute of its name."""
    known = {**_DEFAULTS, **values}
    return tuple((name, known.get(name) or attribute(name)) for name in names.split())


def with_role(role: PartnerRole) -> Value:
    """The organisations of an exchange in one role."""
    return lambda row: "; ".join(named(partner.organisation) for partner in row.with_role(role))


_DEFAULTS: dict[str, Value] = {
    "external_id": _key,
    "organisation": lambda row: named(row.organisation),
    "language": lambda row: Tongue(row.language),
    "country": lambda row: Country(row.country_code or ""),
    "published": attribute("published_at"),
    "contact": person_of("contact"),
    "owner": person_of("owner"),
    "author": person_of("author"),
    "reviewer": person_of("reviewer"),
    "published_by": lambda row: named(row.published_by),
    "about": attribute("subject_type"),
    "about_number": attribute("subject_id"),
    "mail": attribute("kind"),
    "sent": attribute("sent_at"),
}
for _field, _vocabulary in TAGS.items():
    _DEFAULTS[_field] = lambda row, name=_vocabulary: row.tagged(name)  # type: ignore[misc] # a default binds the name
