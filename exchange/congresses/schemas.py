"""What an edition of the Congress and a contribution look like, in JSON and on a form."""

from marshmallow import fields

from exchange.schemas import Code, Filter, Language, LongText, RowId, Schema, Text


class CongressSchema(Schema):
    """An edition of the Congress."""

    code = Code(required=True)
    title_en = Text(required=True, longest=200)
    title_fr = Text(longest=200, load_default="")
    title_es = Text(longest=200, load_default="")
    title_pt = Text(longest=200, load_default="")
    text_en = LongText(load_default="")
    text_fr = LongText(load_default="")
    text_es = LongText(load_default="")
    text_pt = LongText(load_default="")
    place = Text(longest=200, load_default="", metadata={"words": "event_place"})
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class ContributionSchema(Schema):
    """One thing that goes to a Congress, and what it is to bring about there."""

    reference = Text(longest=40, load_default="", metadata={"words": "exchange_reference"})
    forum_id = RowId("forums", allow_none=True, load_default=None)
    recommendation_id = RowId("recommendations", allow_none=True, load_default=None)
    strategy_id = RowId("strategies", allow_none=True, load_default=None)
    aim = Text(longest=300, load_default="", metadata={"words": "congress_aim"})
    language = Language(required=True)


class CongressFilter(Filter):
    """How the list of editions is narrowed."""
