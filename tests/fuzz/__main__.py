"""`python -m tests.fuzz --calls 20000`: figures, and a status of 1 when an answer must not be."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.databases import DATABASE
from tests.fuzz import api, pages
from tests.fuzz.figures import Figures
from tests.fuzz.house import House

# About as many operations as there are in the API, and as there are pages and forms.
API, PAGES = 400, 500


def main() -> int:
    """Call everything and print what came of it."""
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--number", type=int, default=1, help="the same number, the same calls")
    parser.add_argument("--only", default="", help="operations whose name holds this")
    parser.add_argument("--face", choices=("api", "pages"))
    parser.add_argument("--folder", help="where its file is kept for the next time")
    asked = parser.parse_args()
    each = max(asked.calls // (API + PAGES), 1)
    broken = 0
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder if DATABASE else asked.folder or folder))
        for name, face in (("api", api), ("pages", pages)):
            if asked.face in (None, name):
                begun, figures = time.monotonic(), Figures()
                face.call_all(house, figures, each=each, number=asked.number, only=asked.only)
                last = f"  {len(figures.broken)} answers that must not be; "
                last += f"{time.monotonic() - begun:.0f} s"
                sys.stdout.write("\n".join([*figures.lines(name), last, ""]))
                sys.stdout.flush()
                broken += len(figures.broken)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
