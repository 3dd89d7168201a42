"""The engine in memory on the facts of a run, as they were before its pairs were asked about."""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from exchange.extensions import db
from exchange.matching import loading
from exchange.matching.core.assignment import assign
from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import Key, NeedFacts, OfferFacts, Wishes
from exchange.matching.core.market import Marketplace
from exchange.matching.core.pairs import stable_hash
from exchange.matching.models import Match
from exchange.matching.queries import ASKED, TOGETHER
from exchange.matching.shelf import shelf
from exchange.runs.coverage import Served, coverage
from exchange.runs.loading import wishes
from exchange.runs.models import Run, RunPair


@dataclass(frozen=True)
class Facts:
    """What is looked at: ``needs`` and ``offers`` of so many."""

    needs: Sequence[NeedFacts]
    offers: Sequence[OfferFacts]
    wishes: Wishes
    needs_of: int
    offers_of: int
    corpus: str


@dataclass(frozen=True)
class Result:
    """What one version of the settings comes to; ``scores``: need → offer → score of the pair."""

    scores: Mapping[int, Mapping[int, int]]
    total: int
    coverage: Mapping[str, Served]
    certified: bool


def facts_of(need_ids: Sequence[int], run: Run | None, *, most: int) -> Facts:
    """The facts of these needs and all offers, as if nobody had been asked about the pairs of
    ``run``; of more than ``most`` needs a sample, and of the offers the same share.
    """
    live = _live_pairs(run)
    share = min(most / max(len(need_ids), 1), 1.0)
    needs = _needs(_sampled(need_ids, share), live)
    offers = _offers(live)
    return Facts(
        needs=needs,
        offers=[offer for offer in offers if _is_in(offer.id, share)],
        wishes=wishes(need_ids),
        needs_of=len(need_ids),
        offers_of=len(offers),
        corpus=shelf().encoder_of_now()[1],
    )


def result(facts: Facts, configuration: Configuration, *, seconds: float) -> Result:
    """The best run over these facts, within the time."""
    found = assign(_market(facts, configuration), facts.wishes, seconds=seconds)
    scores: dict[int, dict[int, int]] = defaultdict(dict)
    for pair in found.pairs:
        scores[int(pair.need)][int(pair.offer)] = pair.score
    served: set[Key] = set(scores)
    return Result(scores, found.total, coverage(facts.needs, served), found.certified)


_lock = threading.Lock()
_last: list[tuple[Facts, Marketplace]] = []


def _market(facts: Facts, configuration: Configuration) -> Marketplace:
    """The market of these facts; the last one is kept, for whoever turns one knob after another."""
    with _lock:
        if not _last or _last[0][0] != facts:
            encoder, _corpus = shelf().encoder_of_now()
            made = Marketplace.of(facts.needs, facts.offers, configuration, encoder)
            _last[:] = [(facts, made)]
        return _last[0][1].with_configuration(configuration)


def _live_pairs(run: Run | None) -> list[tuple[int, int]]:
    """The pairs of a run whose cities are asked or have agreed."""
    if run is None:
        return []
    of_run = (RunPair.need_id == Match.need_id) & (RunPair.offer_id == Match.offer_id)
    query = (
        select(Match.need_id, Match.offer_id)
        .join(RunPair, of_run)
        .where(RunPair.run_id == run.id, Match.state.in_((*ASKED, *TOGETHER)))
    )
    return [(row.need_id, row.offer_id) for row in db.session.execute(query)]


def _needs(ids: Sequence[int], live: Iterable[tuple[int, int]]) -> list[NeedFacts]:
    """Published needs, and those that this run brought further; without what it brought them."""
    hosts: dict[Any, set[Key]] = defaultdict(set)
    for need_id, offer_id in live:
        hosts[need_id].add(offer_id)
    return [
        replace(
            one,
            published=True,
            hosts_found=max(one.hosts_found - len(hosts[one.id]), 0),
            together=one.together - hosts[one.id],
        )
        for one in loading.need_facts(ids, for_run=True)
        if one.published or hosts[one.id]
    ]


def _offers(live: Iterable[tuple[int, int]]) -> list[OfferFacts]:
    """Published offers, and those that this run has filled; with the places that it took."""
    taken = Counter(offer_id for _need_id, offer_id in live)
    offers = {int(one.id): one for one in shelf().offers()}
    filled = sorted(taken.keys() - offers.keys())
    offers |= {int(one.id): one for one in (loading.offer_facts(filled) if filled else [])}
    return [
        replace(one, published=True, places_taken=max(one.places_taken - taken[key], 0))
        if key in taken
        else one
        for key, one in offers.items()
    ]


def _sampled(ids: Sequence[int], share: float) -> list[int]:
    return [key for key in ids if _is_in(key, share)]


def _is_in(key: Key, share: float) -> bool:
    """Whether a row is in a sample of this share: the same rows each time."""
    return stable_hash(key) < share * 2**32
