"""What a practice looks like, in JSON and on a form."""

from exchange.lessons.schemas import TransferabilitySchema
from exchange.practices.models import CitySize
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
from workflows.practice import PracticeState


class PracticeTextSchema(Schema):
    """A practice in one language."""

    title = Text(required=True, longest=200)
    summary = LongText(required=True, longest=2000, metadata={"words": "practice_summary"})
    text = LongText(load_default="", metadata={"words": "practice_text"})


class PracticeEditSchema(PracticeTextSchema):
    """What can be changed of a practice."""

    organisation_id = RowId("my_organisations", allow_none=True)
    themes = Codes("theme", load_default=list)
    sdg_goals = Codes("sdg_goal", load_default=list)
    agendas = Codes("agenda", load_default=list)
    source_url = Link(longest=500, load_default="", metadata={"words": "practice_url"})
    innovative = Flag(load_default=False, metadata={"words": "practice_innovative"})


class PracticeSchema(PracticeEditSchema):
    """A new practice: whose it is, and the language it is written in."""

    organisation_id = RowId("my_organisations", required=True)
    language = Language(required=True)


class PracticeFilter(Filter):
    """How the observatory is narrowed."""

    theme = Text(longest=80)
    sdg_goal = Text(longest=10)
    agenda = Text(longest=80)
    country = Text(longest=2)
    city_size = Choice(CitySize)
    language = Text(longest=5)
    innovative = Flag()
    state = Choice(PracticeState)
    observatory = Whole(least=1)
    organisation = Whole(least=1)


class SheetSchema(TransferabilitySchema):
    """What another city must know before it takes a practice up."""


class AdoptionEditSchema(Schema):
    """What a city made different, and what changed there."""

    adapted = LongText(load_default="")
    changed = LongText(load_default="")


class AdoptionSchema(AdoptionEditSchema):
    """A city takes a practice up."""

    organisation_id = RowId("my_organisations", required=True)
    language = Language(required=True)


class ObservatorySchema(Schema):
    """Who collects practices."""

    code = Code(required=True)
    name = Text(required=True, longest=200)
    website = Link(longest=300, load_default="")
    harvest_url = Link(longest=500, load_default="")
    rights = Text(longest=300, load_default="")
    trusted = Flag(load_default=False)
    nightly = Flag(load_default=True)


class HarvestSchema(Schema):
    """Records to be taken in: the text of a file. Without it, the address of the observatory."""

    records = LongText(longest=5_000_000, load_default="")


class ObservatoryFilter(Filter):
    """How the list of observatories is narrowed."""
