"""The desk of a city: what waits for it, what is suggested to it, what runs, and what would make
it easier to match."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import case, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload, undefer

from exchange.catalogue.models import Listing, Need, Offer
from exchange.clock import today
from exchange.directory.models import Organisation, OrganisationKind, Person, Role
from exchange.directory.queries import acts_for_ids
from exchange.exchanges import queries as exchanges
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.lessons.models import FollowUp
from exchange.matching.models import Match
from exchange.matching.queries import awaiting
from exchange.policy import scoped
from exchange.visits.models import Visit
from workflows.exchange import ExchangeState
from workflows.follow_up import FollowUpState
from workflows.match import MatchState
from workflows.need import NeedState
from workflows.offer import OfferState

# Nobody weighs more than five suggestions at once.
SUGGESTED, SHOWN, RUNNING = 5, 5, 12
# A visit is prepared in the three months before it.
AHEAD = timedelta(days=92)
WRITING = (ExchangeState.evaluating, ExchangeState.note_drafting)
PREPARING = (ExchangeState.preparing, ExchangeState.confirmed)
OPEN_LISTINGS = (NeedState.published, NeedState.matched, NeedState.in_exchange)
DRAFTS = (NeedState.draft, NeedState.expired)


@dataclass
class CityDesk:
    """What a city finds when it signs in. ``running`` pairs an exchange with whether it waits for
    the reader; ``drafts`` and ``listed`` count needs and offers by noun."""

    organisation: Organisation | None = None
    answers: list[Match] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    suggestions: list[Match] = field(default_factory=list)
    running: list[tuple[Exchange, bool]] = field(default_factory=list)
    listed: dict[str, int] = field(default_factory=dict)
    drafts: dict[str, int] = field(default_factory=dict)

    @property
    def lessons(self) -> list[Exchange]:
        """The exchanges whose lessons are being written."""
        return [exchange for exchange, _mine in self.running if exchange.state in WRITING]

    @property
    def waiting(self) -> list[Exchange]:
        """The exchanges that wait for the reader in another way than by their lessons."""
        return [one for one, mine in self.running if mine and one.state not in WRITING]

    @property
    def turns(self) -> int:
        """How many things wait for the reader."""
        parts = (self.answers, self.waiting, self.lessons, self.visits, self.follow_ups)
        return sum(len(part) for part in parts) + sum(self.drafts.values())


def city_of(actor: Person | None) -> Organisation | None:
    """The local government that somebody speaks for; else any organisation of theirs."""
    own = sorted(
        actor.affiliations if actor else (),
        key=lambda one: (
            one.organisation.kind != OrganisationKind.local_government,
            one.role != Role.coordinator,
            one.organisation_id,
        ),
    )
    return own[0].organisation if own else None


def is_of_a_city(actor: Person | None) -> bool:
    """Whether somebody speaks for a local government and is no staff: the city desk is theirs."""
    if actor is None or actor.staff_role is not None:
        return False
    return any(
        one.role == Role.coordinator and one.organisation.kind == OrganisationKind.local_government
        for one in actor.affiliations
    )


def city_desk(actor: Person) -> CityDesk:
    """The desk of ``actor``, in as many statements for one row as for a thousand."""
    found = CityDesk(organisation=city_of(actor))
    ours = acts_for_ids(actor) | actor.organisation_ids()
    found.answers = _matches(scoped(Match, actor).where(awaiting(actor)), Match.answer_by)
    found.suggestions = suggestions_for(actor, ours)
    found.running = _running(actor)
    found.visits = _visits(actor)
    found.follow_ups = _follow_ups(ours)
    _count_listings(found, ours)
    return found


def suggestions_for(actor: Person, ours: set[int]) -> list[Match]:
    """The best suggestions for the needs of the reader's city, the first in line first."""
    needs = select(Need.id).where(
        or_(Need.organisation_id.in_(ours), Need.published_by_id.in_(ours)),
        Need.state == NeedState.published,
    )
    query = scoped(Match, actor).where(
        Match.state == MatchState.suggested, Match.need_id.in_(needs)
    )
    return _matches(query, Match.waiting.nulls_last(), Match.score.desc())


def _matches(query: Any, *order: Any) -> list[Match]:
    query = query.options(
        joinedload(Match.need).joinedload(Need.organisation),
        joinedload(Match.offer).joinedload(Offer.organisation),
    )
    return list(db.session.scalars(query.order_by(*order, Match.id).limit(SUGGESTED)))


def _running(actor: Person) -> list[tuple[Exchange, bool]]:
    mine = case((exchanges.waits_for_actor(actor), 1), else_=0).label("mine")
    query = (
        scoped(Exchange, actor)
        .where(exchanges.is_mine(actor), Exchange.state.not_in(exchanges.FINAL))
        .add_columns(mine)
        .options(undefer(Exchange.due_order))
        .order_by(mine.desc(), Exchange.due_order, Exchange.id)
    )
    return [(row, bool(waits)) for row, waits in db.session.execute(query.limit(RUNNING)).unique()]


def _visits(actor: Person) -> list[Visit]:
    query = (
        select(Visit)
        .join(Visit.exchange)
        .where(
            exchanges.is_mine(actor),
            Exchange.state.in_(PREPARING),
            Visit.starts_on >= today(),
            Visit.starts_on <= today() + AHEAD,
        )
        .options(joinedload(Visit.exchange))
    )
    return list(db.session.scalars(query.order_by(Visit.starts_on, Visit.id).limit(SHOWN)))


def _follow_ups(ours: set[int]) -> list[FollowUp]:
    query = (
        select(FollowUp)
        .where(FollowUp.organisation_id.in_(ours), FollowUp.state == FollowUpState.asked)
        .options(joinedload(FollowUp.exchange))
    )
    return list(db.session.scalars(query.order_by(FollowUp.due_on, FollowUp.id).limit(SHOWN)))


def _count_listings(found: CityDesk, ours: set[int]) -> None:
    parts = [_states_of(name, model, ours) for name, model in (("need", Need), ("offer", Offer))]
    for noun, state, number in db.session.execute(union_all(*parts)):
        if state in OPEN_LISTINGS:
            found.listed[noun] = found.listed.get(noun, 0) + number
        elif state in DRAFTS:
            found.drafts[noun] = found.drafts.get(noun, 0) + number


def _states_of(noun: str, model: type[Listing], ours: set[int]) -> Any:
    state: Any = model.state
    whose = or_(model.organisation_id.in_(ours), model.published_by_id.in_(ours))
    known = (NeedState if model is Need else OfferState).__members__
    wanted = [one for one in (*OPEN_LISTINGS, *DRAFTS) if one.value in known]
    query = select(literal(noun), state, func.count()).where(whose, state.in_(wanted))
    return query.group_by(state)
