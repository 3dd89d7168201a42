"""What a need and an offer look like, in JSON and on a form."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates_schema

from exchange.schemas import (
    Choice,
    Codes,
    Filter,
    Flag,
    Language,
    LongText,
    RowId,
    Schema,
    Text,
    Whole,
)
from workflows.need import NeedState
from workflows.offer import OfferState


class ListingSchema(Schema):
    """The fields that needs and offers share: six to publish, the others may follow."""

    organisation_id = RowId("my_organisations", required=True)
    contact_id = RowId("contacts", allow_none=True)
    title = Text(required=True, longest=200)
    text = LongText(load_default="")
    language = Language(required=True)
    themes = Codes("theme", load_default=list)
    languages = Codes("language", load_default=list)
    sdg_targets = Codes("sdg_target", load_default=list)
    agendas = Codes("agenda", load_default=list)
    formats = Codes("format", load_default=list)
    available_from = fields.Date(allow_none=True)
    available_until = fields.Date(allow_none=True)
    guests = Whole(least=1, most=500, allow_none=True)
    interpretation = Flag(load_default=False)
    budget_note = LongText(longest=2000, load_default="")
    visa_note = LongText(longest=2000, load_default="")
    visa_letter = Flag(load_default=False)
    funding = Flag(load_default=False)
    innovative = Flag(load_default=False)

    def __init__(self, *, organisation_id: int | None = None, **options: Any) -> None:
        """:param organisation_id: whose people the form offers as contacts; none for a new row."""
        super().__init__(**options)
        contact = self.fields.get("contact_id")
        if contact is not None and organisation_id is not None:
            contact.metadata = {**contact.metadata, "options": f"contacts:{organisation_id}"}

    @validates_schema
    def window(self, data: dict[str, Any], **_options: Any) -> None:
        first, last = data.get("available_from"), data.get("available_until")
        if first and last and last < first:
            message = str(_l("The last day lies before the first."))
            raise ValidationError(message, "available_until")


class NeedSchema(ListingSchema):
    """A need as people write it."""

    hosts_wanted = Whole(least=1, most=20, load_default=1)
    visa_letter = Flag(load_default=False, metadata={"words": "need_visa_letter"})
    funding = Flag(load_default=False, metadata={"words": "need_funding"})
    programme_id = RowId("programmes", allow_none=True)

    def __init__(self, *, programme_id: int | None = None, **options: Any) -> None:
        """:param programme_id: of a closed programme that the need belongs to: it may stay."""
        super().__init__(**options)
        programme = self.fields.get("programme_id")
        if programme is not None and programme_id is not None:
            programme.metadata = {**programme.metadata, "options": f"programmes:{programme_id}"}


class OfferSchema(ListingSchema):
    """An offer as people write it."""

    places = Whole(least=1, most=50, load_default=1)
    hosts_a_year = Whole(least=1, most=100, allow_none=True)
    season_note = LongText(longest=500, load_default="")
    visa_letter = Flag(load_default=False, metadata={"words": "offer_visa_letter"})
    funding = Flag(load_default=False, metadata={"words": "offer_funding"})


class ListingFilter(Filter):
    """How lists of needs and offers are narrowed."""

    theme = Text(longest=80)
    agenda = Text(longest=80)
    country = Text(longest=2)
    section = Text(longest=20)
    language = Text(longest=5)
    organisation = Whole(least=1)
    innovative = Flag()
    mine = Flag()
    unmatched = Flag()
    stale = Flag()


class NeedFilter(ListingFilter):
    """The filters of the list of needs."""

    state = Choice(NeedState)
    programme_id = Whole(least=1)


class OfferFilter(ListingFilter):
    """The filters of the list of offers."""

    state = Choice(OfferState)


class PauseSchema(Schema):
    """Until which day an offer takes nobody new."""

    paused_until = fields.Date(required=True)


class BrowseFilter(Filter):
    """How one looks at what others need or offer."""

    noun = Text(longest=10)
    theme = Text(longest=80)
    sdg_goal = Text(longest=10)
    country = Text(longest=2)
    language = Text(longest=5)
    format = Text(longest=80)
    favourite = Flag()
