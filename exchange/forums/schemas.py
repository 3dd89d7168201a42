"""What an edition of the Learning Forum looks like, in JSON and on a form."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Regexp

from exchange.forums.cohort import Reached
from exchange.forums.fates import Fate
from exchange.forums.items import ItemKind, Met
from exchange.forums.triage import Into
from exchange.schemas import (
    Choice,
    Code,
    Filter,
    Flag,
    LongText,
    RowId,
    Schema,
    Text,
    TimeZone,
    Whole,
)
from workflows.forum_item import ItemState


class ForumSchema(Schema):
    """An edition. Titles and outcomes are written in the languages that exist."""

    code = Code(required=True)
    title_en = Text(required=True, longest=200)
    title_fr = Text(longest=200, load_default="")
    title_es = Text(longest=200, load_default="")
    title_pt = Text(longest=200, load_default="")
    place = Text(required=True, longest=200)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    time_zone = TimeZone(required=True)
    outcomes_en = LongText(load_default="")
    outcomes_fr = LongText(load_default="")
    outcomes_es = LongText(load_default="")
    outcomes_pt = LongText(load_default="")
    rules_en = LongText(load_default="")
    rules_fr = LongText(load_default="")
    rules_es = LongText(load_default="")
    rules_pt = LongText(load_default="")
    is_public = Flag(load_default=False, metadata={"words": "forum_is_public"})

    @validates_schema
    def window(self, data: dict[str, Any], **_options: Any) -> None:
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            raise ValidationError(str(_l("The last day lies before the first.")), "ends_on")


class ForumSessionSchema(Schema):
    """A slot of the programme, in the local time of the forum."""

    day = fields.Date(required=True)
    starts_at = fields.Time(required=True)
    ends_at = fields.Time(required=True)
    title_en = Text(required=True, longest=200)
    title_fr = Text(longest=200, load_default="")
    title_es = Text(longest=200, load_default="")
    title_pt = Text(longest=200, load_default="")
    part_en = Text(longest=200, load_default="")
    part_fr = Text(longest=200, load_default="")
    part_es = Text(longest=200, load_default="")
    part_pt = Text(longest=200, load_default="")
    text_en = LongText(load_default="")
    text_fr = LongText(load_default="")
    text_es = LongText(load_default="")
    text_pt = LongText(load_default="")
    is_break = Flag(load_default=False)

    @validates_schema
    def times(self, data: dict[str, Any], **_options: Any) -> None:
        first, last = data.get("starts_at"), data.get("ends_at")
        if first and last and last <= first:
            raise ValidationError(str(_l("It must end after it begins.")), "ends_at")


class SpeakerSchema(Schema):
    """An organisation that speaks in a session."""

    organisation_id = RowId("organisations", required=True)


class ShiftSchema(Schema):
    """Moving a session and all that follow it on its day."""

    minutes = Whole(required=True, least=-720, most=720, metadata={"words": "shift_minutes"})


class GuestSchema(Schema):
    """Somebody who is expected."""

    name = Text(required=True, longest=200, metadata={"words": "guest_name"})
    organisation_id = RowId("organisations", allow_none=True, load_default=None)


class ArrivalSchema(Schema):
    """What a guest writes at the door of the room."""

    name = Text(
        required=True, longest=200, metadata={"words": "guest_name", "autocomplete": "name"}
    )
    organisation_name = Text(
        longest=200,
        load_default="",
        metadata={"words": "guest_organisation", "autocomplete": "organization"},
    )


class RoomCodeSchema(Schema):
    """The code of a room, as it stands on the screen there."""

    room_code = Text(required=True, longest=20)


class GuestFilter(Filter):
    """How the list at the door is narrowed."""

    waiting = Flag(metadata={"words": "guests_waiting"})


class CohortSchema(Schema):
    """An organisation of the cohort."""

    organisation_id = RowId("organisations", required=True)


class ForumFilter(Filter):
    """The filters of the list of editions."""


class CohortFilter(Filter):
    """How the cohort of an edition is narrowed."""

    reached = Choice(Reached)
    days = Whole(least=1, most=3650)


class CaptureSchema(Schema):
    """What somebody writes down in the room. ``key`` is what the sender calls it."""

    kind = Choice(ItemKind, required=True, metadata={"words": "item_kind"})
    text = LongText(required=True, longest=2000, metadata={"words": "item_text"})
    session_id = RowId("sessions_of", allow_none=True, load_default=None)
    key = Text(
        required=True,
        longest=64,
        validate=Regexp(r"^[\w-]{8,64}$"),
        metadata={"words": "item_key"},
    )


class ItemSchema(Schema):
    """An item as its author writes it at leisure, and as staff correct it."""

    kind = Choice(ItemKind, required=True, metadata={"words": "item_kind"})
    text = LongText(required=True, longest=2000, metadata={"words": "item_text"})
    expected_result = LongText(longest=2000, load_default="")
    organisation_id = RowId("my_organisations", allow_none=True, load_default=None)
    session_id = RowId("sessions_of", allow_none=True, load_default=None)


class ItemPostSchema(ItemSchema):
    """An item as the API takes it; a ``key`` makes sending it twice harmless."""

    key = Text(longest=64, validate=Regexp(r"^[\w-]{8,64}$"), metadata={"words": "item_key"})


class ExpectationSchema(Schema):
    """What an organisation wants from a forum, and by which result it will know."""

    text = LongText(required=True, longest=2000, metadata={"words": "expectation_text"})
    expected_result = LongText(longest=2000, load_default="")
    organisation_id = RowId("my_organisations", required=True)


class VerdictSchema(Schema):
    """Whether an expectation was met."""

    verdict = Choice(Met, required=True)
    verdict_note = LongText(longest=2000, load_default="")


class BecomeSchema(Schema):
    """Whose the need, the offer or the exchange is that an item becomes."""

    organisation_id = RowId("organisations", allow_none=True, load_default=None)


class BecomePostSchema(BecomeSchema):
    """The same, as the API takes it, with what it becomes."""

    into = Choice(Into, required=True, metadata={"words": "fate"})


class ItemFilter(Filter):
    """How the items of an edition are narrowed."""

    kind = Choice(ItemKind, metadata={"words": "item_kind"})
    state = Choice(ItemState)
    session_id = RowId("sessions_of")
    verdict = Choice(Met)
    fate = Choice(Fate)
