"""`make faults`: try the faults and print the table.

    python -m tests.faults --tries 20 --only worker,tree --setups files,redis

Exit code 1 when something was lost, or done twice beyond what is promised.
"""

import argparse
import logging
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.faults.catalogue import FAULTS
from tests.faults.installation import SETUPS
from tests.faults.servers import Missing
from tests.faults.table import Line, keep, kept, table

KEPT = Path("build/faults.json")


def attempt(name: str, setup: str, tries: int, folder: Path) -> Line:
    """Try one fault on one set-up; what goes wrong on the way is a line of the table, too."""
    fault = FAULTS[name]
    line = Line(name, setup)
    if setup not in fault.setups:
        line.skipped = "there is no such thing here"
        return line
    try:
        fault.run(line, folder, tries)
    except Missing as missing:
        line.skipped = str(missing)
    except Exception as problem:
        logging.exception("%s on %s", name, setup)
        line.wrong = f"{type(problem).__name__}: {problem}".splitlines()[0][:120]
    return line


def arguments() -> argparse.Namespace:
    """What is wanted."""
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("--tries", type=int, default=20)
    wanted.add_argument("--only", default="", help=f"some of {', '.join(FAULTS)}")
    wanted.add_argument("--setups", default=",".join(SETUPS), help="some of files, redis, rabbit")
    wanted.add_argument("--kept", action="store_true", help="print what earlier runs have kept")
    return wanted.parse_args()


def try_all(wanted: argparse.Namespace) -> Iterator[Line]:
    """Try what is wanted, and keep each line; what each program printed is in ``build/faults``."""
    names = [n for n in wanted.only.split(",") if n] or [n for n in FAULTS if n != "quick"]
    with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as base:
        Path(base).chmod(0o755)  # PostgreSQL runs as somebody else
        for setup in wanted.setups.split(","):
            for name in names:
                began = time.monotonic()
                # RabbitMQ does what Redis does: it is tried, not tried often.
                tries = max(1, wanted.tries // 20) if setup == "rabbit" else wanted.tries
                line = attempt(name, setup, tries, Path(base) / name)
                keep([line], KEPT)
                took = time.monotonic() - began
                sys.stderr.write(f"{name} on {SETUPS[setup]}: {line.result} ({took:.0f} s)\n")
                yield line


def main() -> int:
    """Try, print, keep."""
    # Started in the background of a script we would ignore Ctrl-C, and so would all that we start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    wanted = arguments()
    lines = kept(KEPT) if wanted.kept else list(try_all(wanted))
    sys.stdout.write(table(lines) + "\n")
    return 0 if all(line.skipped or line.held for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
