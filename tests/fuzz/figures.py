"""What came of the calls."""

import sys
from collections import Counter
from dataclasses import dataclass, field

SHOWN = 420


@dataclass
class Figures:
    """Calls, the operations they went to, answers by class, and what must not be."""

    answers: Counter[str] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    broken: dict[str, str] = field(default_factory=dict)

    @property
    def calls(self) -> int:
        """How many calls were made."""
        return self.answers.total()

    def note(self, operation: str, status: int) -> None:
        """One call was answered."""
        self.operations.add(operation)
        self.answers[f"{status // 100}xx"] += 1

    def blame(self, operation: str, what: str, call: str) -> None:
        """An answer that must not be; of each kind the first is kept, and said at once."""
        kind = f"{operation}: {what[:SHOWN]}"
        if kind not in self.broken:
            self.broken[kind] = call[:SHOWN]
            sys.stderr.write(f"{kind}\n    by {call[:SHOWN]}\n")

    def lines(self, name: str) -> list[str]:
        """The figures in words."""
        classes = ", ".join(f"{kind} {n}" for kind, n in sorted(self.answers.items()))
        head = f"{name}: {self.calls} calls of {len(self.operations)} operations: {classes}"
        return [head, *(f"  {what}\n      by {call}" for what, call in self.broken.items())]
