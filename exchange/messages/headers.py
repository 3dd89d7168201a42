"""The headers by which mail programs thread a mail, answer it, and leave a list."""

from urllib.parse import urlsplit

from exchange.messages.compose import absolute
from exchange.messages.house import house
from exchange.messages.kinds import DIGEST, MAILS
from exchange.messages.models import Delivery, Message
from exchange.messages.tokens import Purpose, make, reply_token


def host() -> str:
    """The name that stands in the ids of our mails."""
    return urlsplit(house().public_url).hostname or "localhost"


def headers_of(message: Message) -> dict[str, str]:
    """What goes into the head of a mail besides subject, sender and reader."""
    return {**_thread(message), **_reply(message), **_leave(message), **_trace(message)}


def _trace(message: Message) -> dict[str, str]:
    """What the log calls the request or the task that wrote it."""
    return {"X-Request-ID": message.trace_id} if message.trace_id else {}


def _thread(message: Message) -> dict[str, str]:
    """All mails of an exchange hang on one id that no mail has: they stand together."""
    if message.exchange_id is None:
        return {}
    root = f"<exchange-{message.exchange_id}@{host()}>"
    return {"In-Reply-To": root, "References": root}


def _reply(message: Message) -> dict[str, str]:
    """The address of the exchange; without one, its contact."""
    if house().reply and message.exchange_id is not None:
        token = reply_token(message.exchange_id)
        return {"Reply-To": house().reply.replace("{token}", token)}
    contact = str(message.facts.get("contact", ""))
    return {"Reply-To": contact} if "@" in contact else {}


def can_leave(message: Message) -> bool:
    """Whether the reader may say that they want no more mails like this one."""
    kind = MAILS.get(message.kind)
    may = kind is not None and (kind == DIGEST or Delivery.never in kind.choices)
    return may and message.person_id is not None


def _leave(message: Message) -> dict[str, str]:
    """One click, as RFC 8058 has it."""
    if not can_leave(message):
        return {}
    address = absolute(f"/m/{make(Purpose.leave, message.key)}/leave")
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
