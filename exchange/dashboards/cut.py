"""What part of the network the figures are of: a programme, an officer's exchanges, a section."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, literal, select, true, union_all

from exchange.catalogue.models import Need
from exchange.directory.models import Person, StaffRole
from exchange.directory.queries import section_organisations
from exchange.exchanges import queries as exchanges
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.matching import queries as matching
from exchange.matching.models import Match
from exchange.policy import is_everything, scoped
from exchange.programmes.models import GENERAL, Programme
from exchange.visits.models import Visit
from exchange.vocabularies.models import Term

EVERYBODY = "all"


@dataclass(frozen=True)
class Cut:
    """None of a field means all."""

    section: str | None = None
    owner: int | None = None
    programme_id: int | None = None

    def query(self, *names: str) -> dict[str, Any]:
        """The part of an address that narrows a list in the same way; only ``names`` if given."""
        of = {"section": self.section, "owner": self.owner, "programme_id": self.programme_id}
        return {k: v for k, v in of.items() if v and (not names or k in names)}


@dataclass
class Choices:
    """What the filter bar offers: keys and words (or words by language); and whether the actor
    follows exchanges."""

    officers: list[tuple[str, str]] = field(default_factory=list)
    programmes: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sections: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    owns_some: bool = False


def choices(actor: Person | None) -> Choices:
    """What can be chosen; one statement."""
    found = Choices()
    officer, programme, section = (literal(word) for word in ("officer", "programme", "section"))
    staffed = Person.staff_role.is_not(None) & Person.disabled_at.is_(None)
    owned = select(Exchange.id).where(Exchange.owner_id == (actor.id if actor else 0)).limit(1)
    parts = union_all(
        select(officer, cast(Person.id, String), Person.name).where(staffed),
        select(programme, cast(Programme.id, String), cast(Programme.titles, String)).where(
            Programme.code != GENERAL
        ),
        select(section, Term.code, cast(Term.labels, String)).where(
            Term.vocabulary == "section", Term.retired_at.is_(None)
        ),
        select(literal("mine"), cast(owned.scalar_subquery(), String), literal("")),
    )
    for kind, key, words in db.session.execute(parts):
        if kind == "officer":
            found.officers.append((key, words))
        elif kind == "mine":
            found.owns_some = key is not None
        else:
            known = found.programmes if kind == "programme" else found.sections
            known.append((key, json.loads(words)))
    return found


def cut_for(actor: Person | None, asked: Mapping[str, Any], *, mine: bool = False) -> Cut:
    """The cut that ``asked`` names. An officer of a section sees the own section and no other.

    :param mine: without a word about the owner, the actor's own exchanges are meant.
    """
    own = actor.section_code if actor and actor.staff_role == StaffRole.section_officer else None
    owner = asked.get("owner") or ""
    if owner == EVERYBODY or not owner:
        owner = actor.id if mine and not owner and actor else None
    programme = asked.get("programme_id")
    return Cut(own or asked.get("section") or None, int(owner) if owner else None, programme)


def within(model: Any, actor: Person | None, cut: Cut) -> Select[Any]:
    """What the actor may know of, narrowed. Needs and matches are no officer's."""
    query: Select[Any] = scoped(model, actor)
    if model is Exchange:
        return exchanges.narrowed(query, cut.query(), actor)
    if model is Visit and cut.query():
        chosen = exchanges.narrowed(select(Exchange.id), cut.query(), actor)
        return query.where(Visit.exchange_id.in_(chosen))
    if model is Need:
        return _needs(query, cut)
    if model is Match:
        query = query.where(matching.of_section(cut.section)) if cut.section else query
        programme = Match.need.has(programme_id=cut.programme_id)
        return query.where(programme) if cut.programme_id else query
    return query


def among(column: Any, actor: Person | None, cut: Cut) -> ColumnElement[bool]:
    """A column that names exchanges names one of these; whoever may know of all asks nothing."""
    ids = within(Exchange, actor, cut).with_only_columns(Exchange.id)
    return true() if is_everything(ids) else column.in_(ids)


def _needs(query: Select[Any], cut: Cut) -> Select[Any]:
    if cut.section:
        query = query.where(Need.organisation_id.in_(section_organisations(cut.section)))
    return query.where(Need.programme_id == cut.programme_id) if cut.programme_id else query
