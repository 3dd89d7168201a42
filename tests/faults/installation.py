"""The program with servers of its own: on one machine's files, or as on a server."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from exchange.config import CHECKOUT
from tests.e2e.running import Program, User
from tests.faults.servers import Missing, PostgreSQL, Rabbit, Redis, Server, until
from tests.faults.slow_line import SlowLine

SETUPS = {"files": "SQLite+files", "redis": "PostgreSQL+Redis", "rabbit": "PostgreSQL+RabbitMQ"}
FIRST = ("user", "invite", "admin@example.org", "--name", "Admin", "--staff-role", "administrator")
# All faults of a run begin with the same database: its trail is signed with the key of the first.
KEY = "one key for all the installations of a run"
CITY = {"kind": "local_government", "level": "city", "country_code": "MZ", "languages": ["en"]}
SMALL_DISK = "160m"
LOGS = Path("build/faults")
# What stands in the command line of each of the three programs.
MARKS = {"web": "exchange.web_server", "worker": "tasks.worker", "scheduler": "tasks.beat"}


class Installation:
    """`exchange up` on one of the set-ups, with an administrator who has signed in."""

    program: Program
    admin: User

    def __init__(
        self,
        setup: str,
        folder: Path,
        *,
        small: bool = False,
        slow_line: bool = False,
        **settings: str,
    ) -> None:
        """:param small: put the database on a small disk of its own, which only root can make.
        :param slow_line: reach the broker over a line that can be made slow."""
        self.setup, self.folder, self.var = setup, folder, folder / "var"
        self.given = settings
        self.small: Path | None = None
        if small:
            self.small = self.var if setup == "files" else folder / "small"
        self.servers: list[Server] = []
        self.database: PostgreSQL | None = None
        self.broker: Redis | Rabbit | None = None
        self.wants_line = slow_line
        self.line: SlowLine | None = None
        self.organisation = 0
        self.printed: list[str] = []

    def start(self) -> None:
        """Servers and program; the first administrator signs in and writes down a city."""
        if self.small is not None:
            mount(self.small)
        usual = {"EXCHANGE_MAIL_TIMEOUT": "1", "EXCHANGE_SWEEP_SECONDS": "3"}
        usual["EXCHANGE_SECRET_KEY"] = KEY
        self.settings = {**usual, **self._own_servers(), **self.given}
        self._prepare()
        self.program = Program(self.var, **self.settings)
        self.admin = User(self.program)
        printed = self.program.run(*FIRST)
        self.admin.join(printed.split()[-1])
        self.organisation = self.admin.post("/organisations", {"name": "Nampula", **CITY})["id"]

    def _prepare(self) -> None:
        """Make the database as the first start does. It is made once for all faults of a run: what
        it was made of is kept beside the folder."""
        kept, made = self._kept()
        if kept.exists() and self.small is None:
            if self.setup == "files":
                shutil.copytree(kept, made, dirs_exist_ok=True)
            return
        environ = {k: v for k, v in os.environ.items() if not k.startswith("EXCHANGE_")}
        environ |= {**self.settings, "EXCHANGE_VAR": str(self.var), "EXCHANGE_DEMO": "0"}
        self.var.mkdir(exist_ok=True)
        environ.pop("LD_PRELOAD", None)  # other faults begin with it, too: it is made today
        subprocess.run(
            [sys.executable, "-m", "exchange.prepare"],
            env=environ,
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=CHECKOUT,
        )
        if self.small is None:
            if self.database is not None:
                self.database.leave()
            subprocess.run(["cp", "-a", made, kept], check=True)
            if self.database is not None:
                self.database.start()

    def _kept(self) -> tuple[Path, Path]:
        if self.database is None:
            return self.folder.with_name("kept-files"), self.var
        return self.folder.with_name("kept-server"), self.database.data

    def _own_servers(self) -> dict[str, str]:
        if self.setup == "files":
            return {}
        kept = self.folder.with_name("kept-server")
        known = kept if kept.exists() and self.small is None else None
        self.database = PostgreSQL(self.folder / "postgresql", known)
        self.servers.append(self.database)
        kind = Redis if self.setup == "redis" else Rabbit
        self.broker = kind(self.folder / "broker")
        self.servers.append(self.broker)
        for server in self.servers:
            server.start()
        if known is None:
            self._create_database(self.database)
        url = self.broker.url
        if self.wants_line:
            self.line = SlowLine(self.broker.port)
            url = url.replace(f":{self.broker.port}/", f":{self.line.port}/")
        found = {
            "EXCHANGE_DATABASE_URL": self.database.address("exchange"),
            "EXCHANGE_BROKER_URL": url,
        }
        if isinstance(self.broker, Redis):
            found |= {"EXCHANGE_RATE_LIMIT_URL": url, "EXCHANGE_WEB_WORKERS": "2"}
        return found

    def _create_database(self, server: PostgreSQL) -> None:
        where = ""
        if self.small is not None:
            if os.getuid() == 0:
                shutil.chown(self.small, "postgres")
            server.execute(f"CREATE TABLESPACE small LOCATION '{self.small}'")
            where = " TABLESPACE small"
        server.execute(f"CREATE DATABASE exchange{where}")

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database answers to a statement, past the program."""
        if self.database is None:
            # Not "mode=ro": who only reads cannot mend the log that a killed process has left.
            with contextlib.closing(sqlite3.connect(self.var / "exchange.db", timeout=60)) as line:
                return line.execute(statement).fetchall()
        import psycopg

        with psycopg.connect(self.database.address("exchange"), connect_timeout=5) as line:
            return line.execute(statement).fetchall()

    def processes(self, program: str) -> list[int]:
        """The processes of web, worker or scheduler: the first of a kind before its children."""
        return sorted(
            number
            for number in descendants(self.program.process.pid)
            if MARKS[program] in command_of(number)
        )

    def kill(self, number: int) -> None:
        """End a process without a word."""
        os.kill(number, signal.SIGKILL)

    def start_again(self) -> None:
        """Start the tree again, as an operator's systemd would."""
        self.program.process.wait(10)
        self.program.reader.join(5)
        self.printed += self.program.printed
        old = self.program.port
        until(lambda: not self._still_there(old), "the end of the old tree", 20)
        self.program = Program(self.var, port=old, **self.settings)
        self.admin.program = self.program

    def _still_there(self, port: int) -> bool:
        mark = f"EXCHANGE_PORT={port}".encode()
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and mark in (folder / "environ").read_bytes().split(b"\0"):
                    return True
            except OSError:
                continue
        return False

    @contextmanager
    def another(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """One more program of the same installation: a second scheduler, four more workers."""
        folder = Path(sys.executable).parent
        with (self.folder / "others.log").open("ab") as log:
            process = subprocess.Popen(
                [str(folder / command[0]), *command[1:]],
                env=self.program.environ,
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def close(self) -> None:
        """Stop all, and remove what they wrote."""
        if hasattr(self, "program") and self.program.process.poll() is None:
            self.program.stop()
        self._keep_log()
        if self.line is not None:
            self.line.stop()
        for server in self.servers:
            server.stop()
        if self.small is not None:
            subprocess.run(["umount", "--lazy", str(self.small)], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _keep_log(self) -> None:
        """What the program printed, and the log of each server: whoever asks why has them."""
        LOGS.mkdir(parents=True, exist_ok=True)
        name = f"{self.folder.name}-{self.setup}"
        program = self.program.printed if hasattr(self, "program") else []
        (LOGS / f"{name}.log").write_text("".join([*self.printed, *program]))
        for server in self.servers:
            if (log := server.folder / "log").exists():
                shutil.copyfile(log, LOGS / f"{name}-{server.folder.name}.log")


def mount(place: Path) -> None:
    """Make a small disk in memory.

    :raises Missing: this needs root.
    """
    place.mkdir(parents=True, exist_ok=True)
    command = ("mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(place))
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"no small disk without root ({done.stderr.strip()[:60]})")


def descendants(parent: int) -> list[int]:
    """The children of a process, and theirs."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit():
                above = (folder / "stat").read_text().rpartition(") ")[2].split()[1]
                parents.setdefault(int(above), []).append(int(folder.name))
        except OSError:
            continue
    found, level = [], parents.get(parent, [])
    while level:
        found += level
        level = [child for one in level for child in parents.get(one, [])]
    return found


def command_of(number: int) -> str:
    """The command line of a process; empty when it is gone."""
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@contextmanager
def installed(setup: str, folder: Path, **settings: Any) -> Iterator[Installation]:
    """An installation for one story; nothing of it is left afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    made = Installation(setup, folder, **settings)
    try:
        made.start()
        yield made
    finally:
        made.close()
