"""What a review of a proposal looks like on a form."""

from exchange.exchanges.reviews import Verdict
from exchange.schemas import Choice, LongText, Schema


class ReviewSchema(Schema):
    """A verdict on each criterion, and a note. Whoever is not sure leaves a criterion open."""

    need_is_clear = Choice(Verdict, allow_none=True, load_default=None)
    change_is_likely = Choice(Verdict, allow_none=True, load_default=None)
    partners_fit = Choice(Verdict, allow_none=True, load_default=None)
    means_suffice = Choice(Verdict, allow_none=True, load_default=None)
    others_gain = Choice(Verdict, allow_none=True, load_default=None)
    note = LongText(longest=5000, load_default="", metadata={"words": "review_note"})
