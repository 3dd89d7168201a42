"""Which conditions two rows meet: their languages, days, formats and papers, for those who read."""

from typing import Any

from exchange.catalogue.models import Listing, Need, Offer
from exchange.matching.core.constraints import Constraint, constraints
from exchange.matching.core.facts import NeedFacts, OfferFacts


def met(need: Need, offer: Offer) -> tuple[Constraint, ...]:
    """The conditions that somebody set and that this pair meets, from the two rows alone."""
    return constraints(NeedFacts(**_facts(need)), OfferFacts(**_facts(offer)))


def _facts(row: Listing) -> dict[str, Any]:
    return {
        "id": row.id,
        "languages": frozenset(term.code for term in row.tagged("language")),
        "formats": frozenset(term.code for term in row.tagged("format")),
        "interpretation": row.interpretation,
        "visa_letter": row.visa_letter,
        "funding": row.funding,
        "first_day": row.available_from,
        "last_day": row.available_until,
    }
