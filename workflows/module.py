"""A learning module, from its draft over a pilot to the catalogue, and out of it."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class ModuleState(StrEnum):
    """Where a module stands. Members see it from its pilot on."""

    drafted = auto()
    in_pilot = auto()
    published = auto()
    retired = auto()


S = ModuleState

MODULE = Workflow(
    name="module",
    states=ModuleState,
    initial=S.drafted,
    rules={
        S.drafted: StateRule("writing", Party.officer, 90),
        S.in_pilot: StateRule("writing", Party.officer, 180),
        S.published: StateRule("published", Party.nobody),
        S.retired: StateRule("closed", final=True),
    },
    moves=(
        Move("pilot", S.drafted, S.in_pilot, (guards.module_has_a_partner,)),
        Move("back_to_draft", S.in_pilot, S.drafted, reason=True),
        Move("publish", S.in_pilot, S.published, (guards.module_has_a_version,)),
        *(
            Move("retire", state, S.retired, reason=True)
            for state in (S.drafted, S.in_pilot, S.published)
        ),
    ),
)
