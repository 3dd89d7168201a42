"""How often a client may knock: the sign-in and other doors name their own limits."""

from ipaddress import IPv6Address, ip_address

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


limiter = Limiter(client, default_limits=[])
