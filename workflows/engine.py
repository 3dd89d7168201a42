"""A workflow is a table of moves; rows are arguments, nothing is attached to them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Any, Protocol

from transitions import Machine


class Party(StrEnum):
    """Whom a state waits for; the words are in ``exchange/labels.py``."""

    proposer = auto()
    owner = auto()
    officer = auto()
    host = auto()
    learner = auto()
    both_cities = auto()
    author = auto()
    reviewer = auto()
    nobody = auto()


class Clock(StrEnum):
    """From which day the target of a state is counted."""

    entry = auto()
    visit_start = auto()
    visit_end = auto()


class Row(Protocol):
    """What a workflow asks of a row: a state it can read and write."""

    state: Any


Guard = Callable[[Any], bool]


@dataclass(frozen=True)
class StateRule:
    """What is true of a row while it is in a state.

    ``phase`` groups states for people (five stages and the follow-up); ``waits_for`` is the
    party whose turn it is; ``days`` is the target in calendar days, counted from ``clock``;
    ``final`` states are left by no move.
    """

    phase: str
    waits_for: Party = Party.nobody
    days: int | None = None
    clock: Clock = Clock.entry
    final: bool = False


@dataclass(frozen=True)
class Move:
    """One line of the law: ``trigger`` takes a row from ``source`` to ``dest``.

    All ``guards`` must hold. ``reason`` says that whoever moves must write why.
    """

    trigger: str
    source: StrEnum
    dest: StrEnum
    guards: tuple[Guard, ...] = ()
    reason: bool = False


class TransitionRefused(Exception):
    """The move is not allowed now. ``reasons`` are the names of the facts that are missing."""

    def __init__(self, trigger: str, state: StrEnum, reasons: Iterable[str] = ()) -> None:
        self.trigger, self.state, self.reasons = trigger, state, tuple(reasons)
        super().__init__(
            f"{trigger} refused in {state}: {', '.join(self.reasons) or 'no such move'}"
        )


@dataclass
class Workflow:
    """A table of moves over the states of one enum."""

    name: str
    states: type[StrEnum]
    moves: tuple[Move, ...]
    rules: Mapping[Any, StateRule]
    initial: StrEnum
    _machine: Machine = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # One machine for the workflow and none for a row: attaching costs 2 ms and 81 KiB a row,
        # and an `initial` state would overwrite the state of a loaded row.
        self._machine = Machine(
            model=None, states=self.states, initial=None, auto_transitions=False, queued=False
        )
        for move in self.moves:
            self._machine.add_transition(
                move.trigger, move.source, move.dest, conditions=list(move.guards)
            )

    @property
    def triggers(self) -> tuple[str, ...]:
        """All triggers, in the order of the table."""
        return tuple(dict.fromkeys(move.trigger for move in self.moves))

    def moves_from(self, state: StrEnum, trigger: str | None = None) -> tuple[Move, ...]:
        """The lines of the table that leave ``state`` (by ``trigger`` when given)."""
        return tuple(
            move
            for move in self.moves
            if move.source == state and (trigger is None or move.trigger == trigger)
        )

    def triggers_from(self, state: StrEnum) -> tuple[str, ...]:
        """The triggers that leave ``state``, whatever their guards say."""
        return tuple(dict.fromkeys(move.trigger for move in self.moves_from(state)))

    def available(self, row: Row) -> tuple[str, ...]:
        """The triggers that would move ``row`` now."""
        return tuple(name for name in self.triggers_from(row.state) if not self.unmet(name, row))

    def unmet(self, trigger: str, row: Row) -> tuple[str, ...]:
        """Names of the facts that keep ``trigger`` from moving ``row``; empty when it may move."""
        missing = [
            tuple(guard.__name__ for guard in move.guards if not guard(row))
            for move in self.moves_from(row.state, trigger)
        ]
        return min(missing, key=len, default=("no_such_move",))

    def needs_reason(self, trigger: str, state: StrEnum) -> bool:
        """Whether whoever fires ``trigger`` in ``state`` must write why."""
        return any(move.reason for move in self.moves_from(state, trigger))

    def fire(self, trigger: str, row: Row) -> tuple[StrEnum, StrEnum]:
        """Move ``row``; return (from, to). A refusal is an exception, never a False.

        :raises TransitionRefused: the table has no such move here, or a guard does not hold.
        """
        before = row.state
        if trigger not in self._machine.get_triggers(before):
            raise TransitionRefused(trigger, before)
        if not self._machine.events[trigger].trigger(row, row):
            raise TransitionRefused(trigger, before, self.unmet(trigger, row))
        return before, row.state

    def rule(self, state: Any) -> StateRule:
        """What is true of a row in ``state``."""
        return self.rules[state]

    def is_final(self, state: Any) -> bool:
        """Whether nothing leaves ``state``."""
        return self.rules[state].final
