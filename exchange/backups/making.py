"""Making a backup while the program runs."""

import tempfile
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from exchange.backups import databases, files
from exchange.backups.archive import DATABASE, FILES, BackupError, Manifest, pack
from exchange.clock import now
from exchange.config import Settings

NAME = "peer-exchange-{stamp}.tar.gz"


def make(settings: Settings, target: Path) -> tuple[Path, Manifest]:
    """Save the database and the files into one archive; (its path, what it holds).

    :param target: a file that is not there yet, or a folder, where it gets a name of its instant.
    :raises BackupError: it cannot be done; nothing is left behind.
    """
    made = now()
    if target.is_dir():
        target = target / NAME.format(stamp=f"{made:%Y%m%dT%H%M%SZ}")
    if target.exists():
        raise BackupError(f"{target} is there already: a backup is never written over another")
    if not target.parent.is_dir():
        raise BackupError(f"there is no folder {target.parent}")
    # Beside its place: moving it there at the end is one step, and the room is that of the target.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as name:
        folder = Path(name)
        kept, dump = folder / "files", folder / DATABASE
        kept.mkdir()
        # Files are looked at before and after the database: one that a row of that moment speaks
        # of was there before, or is still there after.
        files.copy(settings.var, kept, settings.sqlite_file)
        server, rows = _save_database(settings, dump)
        files.copy(settings.var, kept, settings.sqlite_file)
        members = {FILES + str(p.relative_to(kept)): p for p in kept.rglob("*") if p.is_file()}
        manifest = Manifest(
            made_at=made.isoformat(timespec="seconds"),
            program=version("peer-exchange"),
            database="sqlite" if settings.uses_sqlite else "postgresql",
            server=server,
            migrations=_migrations(settings, dump),
            rows=rows,
        )
        return target, pack(target, manifest, {DATABASE: dump, **members})


def _save_database(settings: Settings, dump: Path) -> tuple[str, dict[str, int]]:
    if settings.sqlite_file is not None:
        return databases.save_sqlite(settings.sqlite_file, dump)
    if settings.uses_sqlite:
        raise BackupError("a database in memory cannot be saved")
    return databases.save_postgresql(settings.database_url, dump)


def _migrations(settings: Settings, dump: Path) -> list[str]:
    """Those of the copy; a server's database does not migrate between two looks of one backup."""
    url = f"sqlite:///{dump}" if settings.uses_sqlite else settings.database_url
    with create_engine(url, poolclass=NullPool).connect() as connection:
        found = connection.scalars(text("SELECT version_num FROM alembic_version"))
        return sorted(str(one) for one in found)


def forget_old(folder: Path, keep: int) -> list[Path]:
    """Delete all but the ``keep`` newest backups of a folder; return those that went."""
    found = sorted(folder.glob(NAME.format(stamp="*")), reverse=True)
    for path in found[keep:]:
        path.unlink()
    return found[keep:]
