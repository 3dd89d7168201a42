"""What a challenge looks like, in JSON and on a form."""

from marshmallow import fields

from exchange.challenges.models import AnswerKind
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
    Whole,
)
from workflows.challenge import ChallengeState

_WHOSE = {"words": "challenge_organisation"}
_ANSWER = {"words": "challenge_answer"}


class ChallengeSchema(Schema):
    """A challenge as people write it."""

    text = LongText(required=True, longest=3000, metadata={"words": "challenge_text"})
    language = Language(required=True)
    organisation_id = RowId("own_or_section", required=True, metadata=_WHOSE)
    said_on = fields.Date(required=True, metadata={"words": "challenge_said_on"})
    due_on = fields.Date(allow_none=True, load_default=None, metadata={"words": "challenge_due_on"})
    source_url = Link(longest=500, load_default="")
    agendas = Codes("agenda", load_default=list)


class AnswerToChallengeSchema(Schema):
    """What answers a challenge: one of four, each with what it asks for."""

    answer = Choice(AnswerKind, required=True, metadata=_ANSWER)
    reference = Text(longest=20, load_default="", metadata={"words": "exchange_reference"})
    topic_id = RowId("topics", allow_none=True, load_default=None)
    lab_id = RowId("labs", allow_none=True, load_default=None)
    lab_url = Link(longest=500, load_default="")
    reason = LongText(longest=3000, load_default="", metadata={"words": "challenge_reason"})


class ChallengeFilter(Filter):
    """How the log of challenges is narrowed."""

    state = Choice(ChallengeState)
    answer = Choice(AnswerKind, metadata=_ANSWER)
    section = Text(longest=20)
    agenda = OneOf("terms:agenda")
    organisation_id = Whole(least=1, metadata=_WHOSE)
    overdue = Flag()
