"""A file beside the database for what was seen while nobody could write into it.

A line for each entry, signed as it will stand in the trail: what is changed in the file is found by
``exchange audit verify``.
"""

import fcntl
import json
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import structlog

FILE = "audit-waiting.jsonl"
log = structlog.get_logger()


@dataclass(frozen=True)
class Noted:
    """An entry as it is to be written, and the records that it names."""

    entry: dict[str, Any]
    records: tuple[int, ...]


def put(path: Path, noted: Collection[Noted]) -> None:
    """Add to the file. Where even that cannot be done, the log keeps it: the page is shown."""
    text = "".join(f"{_line(one)}\n" for one in noted)
    try:
        with open(path, "ab", opener=_private) as file, _alone(file):
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        log.error("who saw what could not be kept", error=str(problem), entries=text)


def waits(path: Path) -> bool:
    """Whether something is in the file."""
    return path.exists() and path.stat().st_size > 0


@contextmanager
def taken(path: Path) -> Iterator[list[Noted]]:
    """What waits in the file; it is emptied when the block ends well. Nobody adds meanwhile."""
    with path.open("r+b") as file, _alone(file):
        yield [one for line in file.read().splitlines() if (one := _noted(line)) is not None]
        file.truncate(0)


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


@contextmanager
def _alone(file: BinaryIO) -> Iterator[None]:
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _line(one: Noted) -> str:
    entry = {**one.entry, "happened_at": one.entry["happened_at"].isoformat()}
    return json.dumps({"entry": entry, "records": one.records})


def _noted(line: bytes) -> Noted | None:
    try:
        read = json.loads(line)
        entry = read["entry"]
        happened_at = datetime.fromisoformat(entry["happened_at"])
        return Noted({**entry, "happened_at": happened_at}, tuple(read["records"]))
    except (ValueError, KeyError, TypeError):
        # A machine that stopped in the middle of a line.
        log.error("a line of what was seen cannot be read", line=line.decode(errors="replace"))
        return None
