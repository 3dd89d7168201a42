"""Why a pair fits, why another does not, and what would help a need that has no match."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exchange.catalogue.models import Need, Offer
from exchange.matching import loading, settings
from exchange.matching.core.ranking import Verdict
from exchange.matching.shelf import shelf
from exchange.matching.tagging import suggest_tags

if TYPE_CHECKING:
    from exchange.matching.core.why import Change, WhyNot


@dataclass(frozen=True)
class WhyNone:
    """What removed the offers from a need's list, and which change would bring most back.

    ``removed`` counts by rule, each what the ones before it left; with ``fits``, the offers that
    are left, they are ``looked_at``. ``changes``: the one that gains most offers first.
    """

    looked_at: int
    fits: int
    removed: Mapping[str, int]
    changes: Sequence["Change"]


def explain(need: Need, offer: Offer) -> Verdict:
    """All that the rules say of a pair, whether it fits or not, published or not."""
    return why_not(need, offer).verdict


def why_not(need: Need, offer: Offer) -> "WhyNot":
    """The same, with what the need could change for the pair to fit."""
    from exchange.matching.core import why  # late: numpy, for who matches
    from exchange.matching.core.market import Marketplace

    (wanted,), (shown,) = loading.need_facts([need.id]), loading.offer_facts([offer.id])
    market = Marketplace.of([], [shown], settings.current(), shelf().encoder())
    return why.why_not(market, wanted, offer.id)


def why_none(need: Need) -> WhyNone:
    """What kept offers away from a need as it is written now, and what would help."""
    from exchange.matching.core.why import changes  # late: numpy, for who matches

    market = shelf().market(settings.current())
    (wanted,) = loading.need_facts([need.id])
    ranking = market.rank(wanted, 0)
    spoken_of = [code for code, _ in suggest_tags(need.title, need.text, need.language)["themes"]]
    helps = changes(market, wanted, themes=spoken_of)
    return WhyNone(ranking.looked_at, ranking.fitting, ranking.removed, helps)
