"""How often a client may knock: the sign-in and other doors name their own limits."""

from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import request
from flask_limiter import Limiter

# One customer gets at least this much of the IPv6 space (RFC 6177): it counts as one client.
_CLIENT_PREFIX = 64


def client() -> str:
    """The network address that limits count by."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:  # a socket file has no address
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> _CLIENT_PREFIX << _CLIENT_PREFIX))


# Seconds that a request waits for the server that counts; then its process counts by itself.
PATIENCE = 1


def config_of(url: str) -> dict[str, Any]:
    """The library's settings for a server that counts at ``url``.

    Whoever signs in waits for that server: one that is away, hangs or is slow may cost a second and
    no more. Until it is back, each process counts what it sees, which is still a limit.
    """
    return {
        "RATELIMIT_STORAGE_URI": url,
        "RATELIMIT_STORAGE_OPTIONS": _impatient() if url.startswith("redis") else {},
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_HEADERS_ENABLED": True,
    }


def _impatient() -> dict[str, Any]:
    from redis.backoff import NoBackoff  # late: a machine that counts in memory needs no Redis
    from redis.retry import Retry

    waits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    # One try: the library's own three, with pauses between them, last many seconds.
    return {**waits, "retry": Retry(NoBackoff(), 0)}


limiter = Limiter(client, default_limits=[])
