"""What the check compares cells with, read once: terms, organisations, keys, who may what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from exchange.catalogue.models import Need, Offer
from exchange.directory.models import Organisation, Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Invalid
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.listing import folded
from exchange.predicates import staff
from exchange.programmes.models import GENERAL, Programme
from exchange.programmes.queries import programmes
from exchange.spreadsheets.models import ImportNoun
from exchange.vocabularies.models import Place, Term

# class of a choice → what people write, folded → its member
Words = Mapping[type[StrEnum], Mapping[str, StrEnum]]

_OWNERS: dict[ImportNoun, tuple[Any, ...]] = {
    ImportNoun.organisations: (Organisation.external_id, Organisation.id, Organisation.id),
    ImportNoun.needs: (Need.external_id, Need.id, Need.organisation_id, Need.published_by_id),
    ImportNoun.offers: (Offer.external_id, Offer.id, Offer.organisation_id, Offer.published_by_id),
    ImportNoun.exchanges: (Exchange.external_id, Exchange.id, Exchange.proposer_id),
}


@dataclass
class Terms:
    """The vocabularies: codes by what people write, ids by code."""

    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    ids: dict[tuple[str, str], int] = field(default_factory=dict)

    def of(self, vocabulary: str) -> dict[str, str]:
        """What is written for the terms of a vocabulary, folded → code."""
        return self.codes.setdefault(vocabulary, {})


@dataclass
class Names:
    """The organisations, by key and by name."""

    by_key: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    with_key: set[int] = field(default_factory=set)

    def add(self, row_id: int, key: str | None, name: str, country: str | None) -> None:
        """Know one more organisation."""
        self.by_name.setdefault(name, []).append((country or "", row_id))
        self.by_key[f"#{row_id}"] = row_id
        if key:
            self.by_key[key] = row_id
            self.with_key.add(row_id)

    def find(self, cell: str, *, column: str) -> int:
        """The organisation that a cell names: by key, by name, or as "Name (MZ)".

        :raises Invalid: ``unknown_organisation`` or ``several_organisations``.
        """
        if cell in self.by_key:
            return self.by_key[cell]
        found = self.by_name.get(folded(cell), [])
        if not found and cell.endswith(")"):
            name, _bracket, country = cell[:-1].rpartition("(")
            found = [one for one in self.named(name) if one[0] == country.strip().upper()]
        if len(found) == 1:
            return found[0][1]
        code = "several_organisations" if found else "unknown_organisation"
        raise Invalid(column, code, name=cell[:80])

    def named(self, name: str) -> list[tuple[str, int]]:
        """(country, id) of the organisations with this name."""
        return self.by_name.get(folded(name), [])


@dataclass
class Known:
    """All of it. ``ours`` are the organisations the actor speaks for; None: any."""

    terms: Terms
    names: Names
    words: Words
    ours: frozenset[int] | None
    keys: dict[str, tuple[int, frozenset[int]]]
    places: frozenset[int]
    programmes: Mapping[str, int] = field(default_factory=dict)
    closed: frozenset[int] = frozenset()  # of these programmes: no need enters them any more

    def may(self, organisation_ids: frozenset[int]) -> bool:
        """Whether the actor speaks for one of these."""
        return self.ours is None or bool(self.ours & organisation_ids)


def known_for(noun: ImportNoun, actor: Person, words: Words) -> Known:
    """Read what a sheet of ``noun`` is compared with: six statements."""
    offered = _programmes(noun)
    return Known(
        terms=read_terms(),
        names=_names(),
        words=words,
        ours=None if staff(actor, None) else frozenset(acts_for_ids(actor)),
        keys=_keys(noun),
        places=_places(noun),
        programmes={word: one.id for one in offered for word in _called(one)},
        closed=frozenset(one.id for one in offered if not one.open),
    )


def read_terms() -> Terms:
    """Every term by its code and by its words in any language; a code wins over words."""
    terms = Terms()
    rows = db.session.execute(select(Term.vocabulary, Term.code, Term.id, Term.labels)).all()
    for vocabulary, code, _id, labels in rows:
        for label in labels.values():
            terms.of(vocabulary).setdefault(folded(label), code)
    for vocabulary, code, term_id, _labels in rows:
        terms.of(vocabulary)[folded(code)] = code
        terms.ids[vocabulary, code] = term_id
    return terms


def _names() -> Names:
    names = Names()
    query = select(
        Organisation.id,
        Organisation.external_id,
        Organisation.folded_name,
        Organisation.country_code,
    )
    for row in db.session.execute(query.order_by(Organisation.id)):
        names.add(*row)
    return names


def _keys(noun: ImportNoun) -> dict[str, tuple[int, frozenset[int]]]:
    key, *columns = _OWNERS[noun]
    keys = {}
    for external_id, row_id, *owners in db.session.execute(select(key, *columns)):
        # What never had a key is exported, and found again, by its number here.
        for one in filter(None, (external_id, f"#{row_id}")):
            keys[one] = (row_id, frozenset(i for i in owners if i))
    return keys


def _places(noun: ImportNoun) -> frozenset[int]:
    if noun != ImportNoun.organisations:
        return frozenset()
    return frozenset(db.session.scalars(select(Place.id)))


def _programmes(noun: ImportNoun) -> list[Programme]:
    if noun != ImportNoun.needs:
        return []
    return [one for one in programmes() if one.code != GENERAL]


def _called(programme: Programme) -> set[str]:
    """What a programme is called in a sheet: its code, or its title in any language."""
    return {folded(words) for words in (programme.code, *programme.titles.values())}
