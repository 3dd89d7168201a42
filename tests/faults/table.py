"""The table: a line for each fault and set-up."""

import json
import statistics
from dataclasses import asdict, dataclass, field
from pathlib import Path

HEADINGS = ("fault", "set-up", "tried", "work", "lost", "twice", "copies", "back after s", "result")


@dataclass
class Line:
    """What came of one fault on one set-up.

    ``work`` is what was to be done once meanwhile; ``copies`` are second copies of a mail, of which
    ``promised`` may happen (the window between a mail server's "250" and our commit); ``back`` are
    the seconds from each fault until new work went from end to end again.
    """

    fault: str
    setup: str
    tried: int = 0
    work: int = 0
    lost: int = 0
    twice: int = 0
    copies: int = 0
    promised: int = 0
    back: list[float] = field(default_factory=list)
    note: str = ""
    wrong: str = ""
    skipped: str = ""

    @property
    def held(self) -> bool:
        """Was what is promised kept?"""
        return not (self.lost or self.twice or self.wrong) and self.copies <= self.promised

    @property
    def result(self) -> str:
        """In a word, and why."""
        if self.skipped:
            return f"skipped: {self.skipped}"
        said = "held" if self.held else "FAILED"
        return ", ".join(filter(None, (said, self.wrong, self.note)))

    def add(self, part: "Line") -> None:
        """Count what a part of the tries has brought."""
        for name in ("tried", "work", "lost", "twice", "copies", "promised"):
            setattr(self, name, getattr(self, name) + getattr(part, name))
        self.back += part.back
        self.note, self.wrong = (
            ", ".join(dict.fromkeys(filter(None, (mine, its))))
            for mine, its in ((self.note, part.note), (self.wrong, part.wrong))
        )

    def cells(self) -> tuple[str, ...]:
        """As it is printed."""
        back = f"{statistics.median(self.back):.1f} / {max(self.back):.1f}" if self.back else "-"
        if self.skipped:
            return (self.fault, self.setup, *("-",) * 6, self.result)
        counts = (self.tried, self.work, self.lost, self.twice)
        copies = f"{self.copies} of {self.promised}" if self.promised else str(self.copies)
        return (self.fault, self.setup, *map(str, counts), copies, back, self.result)


def table(lines: list[Line]) -> str:
    """All lines beneath their headings."""
    rows = [HEADINGS, *(line.cells() for line in lines)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEADINGS) - 1)]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0]), row[1].ljust(widths[1])]
            + [row[n].rjust(widths[n]) for n in range(2, 8)]
            + [row[8]]
        )
        for row in rows
    )


def keep(lines: list[Line], path: Path) -> None:
    """Write them for machines; lines of earlier runs that this one did not try stay."""
    path.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(path.read_text()) if path.exists() else []
    now = {(line.fault, line.setup) for line in lines}
    kept = [one for one in known if (one["fault"], one["setup"]) not in now]
    path.write_text(json.dumps(kept + [asdict(line) for line in lines], indent=1) + "\n")


def kept(path: Path) -> list[Line]:
    """The lines of all runs so far."""
    return [Line(**one) for one in json.loads(path.read_text())] if path.exists() else []
