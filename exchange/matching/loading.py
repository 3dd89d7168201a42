"""From rows to facts: what the matcher reads, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, select

from exchange.catalogue.models import Listing, Need, Offer, need_terms, offer_terms
from exchange.directory.models import Organisation
from exchange.extensions import db
from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.history import History, history
from exchange.matching.models import Match
from exchange.matching.queries import TOGETHER
from exchange.vocabularies.models import Term
from workflows.need import NeedState
from workflows.offer import OfferState

Codes = dict[str, frozenset[str]]


def need_facts(ids: Collection[int] | None = None, *, for_run: bool = False) -> list[NeedFacts]:
    """Facts of the published needs, or of these needs whatever their state; five statements.

    :param for_run: a run gives away what nobody is asked for yet, so whoever is asked counts as
        found; a list of suggestions goes on while somebody is asked.
    """
    wanted = _wanted(Need, ids, Need.state == NeedState.published)
    tags, regions, past = _tags(need_terms, wanted), _regions(), history(ids)
    more = (Need.hosts_wanted, Need.hosts_held, Need.passed_over)
    facts = [
        NeedFacts(
            **_shared(row, tags[row.id], regions),
            published=row.state == NeedState.published,
            hosts_wanted=row.hosts_wanted,
            hosts_found=row.hosts_held,
            passed_over=row.passed_over,
        )
        for row in db.session.execute(_columns(Need, wanted, *more))
    ]
    return [with_history(one, past[int(one.id)], for_run=for_run) for one in facts]


def with_history(facts: NeedFacts, past: History, *, for_run: bool = False) -> NeedFacts:
    """The facts of a need with what its earlier matches say now."""
    return replace(
        facts,
        hosts_found=facts.hosts_found if for_run else past.hosts_found,
        refused=frozenset(past.refused),
        lowered=frozenset(past.lowered),
        together=frozenset(past.together),
    )


def offer_facts(ids: Collection[int] | None = None) -> list[OfferFacts]:
    """Facts of the published offers, or of these offers whatever their state; four statements."""
    wanted = _wanted(Offer, ids, Offer.state == OfferState.published)
    tags, regions, known = _tags(offer_terms, wanted), _regions(), hosts()
    more = (Offer.places, Offer.places_taken, Offer.votes, Offer.stars, Offer.paused_until)
    return [
        OfferFacts(
            **_shared(row, tags[row.id], regions),
            published=row.state == OfferState.published,
            places=row.places,
            # A host that pauses has no place for anybody new, whatever its number of places.
            places_taken=row.places_taken if row.paused_until is None else row.places,
            votes=row.votes,
            stars=row.stars,
            newcomer=row.organisation_id not in known,
        )
        for row in db.session.execute(_columns(Offer, wanted, *more))
    ]


def _wanted(model: type[Listing], ids: Collection[int] | None, published: Any) -> Any:
    return published if ids is None else model.id.in_(list(ids))


def _columns(model: type[Listing], wanted: Any, *more: Any) -> Select[Any]:
    shared = (
        model.id,
        model.organisation_id,
        model.state,
        model.title,
        model.text,
        model.language,
        model.interpretation,
        model.visa_letter,
        model.funding,
        model.available_from,
        model.available_until,
        Organisation.population,
        Organisation.country_code,
    )
    joined = select(*shared, *more).join(Organisation, Organisation.id == model.organisation_id)
    return joined.where(wanted).order_by(model.id)


def _shared(row: Any, tags: Codes, regions: Mapping[str, str]) -> dict[str, Any]:
    country = row.country_code or ""
    return {
        "id": row.id,
        "organisation_id": row.organisation_id,
        "title": row.title,
        "text": row.text,
        "language": row.language,
        "themes": tags.get("theme", frozenset()),
        "sdg_targets": tags.get("sdg_target", frozenset()),
        "agendas": tags.get("agenda", frozenset()),
        "formats": tags.get("format", frozenset()),
        "languages": tags.get("language", frozenset()),
        "interpretation": row.interpretation,
        "visa_letter": row.visa_letter,
        "funding": row.funding,
        "first_day": row.available_from,
        "last_day": row.available_until,
        "population": row.population,
        "country": country,
        "region": regions.get(country, ""),
    }


def _tags(link: Any, wanted: Any) -> Mapping[int, Codes]:
    owner = next(column for column in link.c if column.name != "term_id")
    listing = Need if owner.name == "need_id" else Offer
    query = (
        select(owner, Term.vocabulary, Term.code)
        .join(Term, Term.id == link.c.term_id)
        .join(listing, listing.id == owner)
        .where(wanted)
    )
    found: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row_id, vocabulary, code in db.session.execute(query):
        found[row_id][vocabulary].add(code)
    frozen = {i: {v: frozenset(c) for v, c in codes.items()} for i, codes in found.items()}
    return defaultdict(dict, frozen)


def _regions() -> dict[str, str]:
    """Country code → section of the world association that its cities belong to."""
    query = select(Term.code, Term.facts).where(Term.vocabulary == "country")
    return {code: facts.get("section", "") for code, facts in db.session.execute(query)}


def hosts() -> set[int]:
    """Ids of the organisations that have an agreed match as hosts."""
    query = select(Offer.organisation_id).join(Match, Match.offer_id == Offer.id)
    return set(db.session.scalars(query.where(Match.state.in_(TOGETHER)).distinct()))
