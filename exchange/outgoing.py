"""Calls to an address that somebody typed: https alone, public hosts alone, a bounded answer.

The host is looked up once and that very address is connected to: a name that answers differently
the second time leads nowhere else (DNS rebinding). Redirects are not followed (OWASP ASVS 1.3.6).
"""

import ipaddress
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

PATIENCE = 15.0
# Addresses that Python calls global and that may lead into a private network: those of protocols
# (RFC 6890), translated ones (NAT64, RFC 6052 and 8215) and tunnelled ones (6to4, RFC 3056; Teredo,
# RFC 4380; the oldest form, RFC 4291).
INSIDE = tuple(
    ipaddress.ip_network(one)
    for one in (
        "192.0.0.0/24",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "::/96",
    )
)


class Unreachable(OSError):
    """The address gives nothing that can be taken; ``args[0]`` is the code of the reason."""


class _Pinned(HTTPSConnection):
    """A connection to one address, whose certificate is that of the host."""

    def __init__(self, host: str, port: int, address: str, patience: float) -> None:
        self._tls = tls()
        super().__init__(host, port, timeout=patience, context=self._tls)
        self._address, self._patience = address, patience

    def connect(self) -> None:
        line = socket.create_connection((self._address, self.port), self._patience)
        self.sock = self._tls.wrap_socket(line, server_hostname=self.host)


def tls() -> ssl.SSLContext:
    """Whom we believe: the authorities of the machine."""
    return ssl.create_default_context()


def checked(url: str) -> tuple[str, int, str]:
    """(host, port, path with query) of an address that may be called at all.

    :raises Unreachable: ``not_https``: another scheme, no host, or a name and password in it.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 443
    except ValueError:
        raise Unreachable("not_https") from None
    if parts.scheme != "https" or not host or parts.username or parts.password:
        raise Unreachable("not_https")
    return host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


@contextmanager
def answer(
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
) -> Iterator[HTTPResponse]:
    """The answer of ``url``, to read within the block: to a POST of ``body``, else to a GET.

    :param patience: seconds to wait for the connection, and for each piece of the answer.
    :raises Unreachable: ``not_https``, ``not_public``, ``no_answer``.
    """
    host, port, path = checked(url)
    try:
        line = _Pinned(host, port, public_address(host, port), patience)
        try:
            line.request("GET" if body is None else "POST", path, body, dict(headers or {}))
            yield line.getresponse()
        finally:
            line.close()
    except Unreachable:
        raise
    except (OSError, HTTPException, ValueError):
        raise Unreachable("no_answer") from None


def public_address(host: str, port: int) -> str:
    """An address of ``host`` when all it has are public.

    :raises Unreachable: ``not_public``; an address within our own house, or none at all.
    """
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(is_public(one) for one in found):
        raise Unreachable("not_public")
    return found[0]


def is_public(address: str) -> bool:
    """Does an IP address lead out of the house, whichever way it is written?"""
    known = ipaddress.ip_address(address.partition("%")[0])
    inside = getattr(known, "ipv4_mapped", None)
    if inside is not None:
        return is_public(str(inside))
    if known.is_multicast or any(known in net for net in INSIDE if net.version == known.version):
        return False
    return known.is_global
