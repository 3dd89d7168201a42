"""Putting a backup in its place."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import create_engine, inspect
from sqlalchemy.pool import NullPool

from exchange.backups import databases, files
from exchange.backups.archive import DATABASE, FILES, BackupError, Manifest, read_manifest, unpack
from exchange.clock import now
from exchange.config import CHECKOUT, Settings


@dataclass(frozen=True)
class Restored:
    """What came of it. ``aside`` is the database file that was there before."""

    manifest: Manifest
    files: int
    older: bool
    aside: Path | None = None


def verify(archive: Path) -> Manifest:
    """Compare everything in an archive with its checksums, and change nothing.

    :raises BackupError: something is missing, changed or cut off.
    """
    with tempfile.TemporaryDirectory(prefix="exchange-verify-") as folder:
        return unpack(archive, Path(folder))


def restore(settings: Settings, archive: Path, *, force: bool) -> Restored:
    """Put the database and the files of an archive in their place.

    The caller brings an older one up to the migrations of this program (``Restored.older``).

    :param force: also where there is a database already, or where others are connected to it.
    :raises BackupError: nothing was changed; or, in the middle, what was there is back.
    """
    manifest = read_manifest(archive)
    _fits(settings, manifest)
    if not force:
        _is_empty(settings)
    settings.var.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.var, prefix=".restore-") as name:
        folder = Path(name)
        unpack(archive, folder)
        aside = _put_database(settings, folder / DATABASE, manifest)
        kept = folder / FILES
        kept.mkdir(exist_ok=True)
        count = files.put_back(kept, settings.var, settings.sqlite_file)
    return Restored(manifest, count, manifest.migrations != _heads(), aside)


def _put_database(settings: Settings, dump: Path, manifest: Manifest) -> Path | None:
    if settings.sqlite_file is not None:
        _compare(manifest, databases.count_sqlite(dump))
        stamp = f"{now():%Y%m%dT%H%M%SZ}"
        return databases.put_back_sqlite(dump, settings.sqlite_file, stamp=stamp)
    url = settings.database_url
    databases.put_back_postgresql(
        dump, url, lambda: _compare(manifest, databases.count_postgresql(url))
    )
    return None


def _compare(manifest: Manifest, rows: dict[str, int]) -> None:
    wrong = {name for name in {*manifest.rows, *rows} if manifest.rows.get(name) != rows.get(name)}
    if wrong:
        raise BackupError(f"other numbers of rows than were saved: {', '.join(sorted(wrong))}")


def _heads() -> list[str]:
    return sorted(_script().get_heads())


def _script() -> ScriptDirectory:
    return ScriptDirectory(str(CHECKOUT / "migrations"))


def _fits(settings: Settings, manifest: Manifest) -> None:
    """:raises BackupError: another kind of database, or migrations this program does not know."""
    kind = "sqlite" if settings.uses_sqlite else "postgresql"
    if manifest.database != kind:
        raise BackupError(
            f"it is a backup of {manifest.database}, and EXCHANGE_DATABASE_URL names {kind}"
        )
    for revision in manifest.migrations:
        try:
            _script().get_revision(revision)
        except CommandError:
            raise BackupError(
                f"it is at migration {revision}, which this program does not know: "
                f"restore it with the newer program ({manifest.program}) that made it"
            ) from None


def _is_empty(settings: Settings) -> None:
    """:raises BackupError: there is a database already, or somebody works with it."""
    if settings.sqlite_file is not None and not settings.sqlite_file.exists():
        return
    with create_engine(settings.database_url, poolclass=NullPool).connect() as connection:
        tables = inspect(connection).get_table_names()
    if tables:
        raise BackupError(
            f"there is a database already, with {len(tables)} tables: "
            "--force puts the backup in its place"
        )
