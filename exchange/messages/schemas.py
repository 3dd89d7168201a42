"""How lists of messages are narrowed."""

from exchange.schemas import Choice, Filter, LongText, Schema, Text, Whole
from workflows.message import MessageState


class MessageFilter(Filter):
    """The filters of the list of messages; ``mail`` is a kind, ``reason`` a code,
    ``exchange`` the id of one."""

    state = Choice(MessageState)
    mail = Text(longest=60)
    reason = Text(longest=40)
    exchange = Whole(least=1)


class EditSchema(Schema):
    """What staff change of one mail before it goes."""

    subject = Text(required=True, longest=300)
    opening = LongText(required=True)


class TextSchema(Schema):
    """What staff write in place of the words of a kind; empty: the words of the house."""

    subject = Text(longest=300, load_default="")
    opening = LongText(load_default="")


class PlaceSchema(Schema):
    """Where staff put a mail that came, and what of it."""

    reference = Text(required=True, longest=20)
    remark = LongText(required=True, longest=20_000)
