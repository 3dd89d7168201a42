"""An offer: what a local government can show, to as many as it has places for."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class OfferState(StrEnum):
    """Where an offer stands. ``matched`` means that no place is left."""

    draft = auto()
    published = auto()
    matched = auto()
    in_exchange = auto()
    fulfilled = auto()
    expired = auto()
    withdrawn = auto()


S = OfferState

OFFER = Workflow(
    name="offer",
    states=OfferState,
    initial=S.draft,
    rules={
        S.draft: StateRule("open", Party.owner, 30),
        S.published: StateRule("open", Party.nobody, 180),
        S.matched: StateRule("busy", Party.both_cities, 30),
        S.in_exchange: StateRule("busy", Party.both_cities),
        S.expired: StateRule("open", Party.owner, 30),
        S.fulfilled: StateRule("closed", final=True),
        S.withdrawn: StateRule("closed", final=True),
    },
    moves=(
        Move("publish", S.draft, S.published, (guards.has_what_publishing_asks,)),
        Move("match", S.published, S.matched, (guards.all_places_are_taken,)),
        Move("reopen", S.matched, S.published, (guards.has_places_left,)),
        Move("enter_exchange", S.matched, S.in_exchange, (guards.all_places_are_taken,)),
        Move("leave_exchange", S.in_exchange, S.published, (guards.has_places_left,)),
        # Its owner has shown what there was to show. A free place alone ends no offer.
        Move("fulfil", S.published, S.fulfilled, (guards.has_hosted,)),
        Move("fulfil", S.in_exchange, S.fulfilled, (guards.has_hosted,)),
        Move("expire", S.published, S.expired),
        Move("renew", S.expired, S.published, (guards.has_what_publishing_asks,)),
        Move("withdraw", S.draft, S.withdrawn),
        Move("withdraw", S.published, S.withdrawn),
        Move("withdraw", S.matched, S.withdrawn, reason=True),
        Move("withdraw", S.expired, S.withdrawn),
    ),
)
