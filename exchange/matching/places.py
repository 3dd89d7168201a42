"""The places of an offer: taken and given back, each at most once for a match.

A place is counted by one conditional statement, so that two processes never give the last place
twice; the CHECK constraints of the tables hold the same. The caller commits.
"""

from typing import Any, cast

from sqlalchemy import CursorResult, update

from exchange.catalogue.actions import follow_places
from exchange.catalogue.models import Offer
from exchange.directory.models import Person
from exchange.extensions import db
from exchange.matching.models import Match


def take(match: Match) -> bool:
    """Keep a place of the offer for ``match``, which is locked; False when none is left."""
    if match.holds_place:
        return True
    # A held place changes nothing that other needs could gain from: the matcher need not look.
    taken = _execute(
        update(Offer)
        .where(Offer.id == match.offer_id, Offer.places_taken < Offer.places)
        .values(places_taken=Offer.places_taken + 1, updated_at=Offer.updated_at)
    )
    if taken:
        match.holds_place = True
        _forget(match)
    return taken


def release(match: Match, *, actor: Person | None) -> bool:
    """Give the place of ``match`` back; False when it held none. A second call changes nothing."""
    db.session.flush()
    held = _execute(
        update(Match).where(Match.id == match.id, Match.holds_place).values(holds_place=False)
    )
    if held:
        _execute(
            update(Offer)
            .where(Offer.id == match.offer_id)
            .values(places_taken=Offer.places_taken - 1)
        )
        db.session.expire(match, ["holds_place"])
        _forget(match)
        follow_places(match.offer, actor=actor)
    return held


def _execute(statement: Any) -> bool:
    """Run an UPDATE; whether it changed exactly one row."""
    options = {"synchronize_session": False}
    result = cast("CursorResult[Any]", db.session.execute(statement, execution_options=options))
    return bool(result.rowcount == 1)


def _forget(match: Match) -> None:
    db.session.expire(match.offer, ["places_taken", "updated_at"])
