"""What a partnership and its parts look like, in JSON and on a form."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates_schema

from exchange.partnerships.models import AgreementKind, BenefitKind
from exchange.schemas import (
    Choice,
    Code,
    Filter,
    Flag,
    Language,
    Link,
    LongText,
    RowId,
    Schema,
    Text,
)
from workflows.partnership import PartnershipState

PARTS_OF_A_SHEET = ("context", "objectives", "results", "challenges", "lessons", "next_steps")


class _Titled(Schema):
    title_en = Text(required=True, longest=200)
    title_fr = Text(longest=200, load_default="")
    title_es = Text(longest=200, load_default="")
    title_pt = Text(longest=200, load_default="")


class PhaseSchema(_Titled):
    """A phase: its days and what it is for."""

    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    text_en = LongText(load_default="")
    text_fr = LongText(load_default="")
    text_es = LongText(load_default="")
    text_pt = LongText(load_default="")

    @validates_schema
    def window(self, data: dict[str, Any], **_options: Any) -> None:
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            raise ValidationError(str(_l("The last day lies before the first.")), "ends_on")


class PartnershipSchema(PhaseSchema):
    """A partnership: its years, and who answers for it."""

    code = Code(required=True)
    lead_id = RowId("organisations", required=True, metadata={"words": "partnership_lead"})


class PairSchema(Schema):
    """Two cities that work together; more can be added afterwards."""

    name = Text(longest=200, load_default="", metadata={"words": "pair_name"})
    first_city_id = RowId("organisations", required=True)
    second_city_id = RowId("organisations", required=True)


class BodySchema(Schema):
    """One more organisation: a city of a pair, or a funder."""

    organisation_id = RowId("organisations", required=True)


class PairExchangeSchema(Schema):
    """An exchange that belongs to a pair."""

    reference = Text(required=True, longest=40, metadata={"words": "exchange_reference"})


class _Written(Schema):
    text = LongText(required=True, longest=5000, metadata={"words": "item_text"})
    language = Language(required=True)


class ActivitySchema(_Written):
    """A line of a work plan."""

    organisation_id = RowId("organisations", required=True, metadata={"words": "who_does_it"})
    due_on = fields.Date(required=True)
    done_on = fields.Date(allow_none=True, load_default=None)


class AgreementSchema(_Written):
    """Something that was signed."""

    kind = Choice(AgreementKind, required=True, metadata={"words": "agreement_kind"})
    signed_on = fields.Date(required=True)
    ends_on = fields.Date(allow_none=True, load_default=None)
    evidence_url = Link(longest=500, load_default="")

    @validates_schema
    def window(self, data: dict[str, Any], **_options: Any) -> None:
        first, last = data.get("signed_on"), data.get("ends_on")
        if first and last and last < first:
            raise ValidationError(str(_l("The last day lies before the first.")), "ends_on")


class BenefitSchema(_Written):
    """What one side has from it."""

    organisation_id = RowId("organisations", required=True, metadata={"words": "who_benefits"})
    kind = Choice(BenefitKind, required=True, metadata={"words": "benefit_kind"})
    evidence_url = Link(longest=500, load_default="")


class ReviewSchema(_Titled):
    """A review workshop."""

    place = Text(longest=200, load_default="")
    held_on = fields.Date(required=True)
    due_on = fields.Date(required=True, metadata={"words": "sheets_until"})


class ReviewSheetSchema(Schema):
    """The sheet of a pair."""

    language = Language(required=True)
    context = LongText(load_default="", metadata={"words": "sheet_context"})
    objectives = LongText(load_default="", metadata={"words": "sheet_objectives"})
    results = LongText(load_default="", metadata={"words": "sheet_results"})
    challenges = LongText(load_default="", metadata={"words": "sheet_challenges"})
    lessons = LongText(load_default="", metadata={"words": "sheet_lessons"})
    next_steps = LongText(load_default="", metadata={"words": "sheet_next_steps"})


class OpeningSchema(Schema):
    """What everybody may read of a partnership: a flag for each part that can be shown."""

    is_public = Flag(load_default=False, metadata={"words": "show_it"})
    phases = Flag(load_default=False, metadata={"words": "show_phases"})
    cities = Flag(load_default=False, metadata={"words": "show_cities"})
    funders = Flag(load_default=False, metadata={"words": "show_funders"})
    agreements = Flag(load_default=False, metadata={"words": "show_agreements"})
    benefits = Flag(load_default=False, metadata={"words": "show_benefits"})
    nobody_named = Flag(load_default=False, metadata={"words": "nobody_named"})


class PublicPartnershipFilter(Filter):
    """How the public list is narrowed."""

    state = Choice(PartnershipState)


class PartnershipFilter(Filter):
    """How the list is narrowed."""

    state = Choice(PartnershipState)
