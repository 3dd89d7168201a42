"""What mechanisms, their needs and offers, and events look like, in JSON and on a form."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates_schema

from exchange.mechanisms.models import Gives, MechanismKind
from exchange.schemas import (
    Choice,
    Code,
    Codes,
    Filter,
    Flag,
    Language,
    Link,
    LongText,
    RowId,
    Schema,
    Text,
    Whole,
)
from workflows.mechanism_listing import MechanismListingState
from workflows.mechanism_pair import MechanismPairState


class MechanismSchema(Schema):
    """A mechanism: who it is, where it is at home, in which languages it works."""

    code = Code(required=True)
    kind = Choice(MechanismKind, required=True, metadata={"words": "mechanism_kind"})
    title_en = Text(required=True, longest=200)
    title_fr = Text(longest=200, load_default="")
    title_es = Text(longest=200, load_default="")
    title_pt = Text(longest=200, load_default="")
    text_en = LongText(load_default="")
    text_fr = LongText(load_default="")
    text_es = LongText(load_default="")
    text_pt = LongText(load_default="")
    organisation_id = RowId("organisations", required=True, metadata={"words": "home_id"})
    contact_id = RowId("contacts", allow_none=True, load_default=None)
    observatory_id = RowId("observatories", allow_none=True, load_default=None)
    languages = Codes("language", load_default=list)
    themes = Codes("theme", load_default=list)
    website = Link(longest=500, load_default="")
    active = Flag(load_default=False, metadata={"words": "mechanism_active"})

    def __init__(self, *, home_id: int | None = None, **options: Any) -> None:
        """:param home_id: whose people the form offers as contacts; none for a new row."""
        super().__init__(**options)
        contact = self.fields.get("contact_id")
        if contact is not None and home_id is not None:
            contact.metadata = {**contact.metadata, "options": f"contacts:{home_id}"}


class MechanismListingSchema(Schema):
    """What a mechanism needs or gives, and until when that holds."""

    side = Choice(Gives, required=True, metadata={"words": "mechanism_side"})
    title = Text(required=True, longest=200, metadata={"words": "mechanism_need_title"})
    text = LongText(load_default="", longest=5000, metadata={"words": "mechanism_need_text"})
    language = Language(required=True)
    themes = Codes("theme", load_default=list)
    formats = Codes("format", load_default=list)
    expires_on = fields.Date(required=True, metadata={"words": "review_on"})


class LinkSchema(Schema):
    """What is linked to a mechanism: an exchange by its reference, a practice or a need."""

    reference = Text(longest=40, load_default="", metadata={"words": "exchange_reference"})
    practice_id = RowId("practices", allow_none=True, load_default=None)
    need_id = RowId("own_needs", allow_none=True, load_default=None)


class PairSchema(Schema):
    """A need and an offer of two mechanisms that are brought together."""

    need_id = Whole(required=True, least=1)
    offer_id = Whole(required=True, least=1)


class OutsideEventSchema(Schema):
    """An event of another association."""

    organiser = Text(required=True, longest=200)
    title = Text(required=True, longest=200, metadata={"words": "event_title"})
    language = Language(required=True)
    themes = Codes("theme", load_default=list)
    partner_id = RowId(
        "organisations", allow_none=True, load_default=None, metadata={"words": "event_partner"}
    )
    place = Text(longest=200, load_default="", metadata={"words": "event_place"})
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    url = Link(longest=500, load_default="", metadata={"words": "event_url"})

    @validates_schema
    def window(self, data: dict[str, Any], **_options: Any) -> None:
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            raise ValidationError(str(_l("The last day lies before the first.")), "ends_on")


class MechanismFilter(Filter):
    """How the register of mechanisms is narrowed."""

    kind = Choice(MechanismKind, metadata={"words": "mechanism_kind"})
    theme = Text(longest=80)
    sleeping = Flag()


class MechanismListingFilter(Filter):
    """How what mechanisms need and give is narrowed."""

    side = Choice(Gives)
    state = Choice(MechanismListingState)
    theme = Text(longest=80)
    mechanism_id = Whole(least=1)


class MeetingFilter(Schema):
    """Which cell of the matrix is opened: who needs, and who gives."""

    needs = Whole(least=1)
    offers = Whole(least=1)


class PairFilter(Filter):
    """How the pairs are narrowed."""

    state = Choice(MechanismPairState)


class OutsideEventFilter(Filter):
    """How the register of events is narrowed."""

    theme = Text(longest=80)
    past = Flag()
