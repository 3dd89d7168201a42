"""What people send about runs of the matcher and about the pairs in them."""

from exchange.matching.models import Wished
from exchange.runs.models import Occasion, Outcome
from exchange.schemas import Choice, Filter, LongText, RowId, Schema, Text, Whole
from workflows.matching_run import RunState


class RunSchema(Schema):
    """A run that an officer begins; without a programme it is one of the network at large."""

    programme_id = RowId("programmes", allow_none=True, metadata={"words": "run_programme"})


class RunFilter(Filter):
    """How the list of runs is narrowed."""

    state = Choice(RunState)
    programme = Text(longest=40)
    occasion = Choice(Occasion)


class PairFilter(Filter):
    """How the pairs of a run are narrowed."""

    outcome = Choice(Outcome)
    need = Whole(least=1)
    offer = Whole(least=1)


class WishSchema(Schema):
    """What an officer wishes of a pair in the next runs."""

    need_id = Whole(least=1, required=True)
    offer_id = Whole(least=1, required=True)
    kind = Choice(Wished, required=True, metadata={"words": "wish_kind"})
    note = LongText(longest=2000, load_default="")
