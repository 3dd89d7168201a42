"""What the last start prepared, so that the next one has nothing to do.

A start that finds the same migrations, reference files and database skips the whole
preparation, and with it the import of the application in the parent process.
"""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

from exchange.config import CHECKOUT, Settings

SOURCES = (
    "migrations/versions/*.py",
    "exchange/vocabularies/reference/*",
    "exchange/demo/data/*",
)


def note_file(settings: Settings) -> Path:
    """The note kept between two starts."""
    return settings.var / "prepared.json"


def is_current(settings: Settings) -> bool:
    """Was this database prepared by these files? Only a SQLite file can be asked so cheaply."""
    note = read(settings)
    file = settings.sqlite_file
    if file is None or not file.is_file() or note.get("sources") != fingerprint(settings):
        return False
    return note.get("revision") == revision(file)


def read(settings: Settings) -> dict[str, object]:
    """The note; empty when there is none that can be read."""
    try:
        note = json.loads(note_file(settings).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def remember(settings: Settings, welcome: str) -> None:
    """Write the note. The welcome may name demonstration passwords: for the owner's eyes only."""
    file = settings.sqlite_file
    note = {
        "sources": fingerprint(settings),
        "revision": revision(file) if file else "",
        "welcome": welcome,
    }
    _write(settings, note)


def forget(settings: Settings) -> None:
    """The next start looks again, and still knows that this was prepared once."""
    _write(settings, {})


def was_ever(settings: Settings) -> bool:
    """Did a preparation of this folder ever come to its end?"""
    return note_file(settings).exists()


def welcome(settings: Settings) -> str:
    """The sign-ins to print."""
    return str(read(settings).get("welcome", ""))


def fingerprint(settings: Settings) -> str:
    """A digest of the files that make a database what it is at the first start."""
    digest = hashlib.sha256(f"{settings.database_url} {settings.cities_from}".encode())
    for pattern in SOURCES:
        for path in sorted(CHECKOUT.glob(pattern)):
            facts = path.stat()
            digest.update(f"{path.name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def revision(file: Path) -> str:
    """The migration a SQLite file is at; empty when it cannot say."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=2)) as database:
            row = database.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return ""
    return str(row[0]) if row else ""


def _write(settings: Settings, note: dict[str, str]) -> None:
    path = note_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(note, ensure_ascii=False, indent=1), encoding="utf-8")
