"""What organisations, memberships and people look like, in JSON and on a form."""

from exchange.directory.models import Level, OrganisationKind
from exchange.schemas import (
    Choice,
    Codes,
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


class OrganisationSchema(Schema):
    """An organisation as people write it."""

    name = Text(required=True)
    short_name = Text(longest=60)
    kind = Choice(OrganisationKind, required=True)
    level = Choice(Level, allow_none=True)
    country_code = OneOf("countries", longest=2)
    place_id = Whole(least=1, allow_none=True)
    population = Whole(allow_none=True)
    languages = Codes("language")
    sections = Codes("section")
    website = Link(longest=300)
    external_id = Text(longest=80, allow_none=True)
    contact_id = Whole(least=1, allow_none=True)


class OrganisationFilter(Filter):
    """How the list of organisations is narrowed."""

    kind = Choice(OrganisationKind)
    level = Choice(Level)
    country = Text(longest=2)
    section = Text(longest=20)
    language = Text(longest=5)
    body = Whole(least=1)
    place = Whole(least=1)
    mine = Flag()


class MembershipSchema(Schema):
    """A membership to add."""

    body_id = RowId("bodies", required=True)


class ContactSchema(Schema):
    """The choice of a point of contact."""

    contact_id = Whole(least=1, allow_none=True)


class PersonFilter(Filter):
    """How the list of people is narrowed."""

    organisation = Whole(least=1)


class PlaceFilter(Filter):
    """How places are searched."""

    country = Text(longest=2)


class ExpertiseSchema(Schema):
    """What one knows and would share."""

    text = LongText(required=True, longest=2000, metadata={"words": "expertise_text"})
    themes = Codes("theme", load_default=list)
    languages = Codes("language", load_default=list, metadata={"words": "expertise_languages"})
    language = Language(required=True)


class ExpertiseFilter(Filter):
    """How the directory of expertise is narrowed."""

    theme = Text(longest=80)
    language = Text(longest=5)
    country = Text(longest=2)
