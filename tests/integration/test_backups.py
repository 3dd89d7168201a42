"""A backup holds everything, made while others write; what is restored is what was saved."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

from exchange.app import create_app
from exchange.backups import databases, restoring
from exchange.backups.archive import BackupError, unpack
from exchange.backups.making import forget_old, make
from exchange.commands import backup as commands
from exchange.config import Settings, load
from exchange.demo import actions as demo
from exchange.extensions import db
from exchange.transaction import transaction
from exchange.vocabularies.reference import load_reference
from tests.e2e.running import SERVER, servers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.xdist_group("backups")]
SECOND, THIRD = "peer_exchange_backup_second", "peer_exchange_backup_third"


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)]
)
def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """The demonstration network at the newest migration, with files."""
    var = tmp_path_factory.mktemp("first")
    environ = {"EXCHANGE_VAR": str(var)}
    if request.param == "postgresql":
        servers(SECOND, redis=9)
        servers(THIRD, redis=9)
        known = servers("peer_exchange_backup_first", redis=9)
        environ["EXCHANGE_DATABASE_URL"] = known["EXCHANGE_DATABASE_URL"]
    settings = load(environ)
    before = os.environ.get("EXCHANGE_VAR")
    os.environ["EXCHANGE_VAR"] = str(var)  # where the demonstration keeps its password
    try:
        with create_app(settings).app_context():
            flask_migrate.upgrade()
            with transaction():
                load_reference(cities_from=1_000_000)
            with transaction():
                demo.load()
            db.session.remove()
            db.engine.dispose()
    finally:
        os.environ.pop("EXCHANGE_VAR")
        if before:
            os.environ["EXCHANGE_VAR"] = before
    for name in ("imports/7-needs.xlsx", "photos/à voir.jpg"):
        (var / name).parent.mkdir(exist_ok=True)
        (var / name).write_bytes(os.urandom(4096))
    for name in ("broker/messages/1.msg", "encoder.db", "metrics/x.db", ".probe.1"):
        (var / name).parent.mkdir(parents=True, exist_ok=True)
        (var / name).write_text("can be made again", encoding="utf-8")
    return settings


def another(settings: Settings, folder: Path, database: str = SECOND) -> Settings:
    """An empty installation of the same kind."""
    environ = {"EXCHANGE_VAR": str(folder / "second")}
    if not settings.uses_sqlite:
        empty(f"{SERVER}/{database}")
        environ["EXCHANGE_DATABASE_URL"] = f"{SERVER}/{database}"
    return load(environ)


@dataclass(frozen=True)
class Saved:
    """One backup for all tests that only read it, and what there was when it was made."""

    path: Path
    contents: dict[str, str]
    files: dict[str, bytes]

    def copy(self, folder: Path) -> Path:
        """The archive, for a test that changes it."""
        return Path(shutil.copy(self.path, folder))


@pytest.fixture(scope="module")
def saved(installation: Settings, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """A backup of the installation."""
    path, _manifest = make(installation, tmp_path_factory.mktemp("saved"))
    return Saved(path, contents(installation), saved_files(installation.var))


@pytest.fixture(scope="module")
def restored(
    installation: Settings, saved: Saved, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """An installation that was made of the backup: whoever uses it must leave it as it was."""
    target = another(installation, tmp_path_factory.mktemp("restored"), THIRD)
    restoring.restore(target, saved.path, force=False)
    return target


def engine_of(url: str) -> Engine:
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)


def empty(url: str) -> None:
    with engine_of(url).begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def contents(settings: Settings) -> dict[str, str]:
    """A digest of all rows of each table, in their order."""
    engine = create_engine(settings.database_url, poolclass=NullPool)
    found = {}
    with engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            rows = connection.execute(text(f'SELECT * FROM "{name}"')).all()
            text_of = "\n".join(sorted(repr(tuple(row)) for row in rows))
            found[name] = f"{len(rows)} {hashlib.sha256(text_of.encode()).hexdigest()}"
    return found


def count_rows(settings: Settings) -> dict[str, int]:
    if settings.sqlite_file is not None:
        return databases.count_sqlite(settings.sqlite_file)
    return databases.count_postgresql(settings.database_url)


def saved_files(var: Path) -> dict[str, bytes]:
    kept = ("imports", "photos", "secret_key", "demonstration_password")
    return {
        str(path.relative_to(var)): path.read_bytes()
        for path in sorted(var.rglob("*"))
        if path.is_file() and path.relative_to(var).parts[0] in kept
    }


def sequences_go_on(settings: Settings) -> None:
    """A row that is written after a restore gets a number of its own."""
    engine = create_engine(settings.database_url, poolclass=NullPool)
    with engine.begin() as connection:
        most = connection.scalar(text("SELECT max(id) FROM step"))
        connection.execute(
            text(
                "INSERT INTO step (subject_type, subject_id, trigger, from_state, to_state, note, "
                "overrode, happened_at) VALUES ('need', 1, 'x', 'a', 'b', '', false, "
                "CURRENT_TIMESTAMP)"
            )
        )
        assert connection.scalar(text("SELECT max(id) FROM step")) > most


def test_what_is_restored_is_what_was_saved_row_by_row_and_byte_by_byte(
    installation: Settings, tmp_path: Path
) -> None:
    path, manifest = make(installation, tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert manifest.total_rows > 1000
    assert not [p for p in tmp_path.iterdir() if p != path], "nothing is left beside it"
    assert not [e.name for e in manifest.entries if "encoder" in e.name or "broker" in e.name]
    target = another(installation, tmp_path)
    done = restoring.restore(target, path, force=False)
    assert contents(target) == contents(installation)
    assert saved_files(target.var) == saved_files(installation.var)
    assert (target.var / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (done.files, done.older) == (len(manifest.files), False)
    sequences_go_on(target)


@contextmanager
def writing(settings: Settings) -> Iterator[list[int]]:
    """Somebody writes a need's and an offer's step together, again and again."""
    over, done = threading.Event(), [0]

    def write() -> None:
        engine = create_engine(
            settings.database_url,
            poolclass=NullPool,
            **({"connect_args": {"timeout": 30}} if settings.uses_sqlite else {}),
        )
        row = (
            "INSERT INTO step (subject_type, subject_id, trigger, from_state, to_state, note, "
            "overrode, happened_at) VALUES (:noun, :n, 'pair', 'a', 'b', '', false, "
            "CURRENT_TIMESTAMP)"
        )
        while not over.is_set():
            with engine.begin() as connection:
                for noun in ("left", "right"):
                    connection.execute(text(row), {"noun": noun, "n": done[0]})
            done[0] += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield done
    finally:
        over.set()
        thread.join()


def pairs(settings: Settings) -> tuple[int, int]:
    query = "SELECT count(*) FROM step WHERE trigger = 'pair' AND subject_type = :noun"
    with create_engine(settings.database_url, poolclass=NullPool).connect() as connection:
        left, right = (
            connection.scalar(text(query), {"noun": noun}) or 0 for noun in ("left", "right")
        )
    return left, right


def test_a_backup_under_writes_is_one_state_and_writers_go_on(
    installation: Settings, tmp_path: Path
) -> None:
    with writing(installation) as done:
        while done[0] < 5:
            threading.Event().wait(0.01)
        begun = done[0]
        path, manifest = make(installation, tmp_path)
        written = done[0] - begun
    assert written > 0, "nobody waited for the backup"
    target = another(installation, tmp_path)
    restoring.restore(target, path, force=False)
    left, right = pairs(target)
    assert left == right >= begun
    assert count_rows(target) == manifest.rows


def test_a_database_that_is_there_is_not_overwritten_unless_asked(
    installation: Settings, saved: Saved, tmp_path: Path
) -> None:
    target = another(installation, tmp_path)
    restoring.restore(target, saved.path, force=False)
    with pytest.raises(BackupError, match="there is a database already, with"):
        restoring.restore(target, saved.path, force=False)
    (target.var / "imports" / "new.xlsx").write_text("later", encoding="utf-8")
    done = restoring.restore(target, saved.path, force=True)
    assert contents(target) == saved.contents
    assert not (target.var / "imports" / "new.xlsx").exists()
    if target.uses_sqlite:
        assert done.aside
        assert databases.count_sqlite(done.aside) == databases.count_sqlite(target.sqlite_file)


def rewritten(path: Path, change: Any) -> Path:
    """The archive with another content: ``change`` gets and gives its members by name."""
    with tarfile.open(path) as tar:
        members = {m.name: (tar.extractfile(m) or io.BytesIO()).read() for m in tar}
    changed = path.with_name("changed.tar.gz")
    with tarfile.open(changed, "w:gz") as tar:
        for name, content in change(members).items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return changed


def with_manifest(**facts: Any) -> Any:
    def change(members: dict[str, bytes]) -> dict[str, bytes]:
        known = json.loads(members["manifest.json"])
        return {**members, "manifest.json": json.dumps({**known, **facts}).encode()}

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: {**m, "database": m["database"][:-1] + b"?"}, "is not what was saved"),
        (lambda m: {k: v for k, v in m.items() if "photos" not in k}, "voir.jpg is missing"),
        (lambda m: {k: v for k, v in m.items() if k != "manifest.json"}, "its manifest"),
        (with_manifest(migrations=["9999"]), "migration 9999, which this program does not know"),
        (with_manifest(format=99), "written by a newer program"),
        (with_manifest(database="oracle"), "a backup of oracle"),
        (with_manifest(rows={"step": 1}), "other numbers of rows"),
    ],
)
def test_what_is_not_whole_or_does_not_fit_is_refused_and_changes_nothing(
    saved: Saved, restored: Settings, tmp_path: Path, change: Any, words: str
) -> None:
    with pytest.raises(BackupError, match=words):
        restoring.restore(restored, rewritten(saved.copy(tmp_path), change), force=True)
    assert contents(restored) == saved.contents
    assert saved_files(restored.var) == saved.files


def outside(members: dict[str, bytes]) -> dict[str, bytes]:
    """An archive with a file that would be written beside the folder it is unpacked in."""
    known = json.loads(members["manifest.json"])
    entry = {"name": "files/../../outside", "size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
    manifest = json.dumps({**known, "entries": [*known["entries"], entry]}).encode()
    return {**members, "manifest.json": manifest, entry["name"]: b"x"}


def test_nothing_is_written_outside_of_the_folder(saved: Saved, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(BackupError, match="outside lies outside"):
        unpack(rewritten(saved.copy(tmp_path), outside), folder)
    assert not (tmp_path / "outside").exists()


def test_a_file_that_is_cut_off_is_refused(saved: Saved, tmp_path: Path) -> None:
    path = saved.copy(tmp_path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(BackupError, match=r"damaged|can be read"):
        restoring.verify(path)


def run(command: Any, settings: Settings, *arguments: str) -> str:
    """What a command prints, as `exchange` would run it for an installation."""
    environ = {"EXCHANGE_VAR": str(settings.var), "EXCHANGE_PORT": "1"}
    if not settings.uses_sqlite:
        environ["EXCHANGE_DATABASE_URL"] = settings.database_url
    done = CliRunner().invoke(command, list(arguments), env=environ)
    return done.output if done.exception is None else f"{done.output} {done.exception}"


def test_an_older_backup_is_brought_up_to_the_present_migrations(
    installation: Settings, tmp_path: Path
) -> None:
    older = another(installation, tmp_path)
    older.var.mkdir(exist_ok=True)
    with create_app(older).app_context():
        flask_migrate.upgrade(revision="0039")
        db.engine.dispose()
    path, manifest = make(older, tmp_path)
    assert manifest.migrations == ["0039"]
    said = run(commands.restore, older, str(path), "--force")
    assert "brought up to the migrations of this program" in said
    assert count_rows(older)
    with create_engine(older.database_url, poolclass=NullPool).connect() as connection:
        at = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    assert at == restoring._heads()


def test_the_commands_say_what_they_did_and_old_backups_go(
    installation: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    for stamp in ("20200101T000000Z", "20200102T000000Z"):
        (folder / f"peer-exchange-{stamp}.tar.gz").touch()
    said = run(commands.backup, installation, str(folder), "--keep", "2")
    assert " tables, " in said
    assert "20200101T000000Z.tar.gz: deleted" in said
    path = max(folder.iterdir())
    assert "whole; " in run(commands.restore, installation, str(path), "--check")
    target = another(installation, tmp_path)
    assert "restored: " in run(commands.restore, target, str(path))
    assert "there is a database already" in run(commands.restore, target, str(path))
    assert "is there already" in run(commands.backup, target, str(path))
    assert "there is no folder" in run(commands.backup, target, str(folder / "no" / "x"))
    assert forget_old(folder, 1) == [folder / "peer-exchange-20200102T000000Z.tar.gz"]


def test_a_program_that_runs_is_not_restored_under_its_feet(
    installation: Settings, saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    if installation.uses_sqlite:
        monkeypatch.setattr("exchange.commands.up.answers", lambda _settings: True)
        said = run(commands.restore, installation, str(saved.path))
    else:
        with create_engine(installation.database_url, poolclass=NullPool).connect():
            said = run(commands.restore, installation, str(saved.path))
    assert "the program runs" in said
    assert "stop web, worker and scheduler first" in said


def test_a_table_of_the_full_text_index_is_not_counted_twice(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
        connection.execute("CREATE TABLE other_data (id INTEGER)")
        connection.commit()
    assert databases.count_sqlite(file) == {"other_data": 0, "words": 0}
