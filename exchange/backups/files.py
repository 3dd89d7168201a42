"""The files of an installation: whatever lies in its folder and cannot be made again."""

import shutil
from collections.abc import Iterator
from pathlib import Path

# Made again by themselves: the queue, caches, notes of the last start, figures of processes.
MADE_AGAIN = frozenset({"broker", "encoder.db", "prepared.json", "metrics", "backups"})


def kept_files(var: Path, database: Path | None) -> Iterator[Path]:
    """Every file of the folder ``var`` that a backup holds, relative to it."""
    for path in sorted(var.rglob("*")):
        relative = path.relative_to(var)
        if not path.is_file() or path.is_symlink() or _is_made_again(relative):
            continue
        if database is None or not _is_of(path, database):
            yield relative


def _is_made_again(relative: Path) -> bool:
    first = relative.parts[0]
    made_again = first in MADE_AGAIN or first.startswith("encoder.db")
    return made_again or any(part.startswith(".") for part in relative.parts)


def _is_of(path: Path, database: Path) -> bool:
    """Is it the database, its write-ahead log, or what a restore put aside of it?"""
    return path.parent == database.parent and path.name.startswith(database.name)


def copy(var: Path, folder: Path, database: Path | None) -> None:
    """Copy them into ``folder``; what is there already and what goes meanwhile is passed over."""
    for relative in kept_files(var, database):
        target = folder / relative
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copy2(var / relative, target)
        except FileNotFoundError:
            target.unlink(missing_ok=True)


def put_back(folder: Path, var: Path, database: Path | None) -> int:
    """Put the files of a backup into ``var``, in place of those that are there; return how many."""
    for relative in list(kept_files(var, database)):
        (var / relative).unlink()
    count = 0
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            target = var / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
            count += 1
    return count
