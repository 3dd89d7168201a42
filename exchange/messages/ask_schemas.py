"""What a reader of a lesson sends to its cities."""

from exchange.schemas import Email, LongText, Schema, Text


class AskSchema(Schema):
    """A question. ``homepage`` is a trap: people do not see it, programs fill it in."""

    asker_name = Text(required=True, longest=200, metadata={"autocomplete": "name"})
    asker_email = Email(required=True, metadata={"autocomplete": "email"})
    asker_place = Text(longest=200, load_default="", metadata={"autocomplete": "organization"})
    question_text = LongText(required=True, longest=2000)
    homepage = Text(longest=200, load_default="")
