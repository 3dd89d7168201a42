"""The file of a backup: a compressed tar whose first member says what is in it, with checksums."""

import hashlib
import io
import json
import shutil
import tarfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

# Raised when an older program could not read what a newer one writes.
FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
FILES = "files/"
CHUNK = 1 << 20


class BackupError(Exception):
    """What a person can put right, in one line."""


@dataclass(frozen=True)
class Entry:
    """One member of the archive."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, and of what.

    ``database`` is ``sqlite`` or ``postgresql``; ``server`` the version that wrote the dump;
    ``migrations`` those the database was at; ``rows`` counts each table in the very state that was
    saved.
    """

    made_at: str
    program: str
    database: str
    server: str
    migrations: list[str]
    rows: dict[str, int]
    entries: list[Entry] = field(default_factory=list)
    format: int = FORMAT

    @property
    def total_rows(self) -> int:
        """The rows of all tables."""
        return sum(self.rows.values())

    @property
    def files(self) -> list[Entry]:
        """The members that are no database."""
        return [entry for entry in self.entries if entry.name.startswith(FILES)]


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def pack(target: Path, manifest: Manifest, members: dict[str, Path]) -> Manifest:
    """Write the archive beside its place and move it there whole; readable by its owner alone.

    :param members: name in the archive to the file that holds it.
    """
    entries = [
        Entry(name, path.stat().st_size, digest(path)) for name, path in sorted(members.items())
    ]
    whole = Manifest(**{**vars(manifest), "entries": entries})
    part = target.with_name(f".{target.name}.part")
    part.touch(mode=0o600)
    try:
        with tarfile.open(part, "w:gz", compresslevel=6) as tar:
            _add_text(tar, MANIFEST, json.dumps(asdict(whole), indent=1, ensure_ascii=False))
            for entry in entries:
                tar.add(members[entry.name], arcname=entry.name, recursive=False)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return whole


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))


def read_manifest(archive: Path) -> Manifest:
    """What an archive says of itself.

    :raises BackupError: it is none, it is cut off, or a newer program wrote it.
    """
    try:
        with tarfile.open(archive, "r:gz") as tar:
            return _manifest_of(tar, archive)
    except FileNotFoundError:
        raise BackupError(f"there is no file {archive}") from None
    except (OSError, EOFError, tarfile.TarError, ValueError, TypeError, KeyError) as problem:
        raise BackupError(f"{archive} is no backup that can be read: {problem}") from None


def _manifest_of(tar: tarfile.TarFile, archive: Path) -> Manifest:
    first = tar.next()
    found = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if found is None:
        raise ValueError("it does not begin with its manifest")
    known: dict[str, Any] = json.loads(found.read())
    if known.get("format", 0) > FORMAT:
        raise BackupError(f"{archive} was written by a newer program: restore it with that one")
    return Manifest(**{**known, "entries": [Entry(**entry) for entry in known["entries"]]})


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file, inside ``folder`` alone. The library's own filter for that is younger than
    the Python of Debian 12 (3.11.2)."""
    target, content = (folder / member.name).resolve(), tar.extractfile(member)
    if content is None or not target.is_relative_to(folder.resolve()):
        raise tarfile.TarError(f"{member.name} lies outside")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)
    with content, target.open("wb") as file:
        shutil.copyfileobj(content, file)
    target.chmod(member.mode & 0o755 | 0o600)


def unpack(archive: Path, folder: Path) -> Manifest:
    """Take everything out into ``folder``, compared with the checksums.

    :raises BackupError: something is missing, changed or cut off.
    """
    manifest = read_manifest(archive)
    wanted = {entry.name: entry for entry in manifest.entries}
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                if member.name in wanted and member.isreg():
                    _write(tar, member, folder)
    except (OSError, EOFError, tarfile.TarError) as problem:
        raise BackupError(f"{archive} is damaged: {problem}") from None
    for entry in manifest.entries:
        path = folder / entry.name
        if not path.is_file():
            raise BackupError(f"{archive} is damaged: {entry.name} is missing")
        if path.stat().st_size != entry.size or digest(path) != entry.sha256:
            raise BackupError(f"{archive} is damaged: {entry.name} is not what was saved")
    return manifest
