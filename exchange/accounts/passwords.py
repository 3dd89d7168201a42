"""Passwords are kept as argon2id hashes (RFC 9106, low-memory profile: 64 MiB, 3 passes)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """The hash to keep of ``password``."""
    return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether ``password`` is the one behind ``kept``; takes as long when there is none."""
    try:
        return _hasher.verify(kept or _nobody(), password) and kept is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
