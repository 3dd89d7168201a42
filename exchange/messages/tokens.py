"""Signed addresses in mails: each opens one thing, for a while, for whoever holds the mail."""

import hmac
from base64 import b32encode
from datetime import timedelta
from enum import StrEnum, auto

from itsdangerous import BadData, URLSafeTimedSerializer

from exchange.errors import NotFound
from exchange.messages.house import house

LASTS = timedelta(days=90)


class Purpose(StrEnum):
    """What an address is for; one that was made for something else opens nothing."""

    read = auto()
    answer = auto()
    leave = auto()


def make(purpose: Purpose, key: str) -> str:
    """Sign the key of a mail for one purpose."""
    return _signer(purpose).dumps(key)


def read(purpose: Purpose, token: str) -> str:
    """The key of the mail.

    :raises NotFound: it was changed, made for another purpose, or is older than 90 days.
    """
    try:
        key = _signer(purpose).loads(token, max_age=int(LASTS.total_seconds()))
    except BadData:
        raise NotFound("link_gone") from None
    return str(key)


def _signer(purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(house().keys), salt=f"mail-{purpose}")


def reply_token(exchange_id: int) -> str:
    """What stands in the reply address of an exchange: its id, and a proof that we wrote it.

    Lower case and short: mail servers fold the letters of an address and cut it at 64.
    """
    return _reply_token(exchange_id, house().keys[-1])


def _reply_token(exchange_id: int, key: str) -> str:
    proof = hmac.digest(key.encode(), f"reply {exchange_id}".encode(), "sha256")
    return f"{exchange_id}-{b32encode(proof[:10]).decode().lower()}"


def exchange_of_reply(token: str) -> int | None:
    """The id of the exchange that a reply is for; None when the proof is wrong.

    People answer old mails, too: an older key that is still accepted is as good.
    """
    number, _dash, _proof = token.partition("-")
    if not (number.isascii() and number.isdigit()):
        return None
    ours = (_reply_token(int(number), key) for key in house().keys)
    same = any(hmac.compare_digest(one, token.lower()) for one in ours)
    return int(number) if same else None
