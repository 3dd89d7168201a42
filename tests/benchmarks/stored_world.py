"""The synthetic world as rows of a database, written in a few statements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select

from exchange.catalogue.models import Need, Offer, need_terms, offer_terms
from exchange.clock import now
from exchange.directory.models import Level, Organisation, OrganisationKind
from exchange.extensions import db
from exchange.matching.core.facts import SideFacts
from exchange.vocabularies.models import Term
from tests.benchmarks.world import World
from workflows.need import NeedState
from workflows.offer import OfferState

# vocabulary → the set of a side that holds its codes
TAGS = {
    "theme": "themes",
    "sdg_target": "sdg_targets",
    "agenda": "agendas",
    "format": "formats",
    "language": "languages",
}


def store(world: World) -> None:
    """Write needs and offers, published, as if the matcher had looked at each of them already."""
    sides = [*world.needs, *world.offers]
    known = _organisations(sides), _terms(sides)
    wanted = [{"hosts_wanted": n.hosts_wanted, "state": NeedState.published} for n in world.needs]
    given = [{"places": o.places, "state": OfferState.published} for o in world.offers]
    _listings(Need, need_terms, list(zip(world.needs, wanted, strict=True)), known)
    _listings(Offer, offer_terms, list(zip(world.offers, given, strict=True)), known)
    db.session.commit()


def _organisations(sides: Sequence[SideFacts]) -> dict[Any, int]:
    facts = {side.organisation_id: side for side in sides}
    rows = [
        {
            "name": f"City {number}",
            "folded_name": f"city {number}",
            "kind": OrganisationKind.local_government,
            "level": Level.city,
            "country_code": side.country,
            "population": side.population,
        }
        for number, side in facts.items()
    ]
    made = db.session.scalars(insert(Organisation).returning(Organisation.id), rows)
    return dict(zip(facts, made.all(), strict=True))


def _terms(sides: Sequence[SideFacts]) -> dict[tuple[str, str], int]:
    wanted = {
        (name, code) for side in sides for name, tag in TAGS.items() for code in getattr(side, tag)
    }
    query = select(Term.vocabulary, Term.code, Term.id).where(Term.vocabulary.in_(TAGS))
    known = {(row.vocabulary, row.code): row.id for row in db.session.execute(query)}
    new = sorted(wanted - known.keys())
    rows = [{"vocabulary": name, "code": code, "labels": {"en": code}} for name, code in new]
    if rows:
        made = db.session.scalars(insert(Term).returning(Term.id), rows)
        known |= dict(zip(new, made.all(), strict=True))
    return known


def _listings(
    model: Any, links: Any, sides: Sequence[tuple[SideFacts, dict[str, Any]]], known: Any
) -> None:
    cities, terms = known
    rows = [
        {
            "organisation_id": cities[side.organisation_id],
            "title": side.title or side.text[:60],
            "text": side.text,
            "language": side.language,
            "interpretation": side.interpretation,
            "visa_letter": side.visa_letter,
            "funding": side.funding,
            "available_from": side.first_day,
            "available_until": side.last_day,
            "examined_at": now(),
            **own,
        }
        for side, own in sides
    ]
    made = db.session.scalars(insert(model).returning(model.id, sort_by_parameter_order=True), rows)
    owner = links.c[0].name
    tagged = [
        {owner: key, "term_id": terms[name, code]}
        for key, (side, _own) in zip(made.all(), sides, strict=True)
        for name, tag in TAGS.items()
        for code in sorted(getattr(side, tag))
    ]
    db.session.execute(insert(links), tagged)
