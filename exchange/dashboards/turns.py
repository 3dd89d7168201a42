"""What waits for somebody: the front page of people of cities, associations and staff."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from exchange.catalogue import queries as catalogue
from exchange.catalogue.models import Need, Offer
from exchange.directory.models import Person
from exchange.exchanges import queries as exchanges
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.matching.queries import waiting_for
from exchange.policy import scoped
from workflows.need import NeedState
from workflows.offer import OfferState

SHOWN = 5


@dataclass(frozen=True)
class Turn:
    """``first`` are the exchanges due first; the numbers are those of the lists behind them."""

    first: list[Exchange]
    exchanges: int
    matches: int
    listings: dict[tuple[str, str], int]

    @property
    def nothing(self) -> bool:
        """Nothing waits for this person."""
        return not (self.exchanges or self.matches or any(self.listings.values()))


def your_turn(actor: Person) -> Turn:
    """What waits for ``actor``: moves, answers, drafts to publish, what expired to renew."""
    waiting: Select[Any] = scoped(Exchange, actor).where(exchanges.waits_for_actor(actor))
    first = waiting.order_by(Exchange.due_on.asc().nulls_last(), Exchange.id).limit(SHOWN)
    return Turn(
        first=list(db.session.scalars(first)),
        exchanges=_count(waiting),
        matches=waiting_for(actor),
        listings={
            ("needs", "draft"): _mine(Need, NeedState.draft, actor),
            ("needs", "expired"): _mine(Need, NeedState.expired, actor),
            ("offers", "draft"): _mine(Offer, OfferState.draft, actor),
            ("offers", "expired"): _mine(Offer, OfferState.expired, actor),
        },
    )


def _mine(model: Any, state: str, actor: Person) -> int:
    filters = {"mine": True, "state": state}
    return _count(catalogue.listed(scoped(model, actor), model, filters, actor))


def _count(query: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
