"""Hosts that take nobody new for a while. The caller commits."""

from datetime import date

from sqlalchemy import select

from exchange import events, steps
from exchange.catalogue.actions import FINISHED
from exchange.catalogue.models import Offer
from exchange.clock import today
from exchange.errors import Invalid, NotAllowed
from exchange.extensions import db


def pause(offer: Offer, until: date) -> Offer:
    """Take nobody new before a day. Who is asked or has agreed stays so.

    :raises Invalid: the day is not to come.
    :raises NotAllowed: ``finished``, the offer is fulfilled or withdrawn.
    """
    if until <= today():
        raise Invalid("paused_until", "pause_past")
    return _set(offer, until)


def resume(offer: Offer) -> Offer:
    """Take guests again from now on."""
    return _set(offer, None)


def resume_due(today: date, *, limit: int = 500) -> int:
    """Take away the pauses that are over; return how many. The matcher looks at these offers."""
    over = select(Offer).where(Offer.paused_until <= today).order_by(Offer.id).limit(limit)
    found = list(db.session.scalars(over.with_for_update()))
    for offer in found:
        resume(offer)
    return len(found)


def _set(offer: Offer, until: date | None) -> Offer:
    steps.lock(offer)
    if offer.state in FINISHED:
        raise NotAllowed("finished")
    offer.paused_until = until
    db.session.flush()
    events.publish("offer.paused" if until else "offer.resumed", id=offer.id)
    return offer
