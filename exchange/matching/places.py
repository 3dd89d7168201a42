"""What a match holds: a place of its offer, and one of the hosts that its need wants.

Both are taken together and given back at most once. Each is counted by one conditional statement,
so that two processes never give the last place twice; the CHECK constraints of the tables hold the
same. The offer always comes before the need. The caller commits.
"""

from typing import Any, cast

from sqlalchemy import CursorResult, update

from exchange.catalogue.actions import follow_places
from exchange.catalogue.models import Need, Offer
from exchange.directory.models import Person
from exchange.extensions import db
from exchange.matching.models import Match
from workflows import guards

# What is missing when nothing could be taken: facts that the moves of a match depend on.
NO_PLACE = guards.holds_a_place.__name__
NO_HOST = guards.holds_a_host.__name__


def take(match: Match) -> str | None:
    """Hold a place and a host for ``match``, which is locked.

    :returns: None when both are held; else the fact that is missing, and nothing more is held
        than before.
    """
    took_place = not match.holds_place
    if took_place and not _take_place(match.offer_id):
        return NO_PLACE
    if not match.holds_host and not _take_host(match.need_id):
        if took_place:
            _give_place(match.offer_id, updated_at=Offer.updated_at)
        return NO_HOST
    match.holds_place = match.holds_host = True
    _forget(match)
    return None


def release(match: Match, *, actor: Person | None) -> bool:
    """Give back all that ``match`` holds; False when it held nothing. Again changes nothing."""
    place = release_place(match, actor=actor)
    db.session.flush()
    host = _execute(
        update(Match).where(Match.id == match.id, Match.holds_host).values(holds_host=False)
    )
    if host:
        _give_host(match.need_id)
        db.session.expire(match, ["holds_host"])
        _forget(match)
    return place or host


def release_place(match: Match, *, actor: Person | None) -> bool:
    """Give back the place of the offer only: its exchange is over, and the need has its host."""
    db.session.flush()
    held = _execute(
        update(Match).where(Match.id == match.id, Match.holds_place).values(holds_place=False)
    )
    if held:
        # A free place is news for other needs: the offer counts as changed, the matcher looks.
        _give_place(match.offer_id)
        db.session.expire(match, ["holds_place"])
        _forget(match)
        follow_places(match.offer, actor=actor)
    return held


def _take_place(offer_id: int) -> bool:
    # A held place changes nothing that other needs could gain from: the matcher need not look.
    return _execute(
        update(Offer)
        .where(
            Offer.id == offer_id,
            Offer.places_taken < Offer.places,
            Offer.paused_until.is_(None),
        )
        .values(places_taken=Offer.places_taken + 1, updated_at=Offer.updated_at)
    )


def _give_place(offer_id: int, **also: Any) -> bool:
    return _execute(
        update(Offer)
        .where(Offer.id == offer_id, Offer.places_taken > 0)
        .values(places_taken=Offer.places_taken - 1, **also)
    )


def _take_host(need_id: int) -> bool:
    return _execute(
        update(Need)
        .where(Need.id == need_id, Need.hosts_held < Need.hosts_wanted)
        .values(hosts_held=Need.hosts_held + 1, updated_at=Need.updated_at)
    )


def _give_host(need_id: int) -> bool:
    # Nobody changed the need, but it looks for one more: the matcher has not seen it so.
    return _execute(
        update(Need)
        .where(Need.id == need_id, Need.hosts_held > 0)
        .values(hosts_held=Need.hosts_held - 1, updated_at=Need.updated_at, examined_at=None)
    )


def _execute(statement: Any) -> bool:
    """Run an UPDATE; whether it changed exactly one row."""
    options = {"synchronize_session": False}
    result = cast("CursorResult[Any]", db.session.execute(statement, execution_options=options))
    return bool(result.rowcount == 1)


def _forget(match: Match) -> None:
    db.session.expire(match.offer, ["places_taken", "updated_at"])
    db.session.expire(match.need, ["hosts_held", "updated_at", "examined_at"])
