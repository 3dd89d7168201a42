"""What the API gives back of visits: explicit fields, never "all columns"."""

from typing import Any

from marshmallow import Schema, fields

from exchange.api.schemas import OrganisationBrief


class VisitOut(Schema):
    """A visit as the network sees it."""

    id = fields.Integer()
    exchange_id = fields.Integer()
    exchange_reference = fields.String(attribute="exchange.reference")
    exchange_title = fields.String(attribute="exchange.title")
    exchange_state = fields.String(attribute="exchange.state")
    number = fields.Integer()
    title = fields.String()
    mode = fields.String()
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)
    time_zone = fields.String()
    place = fields.String()
    description = fields.String()
    interpretation = fields.String()
    access_needs = fields.String()
    attendance_recorded_on = fields.Date(allow_none=True)
    evaluation_opened_on = fields.Date(allow_none=True)


class VisitInsideOut(VisitOut):
    """A visit as those who take part see it."""

    online_url = fields.String()


class VisitSessionOut(Schema):
    """A session, in the local time of its visit."""

    id = fields.Integer()
    visit_id = fields.Integer()
    day = fields.Date()
    starts_at = fields.Time()
    ends_at = fields.Time()
    title = fields.String()
    kind = fields.String()
    place = fields.String()
    speaker = fields.Nested(OrganisationBrief, allow_none=True)


class PreparationSheetOut(Schema):
    """The practice or challenge that a participant brings."""

    kind = fields.String()
    title = fields.String()
    problem = fields.String()
    what_was_done = fields.String()
    result = fields.String()
    language = fields.String()


class ParticipantOut(Schema):
    """A participant; ``email`` and ``needs`` are left out for whoever may not read them."""

    id = fields.Integer()
    visit_id = fields.Integer()
    organisation = fields.Nested(OrganisationBrief)
    name = fields.String()
    email = fields.String()
    language = fields.String()
    function = fields.String()
    role = fields.String()
    office = fields.String()
    gender = fields.String()
    state = fields.String()
    attended = fields.Boolean(allow_none=True)
    needs = fields.String()
    sheet = fields.Nested(PreparationSheetOut, allow_none=True)


class BalanceOut(Schema):
    """Who is in a delegation, counted."""

    people = fields.Integer()
    confirmed = fields.Integer()
    women = fields.Integer()
    men = fields.Integer()
    unsaid = fields.Integer()
    political = fields.Integer()
    technical = fields.Integer()
    organisations = fields.Integer()


class ChecklistOut(Schema):
    """A point of the checklist; ``code`` is the term's, ``label`` the words of one's own."""

    id = fields.Integer()
    visit_id = fields.Integer()
    code = fields.Function(lambda item: item.term.code if item.term else None)
    label = fields.Function(lambda item: item.label or (item.term and item.term.label("en")))
    who = fields.String()
    due_on = fields.Date(allow_none=True)
    done_on = fields.Date(allow_none=True)
    done_by = fields.Function(lambda item: item.done_by.name if item.done_by else None)


class EvaluationOut(Schema):
    """One's own answers."""

    role = fields.String()
    language = fields.String()
    answers = fields.Dict()
    submitted_at = fields.DateTime()


class DelegationOut(Schema):
    """The participants of a visit as far as the caller may know them, counted."""

    items = fields.Nested(ParticipantOut, many=True)
    balance = fields.Nested(BalanceOut)


class EvaluationResultOut(Schema):
    """What the answers to one question add up to."""

    question = fields.String(attribute="question.code")
    label = fields.Function(lambda result: result.question.label("en"))
    count = fields.Integer()
    average = fields.Float(allow_none=True)
    counts = fields.Dict()
    texts = fields.Function(lambda result: _texts(result.texts))


def _texts(texts: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"language": language, "text": text} for language, text in texts]
