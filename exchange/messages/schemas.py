"""How lists of messages are narrowed."""

from exchange.schemas import Choice, Filter, Text
from workflows.message import MessageState


class MessageFilter(Filter):
    """The filters of the list of messages; ``mail`` is a kind, ``reason`` a code."""

    state = Choice(MessageState)
    mail = Text(longest=60)
    reason = Text(longest=40)
