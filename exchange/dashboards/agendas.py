"""Challenges and opportunities by global agenda: what is difficult, needed, offered, proposed,
taught and recommended for each. Every figure counts the rows of the list that it opens."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all

from exchange.catalogue import queries as catalogue
from exchange.catalogue.models import Need, Offer
from exchange.challenges import queries as challenges
from exchange.challenges.models import Challenge
from exchange.directory.models import Person
from exchange.extensions import db
from exchange.modules import queries as modules
from exchange.modules.models import Module, ModuleTopic
from exchange.policy import scoped
from exchange.recommendations import queries as recommendations
from exchange.recommendations.models import Recommendation
from exchange.vocabularies.models import Term
from workflows.need import NeedState
from workflows.offer import OfferState


class Side(StrEnum):
    """What is counted, from what is difficult to what is done about it."""

    challenges = auto()
    needs = auto()
    offers = auto()
    topics = auto()
    modules = auto()
    recommendations = auto()


# Which rows of a list are counted: the filters that its address carries beside the agenda.
ASKED: dict[Side, dict[str, str]] = {
    Side.challenges: {},
    Side.needs: {"state": NeedState.published},
    Side.offers: {"state": OfferState.published},
    Side.topics: {},
    Side.modules: {},
    Side.recommendations: {},
}


@dataclass(frozen=True)
class Line:
    """One agenda, or a commitment within one, with its figures."""

    term: Term
    figures: Mapping[Side, int] = field(default_factory=Counter)


def by_agenda(actor: Person | None) -> list[Line]:
    """Every agenda, and the commitments within them that something is tagged with, of what
    ``actor`` may know of. Two statements, however many rows there are."""
    found: dict[int, Counter[Side]] = {}
    parts = (_counted(side, query, model) for side, (query, model) in _rows(actor).items())
    for side, term_id, number in db.session.execute(union_all(*parts)):
        found.setdefault(term_id, Counter())[Side(side)] = number
    query = select(Term).where(Term.vocabulary == "agenda").order_by(Term.position, Term.id)
    terms = db.session.scalars(query)
    return [
        Line(term, found.get(term.id, Counter()))
        for term in terms
        if term.id in found or (term.parent_id is None and term.retired_at is None)
    ]


def _rows(actor: Person | None) -> dict[Side, tuple[Select[Any], Any]]:
    """The rows of each list, as the list narrows them."""

    def seen(side: Side, listed: Any, model: Any) -> tuple[Select[Any], Any]:
        return listed(scoped(model, actor), ASKED[side]), model

    def of_catalogue(side: Side, model: Any) -> tuple[Select[Any], Any]:
        query: Select[Any] = scoped(model, actor)
        return catalogue.narrowed(query, model, ASKED[side], actor), model

    return {
        Side.challenges: seen(Side.challenges, challenges.listed, Challenge),
        Side.needs: of_catalogue(Side.needs, Need),
        Side.offers: of_catalogue(Side.offers, Offer),
        Side.topics: seen(Side.topics, modules.topics, ModuleTopic),
        Side.modules: seen(Side.modules, modules.listed, Module),
        Side.recommendations: seen(Side.recommendations, recommendations.listed, Recommendation),
    }


def _counted(side: Side, query: Select[Any], model: Any) -> Select[Any]:
    """(side, id of a term, how many rows are tagged with it)."""
    link = model.terms.property.secondary
    row_id = link.c[f"{model.__tablename__}_id"]
    ids = query.with_only_columns(model.id).order_by(None)
    agendas = select(Term.id).where(Term.vocabulary == "agenda")
    counted = select(literal(str(side)), link.c.term_id, func.count())
    return counted.where(row_id.in_(ids), link.c.term_id.in_(agendas)).group_by(link.c.term_id)
