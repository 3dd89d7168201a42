"""In which order rows are locked, so that no two transactions wait for each other for ever.

The order is **need, match, offer, exchange**, and by number within a kind:

1. ``needs``: the needs whose matches are to be moved, with those of the same exchanges, because
   an exchange takes all its needs along. Whoever holds a need holds its matches: nobody moves a
   match without its need.
2. ``offers``: all offers whose places may be taken or given back: those of the live matches of
   these needs, because after a no the next in line is asked, and those about to be suggested.
3. The exchange comes last, by ``exchanges.try_advance``; whoever begins with an exchange locks its
   needs first (``exchanges.linked_needs.lock``).

Each is one statement. A transaction that does this once, at its beginning, for everything it will
touch, is never in a deadlock with another that does the same. SQLite has one writer at a time and
ignores row locks.
"""

from collections.abc import Iterable

from sqlalchemy import or_, select

from exchange.catalogue.models import Need, Offer
from exchange.exchanges.models import exchange_needs
from exchange.extensions import db
from exchange.matching.models import Match
from exchange.matching.queries import LIVE


def in_order(need_ids: Iterable[int], offer_ids: Iterable[int] = ()) -> None:
    """Lock these needs with their matches and offers, and ``offer_ids``; read them again."""
    ids = list(need_ids)
    needs(ids)
    offers(ids, offer_ids)


def needs(need_ids: Iterable[int]) -> None:
    """Lock these needs and those that share an exchange with them, the lowest number first."""
    ids = list(need_ids)
    mine = select(exchange_needs.c.exchange_id).where(exchange_needs.c.need_id.in_(ids))
    fellows = select(exchange_needs.c.need_id).where(exchange_needs.c.exchange_id.in_(mine))
    wanted = or_(Need.id.in_(ids), Need.id.in_(fellows))
    query = select(Need).where(wanted).order_by(Need.id).with_for_update()
    db.session.scalars(query.execution_options(populate_existing=True)).all()


def offers(need_ids: Iterable[int], more: Iterable[int] = ()) -> None:
    """Lock the offers of the live matches of needs that are locked, and ``more``."""
    live = select(Match.offer_id).where(Match.need_id.in_(list(need_ids)), Match.state.in_(LIVE))
    wanted = or_(Offer.id.in_(live), Offer.id.in_(list(more)))
    query = select(Offer).where(wanted).order_by(Offer.id).with_for_update()
    db.session.scalars(query.execution_options(populate_existing=True)).all()
