"""What must be read again but not by whoever gets a copy of the database: sealed with a key that is
made from the secret key of the installation.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask

from exchange.extensions import of_app


def use(app: Flask, keys: Sequence[str]) -> None:
    """Say with which secret keys ``app`` seals and opens; the newest first."""
    app.extensions["sealing"] = tuple(keys)


def seal(text: str) -> str:
    """``text``, so that only this installation can read it."""
    return _box().encrypt(text.encode()).decode()


def opened(sealed: str) -> str | None:
    """What was sealed; None when it was sealed with a key that is no longer known."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in of_app("sealing")])


def _key(secret: str) -> bytes:
    """Another key than cookies are signed with: one that leaks there opens nothing here."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sealed in the database")
    return urlsafe_b64encode(derived.derive(secret.encode()))
