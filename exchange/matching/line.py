"""The waiting list of a need: who is asked next when one of those who were asked says no.

The first of its suggestions have a number, from 1 without gaps, the others none. Every move of a
match and every new list numbers again. The caller holds the need locked and commits.
"""

from exchange.catalogue.favourites import favourite_offers
from exchange.catalogue.models import Need
from exchange.matching import queries, settings
from exchange.matching.models import Match
from workflows.match import MatchState


def suggestions(need: Need) -> list[Match]:
    """The suggestions of a need in the order in which they are asked: what an officer suggested
    by hand, because people know what rules do not; then the favourites of the city; then as they
    were ranked."""
    liked = favourite_offers(need.organisation_id)
    found = queries.matches_of(need, MatchState.suggested)
    return sorted(
        found, key=lambda match: (not match.by_officer, match.offer_id not in liked, *_order(match))
    )


def refresh(need: Need) -> None:
    """Number the line anew; rows that keep their number are not touched."""
    longest = settings.current().waiting
    for number, match in enumerate(suggestions(need), 1):
        wanted = number if number <= longest else None
        if match.waiting != wanted:
            match.waiting = wanted


def _order(match: Match) -> tuple[bool, int, int, int]:
    return (match.position == 0, match.position, -match.score, match.id)
