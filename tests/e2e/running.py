"""The real program, run as people run it, and the people who use it over HTTP."""

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

SERVER = "postgresql://postgres@127.0.0.1:5432"
EXCHANGE = (sys.executable, "-c", "from exchange.cli import main; main()")
PASSWORD = "a long walk by the river 42"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _reachable(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def servers(database: str, *, redis: int) -> dict[str, str]:
    """A new database on PostgreSQL and a number of Redis, as settings; or a skip that says what is
    missing (a failure where CI=true)."""
    for name, port in (("PostgreSQL", 5432), ("Redis", 6379)):
        if not _reachable(port):
            reason = f"no {name} at 127.0.0.1:{port}"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    url = SERVER.replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(f"{url}/postgres", isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {database}"))
    return {
        "EXCHANGE_DATABASE_URL": f"{SERVER}/{database}",
        "EXCHANGE_BROKER_URL": f"redis://127.0.0.1:6379/{redis}",
    }


class Program:
    """`exchange up` with a folder of its own: web, worker and scheduler."""

    def __init__(self, var: Path, *, port: int = 0, **settings: str) -> None:
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environ = {k: v for k, v in os.environ.items() if not k.startswith("EXCHANGE_")}
        self.environ |= {
            "EXCHANGE_VAR": str(var),
            "EXCHANGE_PORT": str(self.port),
            "EXCHANGE_DEMO": "0",
            "EXCHANGE_SWEEP_SECONDS": "1",
            # Nobody waits for the morning of a reader in a test.
            "EXCHANGE_QUIET_HOURS": "00:00-00:00",
            "EXCHANGE_QUIET_WEEKENDS": "0",
            "EXCHANGE_MAIL_GATHER": "0",
            **settings,
        }
        self.printed: list[str] = []
        self.process = subprocess.Popen(
            [*EXCHANGE, "up", "--with-parent"],  # nothing is left behind by tests that are killed
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        try:
            wait_for(self._is_ready, "the worker", 300, self)
        except BaseException:  # Ctrl-C, too: nothing is to be left behind
            self.stop()
            raise

    def _is_ready(self) -> bool:
        return any("ready." in line for line in self.printed)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.printed.append(line)
        self.process.stdout.close()

    def run(self, *command: str) -> str:
        """The output of another `exchange` command on the same installation."""
        done = subprocess.run(
            [*EXCHANGE, *command],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def worker(self) -> int:
        """The process of the worker: it knows its port by its environment."""
        mark = f"EXCHANGE_PORT={self.port}".encode()
        for folder in Path("/proc").iterdir():
            try:
                line, environ = (
                    (folder / part).read_bytes().split(b"\0") for part in ("cmdline", "environ")
                )
            except OSError:
                continue
            if mark in environ and any(b"tasks.worker" in word for word in line):
                return int(folder.name)
        raise AssertionError("no worker")

    def log(self) -> str:
        return "".join(self.printed[-60:])

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.reader.join(5)


def wait_for(
    look: Callable[[], Any], what: str, seconds: float = 30, program: Program | None = None
) -> Any:
    """What ``look`` gives once it is true; fails when that takes longer than ``seconds``."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if program is not None and program.process.poll() is not None:
            raise AssertionError(f"the program ended while waiting for {what}:\n{program.log()}")
        if time.monotonic() > deadline:
            log = program.log() if program else ""
            raise AssertionError(f"waited {seconds} s in vain for {what}\n{log}")
        time.sleep(0.1)
    return found


class Answer:
    """What the server said."""

    def __init__(self, status: int, text: str, url: str) -> None:
        self.status, self.text, self.url = status, text, url

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class User:
    """Somebody with a browser that keeps cookies, and later a key to the API."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.key = ""
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            with self.opener.open(request, timeout=30) as answer:
                return Answer(answer.status, answer.read().decode(), answer.url)
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode(), error.url)

    def page(self, path: str) -> Answer:
        """Open a page."""
        url = path if path.startswith("http") else self.program.address + path
        return self._ask(urllib.request.Request(url))  # noqa: S310 - our own server

    def send(self, path: str, fields: dict[str, Any], form: str = "") -> Answer:
        """Fill in the form of a page and send it, with the token the page carries."""
        url = path if path.startswith("http") else self.program.address + path
        shown = self.page(form or path)
        token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)
        assert token, f"no form on {form or path}: {shown.status} {shown.text[:500]}"
        body = urlencode({"csrf_token": token.group(1), **fields}, doseq=True).encode()
        request = urllib.request.Request(url, data=body, method="POST")  # noqa: S310 - the same
        return self._ask(request)

    def api(self, method: str, path: str, body: Any = None, *, expect: int = 0) -> Any:
        """Call the API; the answer must be a success (or ``expect``)."""
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        url = f"{self.program.address}/api/v1{path}"
        request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - the same
        answer = self._ask(request)
        if answer.status == 409 and answer.json["error"]["code"] == "overtaken":
            answer = self._ask(request)  # the worker was faster; the answer says to send it again
        fine = answer.status == expect if expect else answer.status < 400
        assert fine, f"{method} {path} → {answer.status}: {answer.text[:800]}"
        return answer.json if answer.text else None

    def get(self, path: str) -> Any:
        return self.api("GET", path)

    def post(self, path: str, body: Any, *, expect: int = 0) -> Any:
        return self.api("POST", path, body, expect=expect)

    def step(self, path: str, trigger: str, note: str = "") -> Any:
        """Move a row by one step; return where it stands."""
        return self.post(f"{path}/steps", {"trigger": trigger, "note": note})["state"]

    def join(self, link: str) -> "User":
        """Take an invitation: choose a password, sign in, make a key to the API."""
        self.send(link, {"password": PASSWORD, "new_password": PASSWORD, "again": PASSWORD})
        return self.make_key()

    def make_key(self) -> "User":
        shown = self.send("/account/tokens", {"name": "e2e", "scope": "write"})
        found = re.search(r'id="secret"[^>]*value="([^"]+)"', shown.text)
        assert found, f"no key on the page: {shown.status} {shown.text[-1500:]}"
        self.key = unescape(found.group(1)).strip()
        return self
