"""What a programme looks like, in JSON and on a form."""

from exchange.programmes.models import MatchingMode
from exchange.schemas import Choice, Code, Filter, Flag, Schema, Text


class ProgrammeEditSchema(Schema):
    """What can be changed of a programme, and of the network at large."""

    title_en = Text(required=True, longest=200)
    title_fr = Text(longest=200, load_default="")
    title_es = Text(longest=200, load_default="")
    title_pt = Text(longest=200, load_default="")
    mode = Choice(MatchingMode, required=True, metadata={"words": "matching_mode"})
    open = Flag(load_default=True, metadata={"words": "programme_open"})
    trial = Flag(load_default=False)


class ProgrammeSchema(ProgrammeEditSchema):
    """A new programme. Its code is in the names of its runs and in spreadsheets: it stays."""

    code = Code(required=True)


class ProgrammeFilter(Filter):
    """How the list of programmes is narrowed."""

    open = Flag()
