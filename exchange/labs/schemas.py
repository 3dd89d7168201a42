"""What a local laboratory looks like, in JSON and on a form."""

from marshmallow import fields

from exchange.schemas import (
    Choice,
    Codes,
    Filter,
    Language,
    LongText,
    OneOf,
    RowId,
    Schema,
    Text,
    Whole,
)
from workflows.lab import LabState

_MAYBE = {"allow_none": True, "load_default": None}


class LabSchema(Schema):
    """The challenge of a city, and until when it tries answers."""

    title = Text(required=True, longest=200, metadata={"words": "lab_title"})
    organisation_id = RowId("my_organisations", required=True, metadata={"words": "lab_city"})
    text = LongText(required=True, longest=5000, metadata={"words": "lab_challenge"})
    language = Language(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, metadata={"words": "lab_ends_on"})
    themes = Codes("theme", load_default=list)
    sdg_goals = Codes("sdg_goal", load_default=list)
    pilot_id = RowId("pilots", metadata={"words": "lab_pilot"}, **_MAYBE)
    exchange_id = RowId("exchanges_seen", metadata={"words": "lab_exchange"}, **_MAYBE)


class LabEditSchema(LabSchema):
    """The same, with what remains of it."""

    kept = LongText(longest=5000, load_default="", metadata={"words": "lab_kept"})
    adapted = LongText(longest=5000, load_default="", metadata={"words": "lab_adapted"})
    dropped = LongText(longest=5000, load_default="", metadata={"words": "lab_dropped"})


class LabPartnerSchema(Schema):
    """An organisation that takes part, and what it brings."""

    organisation_id = RowId("organisations", required=True, metadata={"words": "lab_partner"})
    brings = Text(longest=300, load_default="", metadata={"words": "lab_brings"})


class LabMechanismSchema(Schema):
    """A mechanism of learning that the laboratory belongs to."""

    mechanism_id = RowId("mechanisms", required=True)


class LabCycleSchema(Schema):
    """The question of a cycle, and by when it has its result."""

    question = LongText(required=True, longest=3000, metadata={"words": "cycle_question"})
    due_on = fields.Date(required=True, metadata={"words": "cycle_due_on"})


class LabCycleEditSchema(LabCycleSchema):
    """The same, with what was built, how it was tested, what came of it."""

    prototype = LongText(longest=5000, load_default="", metadata={"words": "cycle_prototype"})
    test = LongText(longest=5000, load_default="", metadata={"words": "cycle_test"})
    result = LongText(longest=5000, load_default="", metadata={"words": "cycle_result"})


class LabFilter(Filter):
    """How the list of laboratories is narrowed."""

    state = Choice(LabState)
    theme = OneOf("terms:theme")
    sdg_goal = OneOf("terms:sdg_goal")
    section = Text(longest=20)
    organisation_id = Whole(least=1, metadata={"words": "lab_city"})
