"""What a method and its pilots look like, in JSON and on a form."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates_schema

from exchange.methods.models import Decision
from exchange.schemas import (
    Choice,
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
from workflows.method import MethodState

LANGUAGES = ("en", "fr", "es", "pt")
_LINK = re.compile(r"[a-z]{2,3} https?://[^\s<>\"']+( .+)?")


class MethodSchema(Schema):
    """A card. One language is enough; line n of the steps of each language is the same step."""

    title_en = Text(longest=200, load_default="")
    title_fr = Text(longest=200, load_default="")
    title_es = Text(longest=200, load_default="")
    title_pt = Text(longest=200, load_default="")
    format = OneOf("terms:format", longest=80, load_default="", metadata={"words": "method_format"})
    organisation_id = RowId(
        "my_organisations", allow_none=True, load_default=None, metadata={"words": "method_from"}
    )
    text_en = LongText(load_default="")
    text_fr = LongText(load_default="")
    text_es = LongText(load_default="")
    text_pt = LongText(load_default="")
    steps_en = LongText(load_default="")
    steps_fr = LongText(load_default="")
    steps_es = LongText(load_default="")
    steps_pt = LongText(load_default="")
    min_days = Whole(least=1, most=366, allow_none=True, load_default=None)
    max_days = Whole(least=1, most=366, allow_none=True, load_default=None)
    months = Whole(
        least=1, most=120, allow_none=True, load_default=None, metadata={"words": "months_long"}
    )
    min_people = Whole(least=1, most=100_000, allow_none=True, load_default=None)
    max_people = Whole(least=1, most=100_000, allow_none=True, load_default=None)
    links = LongText(longest=5000, load_default="", metadata={"words": "method_links"})
    source = Text(longest=300, load_default="", metadata={"words": "method_source"})
    source_url = Link(longest=500, load_default="")

    @validates_schema
    def has_a_title(self, data: dict[str, Any], **_options: Any) -> None:
        titles = [data.get(f"title_{code}") for code in LANGUAGES]
        if not self.partial and not any(titles):
            raise ValidationError(str(_l("Give a title in one language.")), "title_en")

    @validates_schema
    def links_are_lines(self, data: dict[str, Any], **_options: Any) -> None:
        for line in data.get("links", "").splitlines():
            if line.strip() and not _LINK.fullmatch(line.strip()):
                words = _l("“%(line)s”: begin with a language and an address.", line=line[:80])
                raise ValidationError(str(words), "links")


class PilotSchema(Schema):
    """Who tries a method, when, and what they expect."""

    title = Text(required=True, longest=200, metadata={"words": "pilot_title"})
    organisation_id = RowId("my_organisations", required=True, metadata={"words": "pilot_by"})
    hypothesis = LongText(required=True, longest=5000)
    language = Language(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    exchange_id = RowId(
        "exchanges_seen", allow_none=True, load_default=None, metadata={"words": "pilot_exchange"}
    )


class PilotEditSchema(PilotSchema):
    """The same, with what came of it."""

    result = LongText(longest=5000, load_default="")
    decision = Choice(Decision, allow_none=True, load_default=None)


class MethodFilter(Filter):
    """How the library is narrowed."""

    format = OneOf("terms:format")
    state = Choice(MethodState)
    organisation_id = RowId("organisations")
