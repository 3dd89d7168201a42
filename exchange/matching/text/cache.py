"""Rows kept on disk, so that a text is sent to a service once."""

import hashlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import numpy as np

from exchange.matching.text.dense import Floats, of_one_width
from exchange.matching.text.encoder import TextEncoder

WAIT = 30.0
ASKED = 500
TABLE = "CREATE TABLE IF NOT EXISTS rows (key BLOB PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID"

T = TypeVar("T")


class CachedEncoder:
    """An encoder of plain arrays whose rows lie in a SQLite file.

    A row is found by the encoder's name and version, the language and the SHA-256 of the text;
    several processes may use the file at once. Where it cannot be used, the encoder is asked, and
    ``cache_problem`` says why.
    """

    def __init__(self, encoder: TextEncoder, path: Path) -> None:
        self.name, self.version = encoder.name, encoder.version
        self.calibration = encoder.calibration
        self.cache_problem = ""
        self._encoder, self._path = encoder, path

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> "CachedEncoder":
        """Itself: rows that depended on a corpus could not be kept."""
        return self

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """The rows of ``texts``; those that are not known are encoded together, then kept.

        :raises EncoderFailed: when the encoder does, or when its rows have got another length.
        """
        keys = [self._key(text, code) for text, code in zip(texts, languages, strict=True)]
        nothing: dict[bytes, Floats] = {}
        known = self._with(lambda database: _known(database, keys), nothing)
        new = {key: at for at, key in enumerate(keys) if key not in known and texts[at].strip()}
        if new:
            at = list(new.values())
            rows = self._encoder.encode([texts[i] for i in at], [languages[i] for i in at])
            found = dict(zip(new, np.asarray(rows, np.float32), strict=True))
            self._with(lambda database: _keep(database, found), None)
            known.update(found)
        return of_one_width([known.get(key) for key in keys])

    def _key(self, text: str, language: str) -> bytes:
        said = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        whole = f"{self.name}\n{self.version}\n{language}\n{said}"
        return hashlib.sha256(whole.encode()).digest()

    def _with(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """What ``work`` finds in the file, or ``otherwise`` where it cannot be used."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Without an isolation level each statement stands alone, but for BEGIN … COMMIT.
            # No WAL: where several processes change to it at once, SQLite refuses without waiting.
            opened = sqlite3.connect(self._path, timeout=WAIT, isolation_level=None)
            with closing(opened) as database:
                database.execute(TABLE)
                return work(database)
        except (OSError, sqlite3.Error) as problem:
            self.cache_problem = str(problem)
            return otherwise


def _known(database: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, Floats]:
    found: dict[bytes, Floats] = {}
    unique = list(dict.fromkeys(keys))
    for at in range(0, len(unique), ASKED):
        some = unique[at : at + ASKED]
        marks = ",".join("?" * len(some))
        query = f"SELECT key, row FROM rows WHERE key IN ({marks})"  # noqa: S608  # marks alone
        for key, row in database.execute(query, some):
            found[key] = np.frombuffer(row, np.float32)
    return found


def _keep(database: sqlite3.Connection, rows: Mapping[bytes, Floats]) -> None:
    values = [(key, row.tobytes()) for key, row in rows.items()]
    database.execute("BEGIN IMMEDIATE")
    database.executemany("INSERT OR IGNORE INTO rows VALUES (?, ?)", values)
    database.execute("COMMIT")
