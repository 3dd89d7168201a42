"""What the API gives back: explicit fields, never "all columns"."""

from typing import Any

from marshmallow import Schema, fields

from exchange.steps import Step


class OrganisationBrief(Schema):
    """An organisation, where another thing names it."""

    id = fields.Integer()
    name = fields.String()
    kind = fields.String()
    country_code = fields.String(allow_none=True)


class ListingOut(Schema):
    """What needs and offers show."""

    id = fields.Integer()
    title = fields.String()
    text = fields.String()
    language = fields.String()
    state = fields.String()
    state_since = fields.DateTime()
    organisation = fields.Nested(OrganisationBrief)
    published_by_id = fields.Integer(allow_none=True)
    contact_id = fields.Integer(allow_none=True)
    themes = fields.Function(lambda row: _codes(row, "theme"))
    sdg_targets = fields.Function(lambda row: _codes(row, "sdg_target"))
    agendas = fields.Function(lambda row: _codes(row, "agenda"))
    formats = fields.Function(lambda row: _codes(row, "format"))
    languages = fields.Function(lambda row: _codes(row, "language"))
    available_from = fields.Date(allow_none=True)
    available_until = fields.Date(allow_none=True)
    guests = fields.Integer(allow_none=True)
    interpretation = fields.Boolean()
    budget_note = fields.String()
    visa_note = fields.String()
    visa_letter = fields.Boolean()
    funding = fields.Boolean()
    innovative = fields.Boolean()
    published_at = fields.DateTime(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    demo = fields.Boolean()


class NeedOut(ListingOut):
    """A need."""

    hosts_wanted = fields.Integer()
    programme_id = fields.Integer(allow_none=True)


class OfferOut(ListingOut):
    """An offer."""

    places = fields.Integer()
    places_taken = fields.Integer()
    paused_until = fields.Date(allow_none=True)
    hosts_a_year = fields.Integer(allow_none=True)
    season_note = fields.String()


def _codes(row: Any, vocabulary: str) -> list[str]:
    return [term.code for term in row.tagged(vocabulary)]


def step_body(step: Step, available: list[str]) -> dict[str, Any]:
    """A step as JSON, with the moves that its maker can make next."""
    return {
        "trigger": step.trigger,
        "from_state": step.from_state,
        "state": step.to_state,
        "note": step.note,
        "overrode": step.overrode,
        "happened_at": step.happened_at.isoformat(),
        "actor_id": step.actor_id,
        "available": available,
    }
