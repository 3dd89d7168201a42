"""The hard rules of matching: a pair that breaks one is absent, never merely penalised.

A new rule is a function and a line in the table. It says which facts it reads (``need_says``,
``offer_says``): the finder of candidates then asks it once for each two different answers, not for
each pair. Rules whose facts differ from row to row name none; ``view.py`` has their arrays, and
tests hold the two to be equal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from exchange.matching.core.facts import NeedFacts, OfferFacts


@dataclass(frozen=True)
class HardRule:
    """A condition without which there is no match."""

    code: str
    holds: Callable[[NeedFacts, OfferFacts], bool]
    need_says: tuple[str, ...] = ()
    offer_says: tuple[str, ...] = ()


def both_published(need: NeedFacts, offer: OfferFacts) -> bool:
    """Both can be read by the network."""
    return need.published and offer.published


def another_organisation(need: NeedFacts, offer: OfferFacts) -> bool:
    """Nobody learns from itself; whose organisation is not known may be anybody."""
    return need.organisation_id is None or need.organisation_id != offer.organisation_id


def not_together_yet(need: NeedFacts, offer: OfferFacts) -> bool:
    """No live match joins them already."""
    return offer.id not in need.together


def not_declined_lately(need: NeedFacts, offer: OfferFacts) -> bool:
    """Nobody said no to this pair in the last months."""
    return offer.id not in need.refused


def a_host_is_wanted(need: NeedFacts, offer: OfferFacts) -> bool:
    """The need has not found all its hosts."""
    return need.open_places > 0


def a_place_is_left(need: NeedFacts, offer: OfferFacts) -> bool:
    """The offer can still host somebody."""
    return offer.open_places > 0


def a_common_language(need: NeedFacts, offer: OfferFacts) -> bool:
    """They share a working language, one can work through an interpreter, or one names none."""
    if need.interpretation or offer.interpretation:
        return True
    return not need.languages or not offer.languages or bool(need.languages & offer.languages)


def windows_overlap(need: NeedFacts, offer: OfferFacts) -> bool:
    """There is a day that suits both; an open end suits always."""
    return _before(need.first_day, offer.last_day) and _before(offer.first_day, need.last_day)


def a_common_format(need: NeedFacts, offer: OfferFacts) -> bool:
    """They share a format of exchange, or one of them is open to any."""
    return not need.formats or not offer.formats or bool(need.formats & offer.formats)


def visa_letter(need: NeedFacts, offer: OfferFacts) -> bool:
    """Who must have a letter for the visa gets one."""
    return offer.visa_letter or not need.visa_letter


def funding(need: NeedFacts, offer: OfferFacts) -> bool:
    """Who cannot pay for the exchange is paid for."""
    return offer.funding or not need.funding


def _before(first: date | None, last: date | None) -> bool:
    return first is None or last is None or first <= last


# Cheap and decisive rules come first: each counts what the ones before it left.
HARD: tuple[HardRule, ...] = (
    HardRule("both_published", both_published, ("published",), ("published",)),
    HardRule("another_organisation", another_organisation),
    HardRule("not_together_yet", not_together_yet),
    HardRule("not_declined_lately", not_declined_lately),
    HardRule("a_host_is_wanted", a_host_is_wanted, ("open_places",)),
    HardRule("a_place_is_left", a_place_is_left, (), ("open_places",)),
    HardRule(
        "a_common_language",
        a_common_language,
        ("languages", "interpretation"),
        ("languages", "interpretation"),
    ),
    HardRule("windows_overlap", windows_overlap),
    HardRule("a_common_format", a_common_format, ("formats",), ("formats",)),
    HardRule("visa_letter", visa_letter, ("visa_letter",), ("visa_letter",)),
    HardRule("funding", funding, ("funding",), ("funding",)),
)
