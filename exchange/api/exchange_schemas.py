"""What the API gives back of exchanges."""

from typing import Any

from marshmallow import Schema, fields

from exchange.api.schemas import OrganisationBrief
from exchange.exchanges import queries
from exchange.exchanges.models import Exchange


class PersonBrief(Schema):
    """A person, where another thing names them."""

    id = fields.Integer()
    name = fields.String()


class NeedBrief(Schema):
    """A need, where an exchange names it."""

    id = fields.Integer()
    title = fields.String()
    state = fields.String()
    organisation_id = fields.Integer()


class PartnerOut(Schema):
    """A partner of an exchange."""

    id = fields.Integer()
    organisation = fields.Nested(OrganisationBrief)
    role = fields.String()
    contact = fields.Nested(PersonBrief, allow_none=True)
    committed_on = fields.Date(allow_none=True)


class BudgetLineOut(Schema):
    """A line of the budget; the amount is a text, so that no cent is lost."""

    id = fields.Integer()
    category = fields.String()
    label = fields.String()
    amount = fields.Decimal(as_string=True, places=2)
    currency = fields.String()
    payer_id = fields.Integer(allow_none=True)


class PhaseOut(Schema):
    """A phase of a partnership."""

    id = fields.Integer()
    title = fields.String()
    objective = fields.String()
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)


class ConceptNoteOut(Schema):
    """The concept note of an exchange."""

    concept_note = fields.String()
    concept_note_agreed_on = fields.Date(allow_none=True)


def _codes(row: Exchange, vocabulary: str) -> list[str]:
    return [term.code for term in row.tagged(vocabulary)]


def _turn(row: Exchange) -> dict[str, Any]:
    return {"party": str(queries.whose_turn(row)), "names": queries.waits_for(row)}


class ExchangeOut(Schema):
    """An exchange, with whose turn it is."""

    id = fields.Integer()
    reference = fields.String()
    title = fields.String()
    purpose = fields.String()
    learning_question = fields.String()
    host_search = fields.String(allow_none=True)
    mode = fields.String(allow_none=True)
    guests = fields.Integer(allow_none=True)
    kind = fields.String()
    language = fields.String()
    state = fields.String()
    held_state = fields.String(allow_none=True)
    state_since = fields.DateTime()
    phase = fields.String()
    due_on = fields.Date(allow_none=True)
    days_left = fields.Function(queries.days_left)
    waits_for = fields.Function(_turn)
    proposer = fields.Nested(OrganisationBrief)
    owner = fields.Nested(PersonBrief, allow_none=True)
    contact = fields.Nested(PersonBrief, allow_none=True)
    contact_id = fields.Integer(allow_none=True)
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)
    themes = fields.Function(lambda row: _codes(row, "theme"))
    sdg_targets = fields.Function(lambda row: _codes(row, "sdg_target"))
    agendas = fields.Function(lambda row: _codes(row, "agenda"))
    formats = fields.Function(lambda row: _codes(row, "format"))
    languages = fields.Function(lambda row: _codes(row, "language"))
    programme = fields.String()
    source_url = fields.String()
    demo = fields.Boolean()
    overridden = fields.Boolean()
    version_id = fields.Integer()
    partners = fields.List(fields.Nested(PartnerOut))
    needs = fields.List(fields.Nested(NeedBrief))


class TimelineStepOut(Schema):
    """One move of an exchange."""

    trigger = fields.String()
    from_state = fields.String()
    to_state = fields.String()
    note = fields.String()
    overrode = fields.Boolean()
    happened_at = fields.DateTime()
    actor = fields.Nested(PersonBrief, allow_none=True)
