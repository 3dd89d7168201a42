"""A card of the method library: proposed by members, taken in or declined by staff."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class MethodState(StrEnum):
    """Where one version of a method stands; older versions are retired and stay readable."""

    proposed = auto()
    in_library = auto()
    retired = auto()
    declined = auto()


S = MethodState

METHOD = Workflow(
    name="method",
    states=MethodState,
    initial=S.proposed,
    rules={
        S.proposed: StateRule("proposal", Party.officer, 21),
        S.in_library: StateRule("open", Party.nobody),
        S.retired: StateRule("closed", final=True),
        S.declined: StateRule("closed", final=True),
    },
    moves=(
        Move("adopt", S.proposed, S.in_library, (guards.method_has_steps,)),
        Move("decline", S.proposed, S.declined, reason=True),
        # A newer version came into the library.
        Move("replace", S.in_library, S.retired),
        Move("retire", S.in_library, S.retired, reason=True),
    ),
)
