"""Needs and offers of others that an organisation wants to find again. The caller commits."""

from typing import Any

from sqlalchemy import Select, select

from exchange.catalogue.models import Favourite, Need, Offer
from exchange.directory.models import Person, Role
from exchange.directory.queries import acts_for_ids
from exchange.errors import Invalid, NotAllowed
from exchange.extensions import db


def toggle(row: Need | Offer, *, actor: Person) -> bool:
    """Keep ``row`` as a favourite of the actor's organisation, or no longer; whether it is one now.

    :raises NotAllowed: the actor speaks for no organisation.
    :raises Invalid: the row is the organisation's own.
    """
    own = actor.organisation_ids(Role.coordinator)
    if not own:
        raise NotAllowed("not_yours")
    if row.organisation_id in acts_for_ids(actor):
        raise Invalid("id", "own_listing")
    there = list(db.session.scalars(_of(row).where(Favourite.organisation_id.in_(own))))
    for one in there:
        db.session.delete(one)
    if not there:
        key = {"need_id": row.id} if isinstance(row, Need) else {"offer_id": row.id}
        db.session.add(Favourite(organisation_id=min(own), person_id=actor.id, **key))
    db.session.flush()
    return not there


def favourites_of(actor: Person | None) -> tuple[set[int], set[int]]:
    """The ids of the needs and of the offers that the actor's organisations keep."""
    own = actor.organisation_ids() if actor else set()
    query = select(Favourite.need_id, Favourite.offer_id).where(Favourite.organisation_id.in_(own))
    rows = list(db.session.execute(query)) if own else []
    needs = {need_id for need_id, _offer_id in rows if need_id is not None}
    return needs, {offer_id for _need_id, offer_id in rows if offer_id is not None}


def favourite_offers(organisation_id: int) -> set[int]:
    """The ids of the offers that an organisation keeps."""
    query = select(Favourite.offer_id).where(
        Favourite.organisation_id == organisation_id, Favourite.offer_id.is_not(None)
    )
    return {one for one in db.session.scalars(query) if one is not None}


def _of(row: Need | Offer) -> Select[Any]:
    column = Favourite.need_id if isinstance(row, Need) else Favourite.offer_id
    return select(Favourite).where(column == row.id)
