"""A server of somebody else's, over TLS with a certificate of its own: it takes what we send."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from exchange import outgoing

HOST = "hooks.example.org"
# What another process finds the certificate under.
CERTIFICATE = "STRANGERS_CERTIFICATE"


class Call(NamedTuple):
    """One call that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Stranger(ThreadingHTTPServer):
    """What came, and what is answered: ``status``, ``headers`` and ``body``, once it may."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[Call] = []
        self.status, self.headers, self.body = 200, {}, b"thank you"
        self.may_answer = threading.Event()
        self.may_answer.set()
        # What is answered to an address, where one body is not enough.
        self.answer = lambda _path: self.body

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.server_address[1]}/hook"

    def handle_error(self, _request, _address) -> None:
        """A handshake that a test breaks off is no news."""


class _Handler(BaseHTTPRequestHandler):
    def _take(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError, ssl.SSLError):  # who asked is gone
            self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.calls.append(Call(self.command, self.path, dict(self.headers), body))
        self.server.may_answer.wait(60)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        said = self.server.answer(self.path)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = _take  # noqa: N815 - as the library names them

    def log_message(self, *_args) -> None:
        """The tests say what they see."""


@cache
def _pem() -> bytes:
    """A key and its certificate, for the host alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3650))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + made.public_bytes(serialization.Encoding.PEM)


def certificate() -> str:
    """The certificate of the strangers of this process."""
    return "".join(_pem().decode().partition("-----BEGIN CERTIFICATE")[1:])


def trusted() -> ssl.SSLContext:
    """What a client believes that knows this stranger."""
    return ssl.create_default_context(cadata=certificate())


def reachable(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stranger's name leads to this machine, which counts as public; who was looked up."""
    asked: list[str] = []

    def looked_up(host, port, *_kinds, **_options):
        if host != "127.0.0.1":
            asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(outgoing, "is_public", lambda _address: True)
    monkeypatch.setattr(outgoing, "tls", trusted)
    return asked


@contextmanager
def stranger() -> Iterator[Stranger]:
    """Start one."""
    with TemporaryDirectory() as folder, Stranger() as server:
        pem = Path(folder) / "pem"
        pem.write_bytes(_pem())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(5)
