"""What notes, road maps and follow-ups look like, in JSON and on forms."""

from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates_schema

from exchange.lessons.crediting import CreditRole
from exchange.lessons.models import ChangeKind, CostOrder, Horizon, NotePart, UsedIt
from exchange.schemas import (
    Choice,
    Filter,
    Flag,
    Language,
    Link,
    LongText,
    OneOf,
    RowId,
    Schema,
    Text,
    Whole,
)
from workflows.follow_up import FollowUpState
from workflows.note import NoteState
from workflows.road_map_action import RoadMapState

LONGEST_PART = 60_000
AnySchema = TypeVar("AnySchema", bound=Schema)


def offering(schema: AnySchema, **lists: str) -> AnySchema:
    """``schema`` whose fields offer these lists: the partners of one exchange, its people …"""
    for name, options in lists.items():
        field = schema.load_fields[name]
        field.metadata = {**field.metadata, "options": options}
    return schema


class NoteSchema(Schema):
    """The frame of a note: title, language, who writes and who reviews."""

    title = Text(required=True, longest=200)
    language = Language(required=True)
    summary = LongText(longest=1000)
    author_id = RowId("insiders_of", allow_none=True)
    reviewer_id = RowId("insiders_of", allow_none=True)


class NotePartsSchema(NoteSchema):
    """A note as the API takes it: any of its twelve parts too."""

    parts = fields.Dict(keys=Choice(NotePart), values=LongText(longest=LONGEST_PART))


class NoteLanguagesSchema(Schema):
    """The title and the summary of a note in every language of the pages, side by side."""

    title_en = Text(longest=200, load_default="")
    summary_en = LongText(longest=1000, load_default="")
    title_fr = Text(longest=200, load_default="")
    summary_fr = LongText(longest=1000, load_default="")
    title_es = Text(longest=200, load_default="")
    summary_es = LongText(longest=1000, load_default="")
    title_pt = Text(longest=200, load_default="")
    summary_pt = LongText(longest=1000, load_default="")


class PartSchema(Schema):
    """One part of a note. ``seen`` marks the text that the writer started from."""

    text = LongText(
        longest=LONGEST_PART, load_default="", metadata={"words": "part_text", "rows": 18}
    )
    seen = Text(longest=16)


class TranslatorsSchema(Schema):
    """Who translates a note, and who reads the translation afterwards."""

    translator_id = RowId("insiders_of", allow_none=True)
    reviewer_id = RowId("insiders_of", allow_none=True, metadata={"words": "second_reader"})


class TranslationSchema(TranslatorsSchema):
    """A translation that begins."""

    language = Language(required=True, metadata={"words": "into_language"})


class PassageSchema(Schema):
    """A passage of a translation. ``seen`` marks the text that the writer started from."""

    text = LongText(
        longest=LONGEST_PART, load_default="", metadata={"words": "translated_text", "rows": 18}
    )
    seen = Text(longest=16)


class AssembleSchema(Schema):
    """Bring into a part what the exchange holds."""

    replace = Flag(load_default=False)


class RoadMapActionSchema(Schema):
    """An action of the road map."""

    text = LongText(required=True, longest=2000, metadata={"words": "action_text"})
    horizon = Choice(Horizon, required=True)
    owner_id = RowId("partners_of", allow_none=True, metadata={"words": "action_owner_id"})
    contact_id = RowId("contacts", allow_none=True)
    due_on = fields.Date(allow_none=True)


class TransferabilitySchema(Schema):
    """Understand, adapt, re-use: what another city must know."""

    understand = LongText(load_default="")
    adapt = LongText(load_default="")
    reuse = LongText(load_default="")
    conditions = LongText(load_default="")
    legal_competence = LongText(load_default="")
    cost_order = Choice(CostOrder, load_default=CostOrder.unknown)
    what_failed = LongText(load_default="")


class DisseminationSchema(Schema):
    """A channel by which a note travelled."""

    channel = OneOf("terms:channel", required=True)
    happened_on = fields.Date(required=True)
    reach = Whole(least=0, most=100_000_000, allow_none=True)
    url = Link(longest=500, load_default="")
    remark = LongText(longest=2000, load_default="")


