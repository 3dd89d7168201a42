"""Fetching from an address that somebody typed: https alone, public hosts alone, a bounded answer.

The host is looked up once and that very address is connected to: a name that answers differently
the second time leads nowhere else. Redirects are not followed.
"""

import ipaddress
import socket
import ssl
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from exchange.practices.dublin_core import LONGEST

PATIENCE = 15.0
TYPES = ("xml", "octet-stream", "text/plain")


class Unreachable(OSError):
    """The address gives nothing that can be taken; ``args[0]`` is the code of the reason."""


class _Pinned(HTTPSConnection):
    """A connection to one address, whose certificate is that of the host."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=PATIENCE, context=self._tls)
        self._address = address

    def connect(self) -> None:
        line = socket.create_connection((self._address, self.port), PATIENCE)
        self.sock = self._tls.wrap_socket(line, server_hostname=self.host)


def fetch(url: str) -> bytes:
    """What lies at ``url``.

    :raises Unreachable: ``not_https``, ``not_public``, ``no_answer``, ``too_big``, ``no_xml``.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username:
        raise Unreachable("not_https")
    try:
        port = parts.port or 443
        line = _Pinned(parts.hostname, port, public_address(parts.hostname, port))
        line.request("GET", parts.path + (f"?{parts.query}" if parts.query else "") or "/")
        return _body(line)
    except Unreachable:
        raise
    except (OSError, HTTPException, ValueError):
        raise Unreachable("no_answer") from None


def _body(line: HTTPSConnection) -> bytes:
    try:
        answer = line.getresponse()
        if answer.status != 200:
            raise Unreachable("no_answer")
        if not any(kind in answer.headers.get_content_type() for kind in TYPES):
            raise Unreachable("no_xml")
        raw = answer.read(LONGEST + 1)
    finally:
        line.close()
    if len(raw) > LONGEST:
        raise Unreachable("too_big")
    return raw


def public_address(host: str, port: int) -> str:
    """An address of ``host`` when all it has are public.

    :raises Unreachable: ``not_public``; an address within our own house, or none at all.
    """
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(ipaddress.ip_address(one).is_global for one in found):
        raise Unreachable("not_public")
    return found[0]


def records_at(url: str, token: str = "") -> str:
    """The address of the first records of a source, or of those after ``token``.

    An address that asks for something already is left as it is.
    """
    if token:
        base = url.partition("?")[0]
        return f"{base}?{urlencode({'verb': 'ListRecords', 'resumptionToken': token})}"
    if "?" in url or url.endswith(".xml"):
        return url
    return f"{url}?{urlencode({'verb': 'ListRecords', 'metadataPrefix': 'oai_dc'})}"
