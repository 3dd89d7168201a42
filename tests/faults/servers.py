"""Servers of our own on free ports, to be stopped, killed and emptied as one likes."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.e2e.running import free_port

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
RABBIT = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin"))


class Missing(Exception):
    """A server or a right that this machine does not have; the message says which."""


def until(look: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait until ``look`` is true.

    :raises AssertionError: it takes longer than ``seconds``.
    """
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.05)


def open_port(port: int) -> bool:
    """Does anybody listen there?"""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """A program that listens on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def command(self) -> Sequence[str | Path]:
        """What starts it."""
        raise NotImplementedError

    def environ(self) -> dict[str, str]:
        """Where it runs."""
        return dict(os.environ)

    def start(self) -> None:
        """Start it and wait until it listens."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                env=self.environ(),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        until(lambda: open_port(self.port), f"{type(self).__name__} on {self.port}", 240)

    def kill(self) -> None:
        """End it and its children, without a word."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
        until(lambda: not open_port(self.port), "a closed port")

    def pause(self) -> None:
        """Let it hang: it takes connections and says nothing."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGCONT)

    stop = kill


class Redis(Server):
    """A Redis that keeps nothing on disk."""

    def command(self) -> Sequence[str | Path]:
        program = shutil.which("redis-server")
        if program is None:
            raise Missing("no redis-server on this machine")
        keeping = ("--save", "", "--appendonly", "no", "--dir", str(self.folder))
        return (program, "--port", str(self.port), "--bind", "127.0.0.1", *keeping)

    @property
    def url(self) -> str:
        """Its address, as the broker."""
        return f"redis://127.0.0.1:{self.port}/0"

    def wipe(self) -> None:
        """Forget everything."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as line:
            line.sendall(b"FLUSHALL\r\n")
            assert line.recv(100).startswith(b"+OK")


class Rabbit(Server):
    """A RabbitMQ with a node name of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.talk = free_port()

    def command(self) -> Sequence[str | Path]:
        if not RABBIT:
            raise Missing("no RabbitMQ on this machine")
        return (RABBIT[-1] / "rabbitmq-server",)

    def environ(self) -> dict[str, str]:
        return {
            **os.environ,
            "HOME": str(self.folder),
            "RABBITMQ_NODENAME": f"faults{self.port}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(self.talk),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "logs"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
        }

    @property
    def url(self) -> str:
        """Its address, as the broker."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def wipe(self) -> None:
        """Forget everything, queues and all."""
        self.kill()
        shutil.rmtree(self.folder / "mnesia", ignore_errors=True)
        self.start()


class PostgreSQL(Server):
    """A PostgreSQL of our own."""

    def __init__(self, folder: Path, known: Path | None = None) -> None:
        """:param known: data of one that was stopped, to begin with; else ``initdb`` makes it."""
        super().__init__(folder)
        if not BINARIES:
            raise Missing("no PostgreSQL server on this machine")
        self.data = folder / "data"
        self._who: tuple[str, ...] = ()
        if os.getuid() == 0:  # PostgreSQL does not run as root
            self._who = ("runuser", "-u", "postgres", "--")
            shutil.chown(folder, "postgres")
        if known is not None:
            subprocess.run(["cp", "-a", known, self.data], check=True)
            return
        subprocess.run(
            [*self._who, BINARIES[-1] / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust"],
            check=True,
            capture_output=True,
            cwd="/",
        )

    def command(self) -> Sequence[str | Path]:
        options = (
            *("-c", f"port={self.port}", "-c", "listen_addresses=127.0.0.1"),
            *("-c", "unix_socket_directories=", "-c", "max_connections=120"),
        )
        return (*self._who, BINARIES[-1] / "postgres", "-D", str(self.data), *options)

    def leave(self) -> None:
        """Stop in good order."""
        master = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(master, signal.SIGINT)
        assert self.process
        self.process.wait(60)

    def start(self) -> None:
        super().start()
        until(self._takes_queries, "PostgreSQL to take queries")

    def _takes_queries(self) -> bool:
        import psycopg

        try:
            with psycopg.connect(self.address("postgres"), connect_timeout=2) as line:
                line.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def address(self, database: str) -> str:
        """Where a database of it is."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement outside any transaction."""
        import psycopg

        with psycopg.connect(self.address(database), autocommit=True) as line:
            line.execute(statement)
