"""An action of the road map: what somebody will do with what was learned."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class RoadMapState(StrEnum):
    """Where an action stands."""

    planned = auto()
    under_way = auto()
    done = auto()
    dropped = auto()


S = RoadMapState

ROAD_MAP_ACTION = Workflow(
    name="road_map_action",
    states=RoadMapState,
    initial=S.planned,
    rules={
        S.planned: StateRule("open", Party.owner),
        S.under_way: StateRule("open", Party.owner),
        S.done: StateRule("closed", Party.nobody),
        S.dropped: StateRule("closed", final=True),
    },
    moves=(
        Move("begin", S.planned, S.under_way, (guards.action_has_an_owner,)),
        Move("finish", S.planned, S.done),
        Move("finish", S.under_way, S.done),
        Move("reopen", S.done, S.under_way),
        Move("drop", S.planned, S.dropped, reason=True),
        Move("drop", S.under_way, S.dropped, reason=True),
    ),
)
