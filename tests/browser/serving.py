"""The program as a reader meets it: the real application, a file of its own, the demonstration."""

import json
import os
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from exchange.app import create_app
from exchange.config import load
from exchange.demo import actions as demo
from exchange.extensions import Base, db
from exchange.vocabularies.reference import load_reference
from tests.browser import world

HOST = "127.0.0.1"
# The folder of the demonstration.
BUILT = "demonstration"


class Server:
    """The application behind a real port, and the way into its rows."""

    def __init__(self, app: Flask, url: str, folder: Path) -> None:
        self.app, self.url = app, url
        self.secrets = json.loads((folder / world.SECRETS).read_text(encoding="utf-8"))


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept open, as gunicorn keeps them

    def log_request(self, *_args: object) -> None:
        """Say nothing: the tests say what they see."""


def built(shared: Path, database: Mapping[str, str] | None = None) -> Path:
    """The folder of the filled database: made by whichever worker comes first.

    :param database: settings that name another database than a file in the folder.
    """
    folder, ready = shared / BUILT, shared / f"{BUILT}.ready"
    try:
        folder.mkdir()
    except FileExistsError:
        _wait_for(ready)
        return folder
    app = _application(folder, database)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_reference(cities_from=1_000_000)
        demo.load()
        db.session.commit()
        world.complete(folder)
        db.session.remove()
        db.engine.dispose()
    ready.touch()
    return folder


def _wait_for(ready: Path) -> None:
    deadline = time.monotonic() + 120
    while not ready.exists():
        if time.monotonic() > deadline:
            raise TimeoutError("the worker that fills the database did not finish")
        time.sleep(0.2)


def _application(folder: Path, database: Mapping[str, str] | None = None) -> Flask:
    os.environ["EXCHANGE_VAR"] = str(folder)  # the demonstration keeps its password there
    environ = {"EXCHANGE_VAR": str(folder), "EXCHANGE_LOG_LEVEL": "ERROR"}
    app = create_app(load({**environ, **(database or {})}))
    # Hundreds of pages a minute from one address; nothing else differs from the product.
    app.config.update(RATELIMIT_ENABLED=False)
    return app


@contextmanager
def served(filled: Path, folder: Path) -> Iterator[Server]:
    """A copy of the filled folder behind the application, answering until the block ends."""
    shutil.copytree(filled, folder, dirs_exist_ok=True)
    app = _application(folder)
    server = make_server(HOST, 0, app, threaded=True, request_handler=_Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Server(app, f"http://{HOST}:{server.port}", folder)
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
        with app.app_context():
            db.engine.dispose()
