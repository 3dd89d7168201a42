"""A proposal as its steps ask for it: the same fields as an exchange, any of them at a time."""

from typing import Any

from marshmallow import fields, post_dump

from exchange.exchanges import proposals
from exchange.exchanges.models import Exchange, PartnerRole
from exchange.exchanges.schemas import ExchangeSchema, RowIds
from exchange.schemas import Choice, Flag, RowId, Schema, Text


class StartSchema(Schema):
    """What a draft begins with."""

    proposer_id = RowId("proposers", required=True)
    title = Text(required=True, longest=200, metadata={"words": "working_title"})
    need_ids = RowIds("linkable_needs", "needs")


class AnswersSchema(ExchangeSchema):
    """The answers of a proposal; ``only`` are those of a step."""

    class Meta:
        unknown = "raise"
        fields = tuple(name for names in proposals.STEPS.values() for name in names)

    contact_id = RowId("contacts", allow_none=True)
    proposer_role = Choice(PartnerRole, allow_none=True)
    learner_id = RowId("my_organisations", allow_none=True)
    host_id = RowId("organisations", allow_none=True)

    def __init__(self, *, exchange: Exchange | None = None, **options: Any) -> None:
        super().__init__(exchange_id=exchange.id if exchange else None, **options)
        for names in proposals.NEEDED.values():
            for name in set(names) & set(self.fields):  # to send it, though not to save it
                field = self.fields[name]
                field.metadata = {**field.metadata, "needed": True}
        contact = self.fields.get("contact_id")
        if contact is not None and exchange is not None:
            whose = f"contacts:{exchange.proposer_id}"
            contact.metadata = {**contact.metadata, "options": whose}

    @post_dump(pass_original=True)
    def with_partners(self, data: dict[str, Any], row: Exchange, **_options: Any) -> dict[str, Any]:
        """What stands among the partners of an exchange is an answer here."""
        found = {
            "proposer_role": proposals.proposer_role(row),
            "learner_id": proposals.named_learner_id(row),
            "host_id": proposals.named_host_id(row),
        }
        here = {name: value for name, value in found.items() if name in self.fields}
        return {**data, **{name: str(value) if value else None for name, value in here.items()}}


class ConsentSchema(Schema):
    """What is asked when a proposal is sent."""

    consent = Flag(required=True)


class AutosaveSchema(Schema):
    """Some answers as they were typed, and what the page held before."""

    step = Choice(proposals.ProposalStep, required=True)
    values = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)
    before = fields.Dict(keys=fields.String(), values=fields.Raw(), load_default=dict)