class ChangeSchema(Schema):
    """What changed at one of the partners."""

    organisation_id = RowId("partners_of", required=True, metadata={"words": "changed_at"})
    kind = Choice(ChangeKind, required=True, metadata={"words": "change_kind"})
    text = LongText(required=True, longest=5000, metadata={"words": "what_changed"})
    evidence_url = Link(longest=500, load_default="")
    recorded_on = fields.Date(required=True)


class FollowUpAnswerSchema(Schema):
    """The five questions of a follow-up."""

    used_it = Choice(UsedIt, required=True)
    what_changed = LongText(longest=5000, load_default="")
    change_kind = Choice(ChangeKind, allow_none=True)
    evidence = LongText(longest=2000, load_default="")
    what_blocked = LongText(longest=5000, load_default="")
    what_next = LongText(longest=5000, load_default="")

    @validates_schema
    def the_kind_of_a_change(self, data: dict[str, Any], **_options: Any) -> None:
        told = data.get("what_changed") and data.get("used_it") != UsedIt.no
        if told and not data.get("change_kind"):
            raise ValidationError(str(_l("Say what kind of change it is.")), "change_kind")


class LinkAnswerSchema(FollowUpAnswerSchema):
    """The same, from whoever holds the link: they may say who they are."""

    answered_by = Text(longest=200, load_default="")


class LessonSheetSchema(Schema):
    """What one partner says after the visit: a text a question."""

    problem = LongText(longest=5000, load_default="", metadata={"words": "lesson_problem"})
    seen = LongText(longest=5000, load_default="", metadata={"words": "lesson_seen"})
    surprised = LongText(longest=5000, load_default="", metadata={"words": "lesson_surprised"})
    will_change = LongText(longest=5000, load_default="", metadata={"words": "lesson_will_change"})
    hard_to_transfer = LongText(
        longest=5000, load_default="", metadata={"words": "lesson_hard_to_transfer"}
    )
    advice = LongText(longest=5000, load_default="", metadata={"words": "lesson_advice"})
    language = Language(load_default="en")


BOXES = {"widget": "checkboxes", "many": True}


class PhotoSchema(Schema):
    """What is said of a photo that is sent."""

    description = Text(required=True, longest=300, metadata={"words": "photo_description"})
    credit = Text(load_default="", metadata={"words": "photo_credit"})
    people = fields.List(
        fields.Integer(), load_default=list, metadata={"words": "photo_people", **BOXES}
    )
    consent = Flag(load_default=False, metadata={"words": "photo_consent"})
    nobody = Flag(load_default=False, metadata={"words": "photo_nobody"})


class CreditSchema(Schema):
    """Somebody who made the note, and agreed to be named."""

    name = Text(required=True, longest=200, metadata={"words": "credit_name"})
    role = Choice(CreditRole, required=True, metadata={"words": "credit_role"})
    organisation = Text(longest=200, load_default="", metadata={"words": "credit_organisation"})
    consent = Flag(load_default=False, metadata={"words": "credit_consent"})


class CoverSchema(Schema):
    """The photo on the cover of a note; none takes it off."""

    photo_id = Whole(
        least=1,
        most=2**31 - 1,
        allow_none=True,
        load_default=None,
        metadata={"words": "cover_photo"},
    )


class LibraryFilter(Filter):
    """How the public list of notes is narrowed."""

    theme = Text(longest=80)
    sdg = Text(longest=10)
    country = Text(longest=2)
    section = Text(longest=20)
    language = Text(longest=5)


class NoteFilter(LibraryFilter):
    """The filters of the list for those who write."""

    state = Choice(NoteState)


class RoadMapFilter(Filter):
    """The filters of the actions of a road map."""

    state = Choice(RoadMapState)
    horizon = Choice(Horizon)


class FollowUpFilter(Filter):
    """The filters of the list of follow-ups."""

    state = Choice(FollowUpState)
    months = Whole(least=3, most=12)
    exchange = Whole(least=1)
    organisation = Whole(least=1)
    mine = Flag()
    overdue = Flag()
