"""``POST …/steps``: the same for every workflow."""

from collections.abc import Callable, Mapping
from typing import Any

from exchange import edge, policy
from exchange.api.schemas import step_body
from exchange.errors import Invalid
from exchange.transaction import transaction
from workflows.registry import WORKFLOWS


def post_step(
    workflow: str, row: Any, advance: Callable[..., Any], asked: Mapping[str, Any]
) -> dict[str, Any]:
    """Make the move that the client asks for; return the step it wrote.

    :raises NotAllowed: nobody has signed in, or this is not theirs to move.
    :raises Invalid: the trigger is in no table, or a reason is missing.
    """
    actor, trigger = edge.signed_in(), asked["trigger"]
    if trigger not in WORKFLOWS[workflow].triggers:
        raise Invalid("trigger", "unknown_trigger", trigger=trigger)
    policy.require(actor, f"{workflow}.{trigger}", row)
    with transaction():
        step = advance(
            row,
            trigger,
            actor=actor,
            note=asked["note"],
            expected_state=asked.get("expected_state"),
        )
    return step_body(step, policy.open_triggers(WORKFLOWS[workflow], row, actor))
