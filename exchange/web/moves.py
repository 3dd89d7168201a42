"""The button of a move, the same for every workflow."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.errors import Invalid
from exchange.schemas import StepSchema
from exchange.transaction import transaction
from exchange.web.filters import state_label
from workflows.registry import WORKFLOWS


def move(workflow: str, row: Any, advance: Callable[..., Any], sent: Mapping[str, Any]) -> None:
    """Make the move that a page's button asks for, and say where the row stands now.

    :raises NotAllowed: nobody has signed in, or this is not theirs to move.
    :raises Invalid: the trigger is in no table, or a reason is missing.
    """
    asked = StepSchema(only=("trigger", "expected_state", "note")).load(
        {k: v for k, v in sent.items() if k in ("trigger", "expected_state", "note")}
    )
    actor = edge.signed_in()  # a row may be for everybody, its moves never are
    known_trigger(workflow, asked["trigger"])
    policy.require(actor, f"{workflow}.{asked['trigger']}", row)
    with transaction():
        step = advance(
            row,
            asked["trigger"],
            actor=actor,
            note=asked["note"],
            expected_state=asked.get("expected_state"),
        )
        state = step.to_state
    flash(_("Done. It now stands at: %(state)s.", state=state_label(state, workflow)))


def known_trigger(workflow: str, trigger: str) -> None:
    """:raises Invalid: the table of ``workflow`` has no such trigger."""
    if trigger not in WORKFLOWS[workflow].triggers:
        raise Invalid("trigger", "unknown_trigger", trigger=trigger)
