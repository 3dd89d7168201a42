"""A participant of a visit: nominated by an organisation, confirmed by the person."""

from enum import StrEnum, auto

from workflows.engine import Move, Party, StateRule, Workflow


class ParticipantState(StrEnum):
    """Where a nomination stands."""

    nominated = auto()
    confirmed = auto()
    declined = auto()


S = ParticipantState

PARTICIPANT = Workflow(
    name="participant",
    states=ParticipantState,
    initial=S.nominated,
    rules={
        S.nominated: StateRule("open", Party.owner, 14),
        S.confirmed: StateRule("confirmed", Party.nobody),
        S.declined: StateRule("closed", Party.nobody),
    },
    moves=(
        Move("confirm", S.nominated, S.confirmed),
        Move("decline", S.nominated, S.declined),
        Move("decline", S.confirmed, S.declined, reason=True),
        Move("nominate_again", S.declined, S.nominated),
    ),
)
