"""What people send about a match."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates_schema

from exchange.matching.models import Answer, Side
from exchange.schemas import Choice, Filter, Flag, LongText, OneOf, RowId, Schema, Text, Whole
from workflows.match import MatchState


class AnswerSchema(Schema):
    """One side's answer; a no has a reason. ``side`` is needed only from who speaks for both."""

    side = Choice(Side)
    answer = Choice(Answer, required=True)
    reason_code = OneOf(
        "terms:decline_reason", longest=40, load_default="", metadata={"needed": True}
    )
    note = LongText(longest=2000, load_default="")

    @validates_schema
    def yes_or_no(self, data: dict[str, Any], **_options: Any) -> None:
        if data.get("answer") == Answer.pending:
            raise ValidationError(str(_l("Answer yes or no.")), "answer")


class QuestionSchema(Schema):
    """A question of one side to the other."""

    side = Choice(Side)
    text = LongText(longest=2000, required=True, metadata={"words": "question"})


class QuestionAnswerSchema(Schema):
    """The answer to a question."""

    text = LongText(longest=2000, required=True)


class ReopenSchema(Schema):
    """Why both should be asked once more."""

    note = LongText(longest=2000, load_default="", metadata={"words": "reopen_note"})


class SuggestSchema(Schema):
    """A city suggests a pair: its own need or offer with that of another."""

    need_id = RowId("own_needs", required=True, metadata={"words": "own_need"})
    offer_id = RowId("own_offers", required=True, metadata={"words": "own_offer"})
    note = LongText(longest=2000, load_default="", metadata={"words": "suggest_note"})


class WhySchema(Schema):
    """An officer's own words on a pair."""

    note = LongText(longest=2000, load_default="", metadata={"words": "why_note"})


class MatchSchema(Schema):
    """A pair that an officer suggests."""

    need_id = fields.Integer(required=True)
    offer_id = RowId("published_offers", required=True)
    note = LongText(longest=2000, load_default="")


class MatchFilter(Filter):
    """How the list of matches is narrowed."""

    state = Choice(MatchState)
    reason = Text(longest=40)
    need = Whole(least=1)
    offer = Whole(least=1)
    section = Text(longest=20)
    programme_id = Whole(least=1)
    q = Text(longest=200)
    mine = Flag()
    waiting = Flag()


class QualityFilter(Schema):
    """Whose figures: of one section, of pairs asked since a day."""

    section = OneOf("terms:section", longest=20)
    since = fields.Date()
