"""From rows to facts: what the matcher reads, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select

from exchange.catalogue.models import Listing, Need, Offer, need_terms, offer_terms
from exchange.clock import now
from exchange.directory.models import Organisation
from exchange.extensions import db
from exchange.matching.facts import NeedFacts, OfferFacts, words_of
from exchange.matching.models import Match
from exchange.matching.queries import ASKED, TOGETHER
from exchange.vocabularies.models import Term
from workflows.match import MatchState
from workflows.need import NeedState
from workflows.offer import OfferState

# A pair that was refused is left alone for a year: people dislike to be asked the same again.
REFUSED_FOR = timedelta(days=365)

Codes = dict[str, frozenset[str]]


def need_facts(ids: Iterable[int] | None = None) -> list[NeedFacts]:
    """Facts of the published needs, or of these needs whatever their state; five statements."""
    wanted = _wanted(Need, ids, Need.state == NeedState.published)
    tags, regions = _tags(need_terms, wanted), _regions()
    found, refused, together = _history(wanted)
    return [
        NeedFacts(
            **_shared(row, tags[row.id], regions),
            published=row.state == NeedState.published,
            hosts_wanted=row.hosts_wanted,
            hosts_found=found[row.id],
            refused=frozenset(refused[row.id]),
            together=frozenset(together[row.id]),
        )
        for row in db.session.execute(_columns(Need, wanted, Need.hosts_wanted))
    ]


def offer_facts(ids: Iterable[int] | None = None) -> list[OfferFacts]:
    """Facts of the published offers, or of these offers whatever their state; five statements."""
    wanted = _wanted(Offer, ids, Offer.state == OfferState.published)
    tags, regions, hosts = _tags(offer_terms, wanted), _regions(), _hosts()
    return [
        OfferFacts(
            **_shared(row, tags[row.id], regions),
            published=row.state == OfferState.published,
            places=row.places,
            places_taken=row.places_taken,
            newcomer=row.organisation_id not in hosts,
        )
        for row in db.session.execute(_columns(Offer, wanted, Offer.places, Offer.places_taken))
    ]


def _wanted(model: type[Listing], ids: Iterable[int] | None, published: Any) -> Any:
    return published if ids is None else model.id.in_(list(ids))


def _columns(model: type[Listing], wanted: Any, *more: Any) -> Select[Any]:
    shared = (
        model.id,
        model.organisation_id,
        model.state,  # type: ignore[attr-defined]
        model.title,
        model.text,
        model.interpretation,
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
        "themes": tags.get("theme", frozenset()),
        "sdg_targets": tags.get("sdg_target", frozenset()),
        "agendas": tags.get("agenda", frozenset()),
        "formats": tags.get("format", frozenset()),
        "languages": tags.get("language", frozenset()),
        "interpretation": row.interpretation,
        "first_day": row.available_from,
        "last_day": row.available_until,
        "words": words_of(row.title, row.text),
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


def _hosts() -> set[int]:
    """Ids of the organisations that have an agreed match as hosts."""
    query = select(Offer.organisation_id).join(Match, Match.offer_id == Offer.id)
    return set(db.session.scalars(query.where(Match.state.in_(TOGETHER)).distinct()))


def _history(wanted: Any) -> tuple[Any, Any, Any]:
    """By need: how many hosts are agreed, which offers were refused lately, which are asked."""
    found: dict[int, int] = defaultdict(int)
    refused: dict[int, set[int]] = defaultdict(set)
    together: dict[int, set[int]] = defaultdict(set)
    columns = (Match.need_id, Match.offer_id, Match.state, Match.state_since, Match.decline_code)
    query = select(*columns).join(Need, Need.id == Match.need_id).where(wanted)
    since = now() - REFUSED_FOR
    for need_id, offer_id, state, at, code in db.session.execute(query):
        if state in (*ASKED, *TOGETHER):
            together[need_id].add(offer_id)
            found[need_id] += state in TOGETHER
        elif _is_refusal(state, code) and at > since:
            refused[need_id].add(offer_id)
    return found, refused, together


def _is_refusal(state: MatchState, code: str) -> bool:
    """A no, a silence, or an officer's withdrawal. What the program withdrew may come again."""
    said_no = (MatchState.declined, MatchState.lapsed)
    return state in said_no or (state == MatchState.withdrawn and bool(code))
