"""What the API gives back about a match."""

from marshmallow import Schema, fields

from exchange import edge_why, labels
from exchange.api.schemas import NeedOut, OfferOut


class QuestionOut(Schema):
    """A question of one side and the answer of the other."""

    id = fields.Integer()
    side = fields.String()
    text = fields.String()
    answer = fields.String()
    answered_at = fields.DateTime(allow_none=True)
    created_at = fields.DateTime()


class ReasonOut(Schema):
    """What one rule gave: ``points`` of the ``most`` it could; the points sum to the score."""

    code = fields.String()
    points = fields.Integer()
    most = fields.Integer()
    evidence = fields.Dict()
    label = fields.Function(lambda reason: str(labels.REASONS[reason["code"]]))
    sentence = fields.Function(lambda reason: str(labels.reason_sentence(reason)))


class ConditionOut(Schema):
    """A condition that somebody set and that the pair meets."""

    code = fields.String()
    evidence = fields.Dict()
    label = fields.Function(lambda one: str(labels.CONDITIONS[one["code"]]))


class MatchOut(Schema):
    """A match in the list. Why somebody declined is told to staff only, on the page.

    ``position``: its place when the offers of the need were last ranked; ``waiting``: its place in
    the line behind those who are asked.
    """

    id = fields.Integer()
    state = fields.String()
    state_since = fields.DateTime()
    need = fields.Nested(NeedOut(only=("id", "title", "state", "organisation")))
    offer = fields.Nested(OfferOut(only=("id", "title", "state", "organisation")))
    exchange_id = fields.Integer(allow_none=True)
    score = fields.Integer()
    reasons = fields.List(fields.Nested(ReasonOut))
    rules_version = fields.String()
    configuration_hash = fields.String()
    position = fields.Integer()
    waiting = fields.Integer(allow_none=True)
    by_officer = fields.Boolean()
    need_answer = fields.String()
    offer_answer = fields.String()
    answer_by = fields.Date(allow_none=True)
    questions = fields.List(fields.Nested(QuestionOut))


class MatchFullOut(MatchOut):
    """A match with why it fits: ``summary`` is sentences in the language of the caller."""

    conditions = fields.Function(lambda match: ConditionOut(many=True).dump(match.met))
    summary = fields.Function(lambda match: edge_why.of_match(match).lines)
