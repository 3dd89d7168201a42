"""A match: one need and one offer, answered by both sides."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class MatchState(StrEnum):
    """Where a match stands."""

    suggested = auto()
    proposed = auto()
    half_agreed = auto()
    agreed = auto()
    concluded = auto()
    declined = auto()
    lapsed = auto()
    withdrawn = auto()


S = MatchState
_OPEN_AND_HELD = (guards.need_is_open, guards.holds_a_place, guards.holds_a_host)
OPEN = (S.suggested, S.proposed, S.half_agreed)

MATCH = Workflow(
    name="match",
    states=MatchState,
    initial=S.suggested,
    rules={
        S.suggested: StateRule("waiting", Party.officer),
        # City halls are slow: seven days, where mentoring products give three. The day of each
        # match is its own: officers set how long a place is held.
        S.proposed: StateRule("asked", Party.both_cities, 7),
        S.half_agreed: StateRule("asked", Party.both_cities, 7),
        S.agreed: StateRule("agreed", Party.nobody),
        S.concluded: StateRule("closed", final=True),
        S.declined: StateRule("closed", Party.nobody),
        S.lapsed: StateRule("closed", Party.nobody),
        S.withdrawn: StateRule("closed", final=True),
    },
    moves=(
        Move("propose", S.suggested, S.proposed, _OPEN_AND_HELD),
        Move("accept", S.proposed, S.half_agreed, (guards.one_side_has_accepted,)),
        Move("accept", S.half_agreed, S.agreed, (guards.both_sides_have_accepted,)),
        Move("decline", S.proposed, S.declined, reason=True),
        Move("decline", S.half_agreed, S.declined, reason=True),
        Move("lapse", S.proposed, S.lapsed),
        Move("lapse", S.half_agreed, S.lapsed),
        # An officer's word, with a reason: the cities were asked by telephone, or asked again.
        *(
            Move("overrule", state, S.agreed, _OPEN_AND_HELD, reason=True)
            for state in (S.suggested, S.proposed, S.half_agreed, S.declined, S.lapsed)
        ),
        # The exchange has run its course: the host's place is free for another.
        Move("conclude", S.agreed, S.concluded, (guards.exchange_is_closed,)),
        *(Move("withdraw", state, S.withdrawn) for state in (*OPEN, S.agreed)),
    ),
)
