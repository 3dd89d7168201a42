"""What learning modules and their topics look like, in JSON and on a form."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Regexp

from exchange.exchanges.models import MeetingMode
from exchange.modules.models import DeliveryKind, Depth, Part
from exchange.schemas import (
    Choice,
    Codes,
    Filter,
    Language,
    Link,
    LongText,
    OneOf,
    RowId,
    Schema,
    Text,
    Whole,
)
from workflows.module import ModuleState
from workflows.module_topic import TopicState

_ORGANISATION = {"words": "module_organisation"}


class ModuleSchema(Schema):
    """A module of the catalogue."""

    code = Text(
        required=True,
        longest=40,
        validate=Regexp(r"^[A-Za-z0-9-]+$", error=_l("Use letters, digits and hyphens.")),
    )
    title_en = Text(longest=200, load_default="")
    title_fr = Text(longest=200, load_default="")
    title_es = Text(longest=200, load_default="")
    title_pt = Text(longest=200, load_default="")
    text_en = LongText(load_default="")
    text_fr = LongText(load_default="")
    text_es = LongText(load_default="")
    text_pt = LongText(load_default="")
    depth = Choice(Depth, required=True)
    themes = Codes("theme", load_default=list)
    agendas = Codes("agenda", load_default=list)
    axis_id = RowId("axes", allow_none=True, load_default=None)

    @validates_schema
    def has_a_title(self, data: dict[str, Any], **_options: Any) -> None:
        titles = [name for name in data if name.startswith("title_")]
        if titles and not any(data[name] for name in titles):
            raise ValidationError(str(_l("Give a title in one language at least.")), "title_en")


class VersionSchema(Schema):
    """A version of a module."""

    number = Text(required=True, longest=20, metadata={"words": "version_number"})
    released_on = fields.Date(required=True)
    languages = Codes("language", load_default=list, metadata={"words": "version_languages"})
    url = Link(longest=500, load_default="")
    changes = LongText(longest=5000, load_default="", metadata={"words": "version_changes"})
    language = Language(required=True)


class PartnerSchema(Schema):
    """An organisation, and one of its parts in a module."""

    organisation_id = RowId("organisations", required=True, metadata=_ORGANISATION)
    part = Choice(Part, required=True, metadata={"words": "module_part"})


def of_five(mean: Decimal) -> None:
    """:raises ValidationError: the mean does not lie between 1 and 5."""
    # No ``validate.Range``: the API's document would state its bounds as texts.
    if not 1 <= mean <= 5:
        raise ValidationError(str(_l("Give a number from 1 to 5.")))


class DeliverySchema(Schema):
    """A time that a module was given."""

    kind = Choice(DeliveryKind, required=True, metadata={"words": "delivery_kind"})
    mode = Choice(MeetingMode, required=True)
    place = Text(longest=200, load_default="")
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    language = Language(allow_none=True, load_default=None, metadata={"words": "given_in"})
    participants = Whole(allow_none=True, load_default=None)
    women = Whole(allow_none=True, load_default=None)
    men = Whole(allow_none=True, load_default=None)
    evaluation = fields.Decimal(
        places=2,
        allow_none=True,
        load_default=None,
        validate=of_five,
        metadata={"words": "evaluation_mean"},
    )
    url = Link(longest=500, load_default="")
    reference = Text(longest=40, load_default="", metadata={"words": "exchange_reference"})


class TopicSchema(Schema):
    """A topic of the backlog."""

    title = Text(required=True, longest=300, metadata={"words": "topic_title"})
    text = LongText(longest=5000, load_default="", metadata={"words": "topic_text"})
    language = Language(required=True)
    themes = Codes("theme", load_default=list)
    agendas = Codes("agenda", load_default=list)


class TopicEditSchema(TopicSchema):
    """The same, with the module that shall take it up."""

    module_id = RowId("modules", allow_none=True, load_default=None)


class ModuleFilter(Filter):
    """How the catalogue is narrowed."""

    theme = OneOf("terms:theme")
    agenda = OneOf("terms:agenda")
    depth = Choice(Depth)
    state = Choice(ModuleState)
    axis_id = RowId("axes")


class TopicFilter(Filter):
    """How the backlog is narrowed."""

    theme = OneOf("terms:theme")
    agenda = OneOf("terms:agenda")
    state = Choice(TopicState)


class DemandFilter(Filter):
    """The list of the needs behind a figure."""
