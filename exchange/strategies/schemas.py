"""What a learning strategy looks like, in JSON and on a form."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates_schema

from exchange.schemas import Choice, Code, Filter, LongText, RowId, Schema, Text, Whole
from exchange.strategies.models import Measure


class TitlesSchema(Schema):
    """A title in the languages that exist."""

    title_en = Text(required=True, longest=200)
    title_fr = Text(longest=200, load_default="")
    title_es = Text(longest=200, load_default="")
    title_pt = Text(longest=200, load_default="")


class AxisSchema(TitlesSchema):
    """An axis: its title, and what it is for."""

    text_en = LongText(load_default="")
    text_fr = LongText(load_default="")
    text_es = LongText(load_default="")
    text_pt = LongText(load_default="")


class StrategySchema(AxisSchema):
    """A strategy: its period, and which one it follows."""

    code = Code(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    follows_id = RowId("strategies", allow_none=True, load_default=None)

    @validates_schema
    def window(self, data: dict[str, Any], **_options: Any) -> None:
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            raise ValidationError(str(_l("The last day lies before the first.")), "ends_on")


class IndicatorSchema(TitlesSchema):
    """An indicator: what it counts, from where, and how far it should go."""

    measure = Choice(Measure, required=True)
    baseline = Whole(load_default=0)
    target = Whole(required=True)
    value = Whole(allow_none=True, load_default=None, metadata={"words": "indicator_value"})


class TagSchema(Schema):
    """An exchange that belongs to an axis."""

    reference = Text(required=True, longest=40, metadata={"words": "exchange_reference"})


class ConsultationSchema(TitlesSchema):
    """A round of questions, one a line; line n of each language is the same question."""

    questions_en = LongText(required=True)
    questions_fr = LongText(load_default="")
    questions_es = LongText(load_default="")
    questions_pt = LongText(load_default="")
    due_on = fields.Date(required=True, metadata={"words": "answers_until"})
    synthesis_en = LongText(load_default="")
    synthesis_fr = LongText(load_default="")
    synthesis_es = LongText(load_default="")
    synthesis_pt = LongText(load_default="")


class AnswerSchema(Schema):
    """The answer of one organisation to one question."""

    organisation_id = RowId("my_organisations", required=True)
    text = LongText(required=True, longest=5000, metadata={"words": "your_answer"})


class AnswerPostSchema(AnswerSchema):
    """The same, as the API takes it: questions are counted from 0."""

    number = Whole(required=True, most=200, metadata={"words": "question_number"})


class StrategyFilter(Filter):
    """The filters of the list of strategies."""
