"""What visits and all that hangs on them look like, in JSON and on a form."""

from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates_schema

from exchange.schemas import (
    Choice,
    Email,
    Filter,
    Flag,
    Language,
    Link,
    LongText,
    RowId,
    Schema,
    Text,
    TimeZone,
    Whole,
)
from exchange.visits.models import (
    ChecklistParty,
    DateAnswer,
    Gender,
    Office,
    ParticipantRole,
    SessionKind,
    SheetKind,
    VisitMode,
    VisitTime,
)


def _local(value: time | None) -> None:
    if value is not None and value.tzinfo is not None:
        raise ValidationError(str(_l("Give the local time of the place, without a time zone.")))


class VisitSchema(Schema):
    """A visit as people plan it. Without a time zone it gets the one of the host."""

    title = Text(load_default="", metadata={"words": "visit_title"})
    mode = Choice(VisitMode, load_default=VisitMode.on_site)
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)
    time_zone = TimeZone()
    place = Text(longest=300, load_default="")
    online_url = Link(longest=500, load_default="")
    description = LongText(load_default="")
    interpretation = Text(load_default="", metadata={"words": "visit_interpretation"})
    access_needs = LongText(longest=5000, load_default="")

    @validates_schema
    def window(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse a last day before the first."""
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            raise ValidationError(str(_l("The last day lies before the first.")), "ends_on")


class VisitSessionSchema(Schema):
    """A session of the programme, in the local time of the place."""

    day = fields.Date(required=True)
    starts_at = fields.Time(required=True, validate=_local)
    ends_at = fields.Time(required=True, validate=_local)
    title = Text(required=True, metadata={"words": "session_title"})
    kind = Choice(SessionKind, load_default=SessionKind.context)
    place = Text(load_default="", metadata={"words": "room"})
    speaker_id = RowId("organisations", allow_none=True)


class VisitDatesSchema(Schema):
    """Dates that a side proposes. ``sides_of`` names the visit whose sides a form offers."""

    organisation_id = RowId("my_organisations", required=True, metadata={"words": "your_side"})
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    remark = Text(load_default="", metadata={"words": "dates_remark"})

    def __init__(self, *, sides_of: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        field = self.fields["organisation_id"]
        field.metadata = {**field.metadata, "options": f"sides:{sides_of}"}


class DatesAnswerSchema(Schema):
    """What a side says to proposed dates."""

    organisation_id = RowId("my_organisations", required=True, metadata={"words": "your_side"})
    answer = Choice(DateAnswer, required=True)


class ParticipantSchema(Schema):
    """A person of a delegation. ``exchange_id`` narrows the organisations that a form offers."""

    organisation_id = RowId("my_organisations", required=True)
    name = Text(required=True)
    email = Email(required=True, longest=254)
    language = Language(load_default="en", metadata={"words": "their_language"})
    function = Text(load_default="")
    role = Choice(ParticipantRole, load_default=ParticipantRole.participant)
    office = Choice(Office, load_default=Office.unsaid)
    gender = Choice(Gender, load_default=Gender.unsaid)
    needs = LongText(longest=5000, load_default="", metadata={"words": "their_needs"})

    def __init__(self, *, exchange_id: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        field = self.load_fields.get("organisation_id")
        if exchange_id is not None and field is not None:
            field.metadata = {**field.metadata, "options": f"partners:{exchange_id}"}


class PreparationSchema(Schema):
    """What a participant needs, and the practice or challenge they bring."""

    needs = LongText(longest=5000, load_default="", metadata={"words": "your_needs"})
    kind = Choice(SheetKind, allow_none=True, metadata={"words": "sheet_kind"})
    title = Text(load_default="", metadata={"words": "sheet_title"})
    problem = LongText(load_default="")
    what_was_done = LongText(load_default="")
    result = LongText(load_default="")
    language = Language(load_default="en")


class ChecklistSchema(Schema):
    """A point of one's own on the checklist."""

    label = Text(required=True)
    who = Choice(ChecklistParty, load_default=ChecklistParty.host)
    due_on = fields.Date(allow_none=True)


class VisitAttendanceSchema(Schema):
    """Who came."""

    attended_ids = fields.List(fields.Integer(), load_default=list)


class EvaluationSchema(Schema):
    """The evaluation of one participant: question code to 1–5, to yes, partly or no, or a text."""

    answers = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)
    language = Language(load_default="en")


class TickSchema(Schema):
    """Whether a point of the checklist is done."""

    done = Flag(required=True)


class VisitFilter(Filter):
    """How the list of visits is narrowed; without ``when`` it holds what is to come."""

    when = Choice(VisitTime)
    mode = Choice(VisitMode)
    country = Text(longest=2)
    section = Text(longest=20)
    theme = Text(longest=80)
    exchange = Whole(least=1)
    starts_from = fields.Date()
    starts_until = fields.Date()
    owner = Whole(least=1)
    programme_id = Whole(least=1)
    mine = Flag()
