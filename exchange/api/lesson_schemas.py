"""What the API gives back of lessons: explicit fields, never "all columns"."""

from typing import Any

from marshmallow import Schema, fields

from exchange.api.schemas import OrganisationBrief


class NoteOut(Schema):
    """A peer-learning note as the public sees it."""

    id = fields.Integer()
    number = fields.Integer(allow_none=True)
    slug = fields.String(allow_none=True)
    title = fields.String()
    summary = fields.String()
    translations = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.String())
    )
    language = fields.String()
    state = fields.String()
    published_on = fields.Date(allow_none=True)
    exchange_id = fields.Integer()
    exchange_reference = fields.String(attribute="exchange.reference")
    themes = fields.Function(lambda note: _codes(note, "theme"))
    sdg_targets = fields.Function(lambda note: _codes(note, "sdg_target"))
    agendas = fields.Function(lambda note: _codes(note, "agenda"))
    parts = fields.Dict(keys=fields.String(), values=fields.String())


class NoteInsideOut(NoteOut):
    """A note as those of its exchange see it."""

    state_since = fields.DateTime()
    author_id = fields.Integer(allow_none=True)
    reviewer_id = fields.Integer(allow_none=True)
    missing_parts = fields.List(fields.String())


class RoadMapActionOut(Schema):
    """An action of a road map."""

    id = fields.Integer()
    exchange_id = fields.Integer()
    text = fields.String()
    horizon = fields.String()
    owner = fields.Nested(OrganisationBrief, allow_none=True)
    contact_id = fields.Integer(allow_none=True)
    due_on = fields.Date(allow_none=True)
    state = fields.String()


class TransferabilityOut(Schema):
    """Understand, adapt, re-use."""

    exchange_id = fields.Integer()
    understand = fields.String()
    adapt = fields.String()
    reuse = fields.String()
    conditions = fields.String()
    legal_competence = fields.String()
    cost_order = fields.String()
    what_failed = fields.String()


class DisseminationOut(Schema):
    """A channel by which a note travelled."""

    id = fields.Integer()
    note_id = fields.Integer()
    channel = fields.String(attribute="channel.code")
    happened_on = fields.Date()
    reach = fields.Integer(allow_none=True)
    url = fields.String()
    remark = fields.String()


class FollowUpOut(Schema):
    """A follow-up of one partner."""

    id = fields.Integer()
    exchange_id = fields.Integer()
    organisation = fields.Nested(OrganisationBrief)
    months = fields.Integer()
    due_on = fields.Date()
    state = fields.String()
    state_since = fields.DateTime()
    answers = fields.Dict(allow_none=True)
    answered_at = fields.DateTime(allow_none=True)
    answered_by = fields.String()


class FollowUpLinkOut(Schema):
    """A link that answers without signing in; it is shown this once."""

    link = fields.String()


class ChangeOut(Schema):
    """What changed at a partner."""

    id = fields.Integer()
    exchange_id = fields.Integer()
    organisation = fields.Nested(OrganisationBrief)
    follow_up_id = fields.Integer(allow_none=True)
    kind = fields.String()
    text = fields.String()
    evidence_url = fields.String()
    recorded_on = fields.Date()


def _codes(note: Any, vocabulary: str) -> list[str]:
    return [term.code for term in note.exchange.tagged(vocabulary)]
