"""What a recommendation looks like, in JSON and on a form."""

from marshmallow import fields

from exchange.recommendations.models import About, Scale
from exchange.schemas import (
    Choice,
    Codes,
    Filter,
    Flag,
    Language,
    Link,
    LongText,
    OneOf,
    RowId,
    Schema,
    Text,
)
from workflows.recommendation import RecommendationState

_TITLE = {"words": "recommendation_title"}
_OWNER = {"words": "recommendation_owner"}


class RecommendationSchema(Schema):
    """A recommendation. With an owner and a day it can become a commitment."""

    title = Text(required=True, longest=300, metadata=_TITLE)
    text = LongText(longest=5000, load_default="", metadata={"words": "recommendation_text"})
    language = Language(required=True)
    about = Choice(About, required=True)
    scale = Choice(Scale, required=True)
    addressee = Text(longest=300, load_default="")
    agendas = Codes("agenda", load_default=list)
    axis_id = RowId("axes", allow_none=True, load_default=None)
    owner_id = RowId("organisations", allow_none=True, load_default=None, metadata=_OWNER)
    due_on = fields.Date(allow_none=True, load_default=None)


class ReportSchema(Schema):
    """What shows that a commitment is being kept."""

    evidence = LongText(longest=5000, load_default="")
    evidence_url = Link(longest=500, load_default="")


class SupportSchema(Schema):
    """Which organisation supports."""

    organisation_id = RowId("my_organisations", required=True)


class RecommendationFilter(Filter):
    """How the register is narrowed."""

    about = Choice(About)
    scale = Choice(Scale)
    state = Choice(RecommendationState)
    owner_id = RowId("organisations", metadata=_OWNER)
    axis_id = RowId("axes")
    agenda = OneOf("terms:agenda")
    overdue = Flag()
