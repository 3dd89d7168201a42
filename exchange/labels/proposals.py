"""The words of the proposal's steps: what each asks, and an example beside it."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

STEPS: dict[str, LazyString] = {
    "who": _l("Who proposes"),
    "learn": _l("What should be learned"),
    "meet": _l("Who should meet"),
    "when": _l("When and how"),
}

# What each step is for, in a line.
ABOUT: dict[str, LazyString] = {
    "who": _l("We filled in what we know. Change it if it is not right."),
    "learn": _l("One precise question finds better partners than a broad theme."),
    "meet": _l("Bring together the needs of several cities, or name one that wants to learn."),
    "when": _l("An idea is enough: the partners agree on the days later."),
}

# (the field, what somebody wrote in it)
EXAMPLES: dict[str, tuple[tuple[str, LazyString], ...]] = {
    "learn": (
        ("title", _l("Sorting waste in public markets")),
        (
            "purpose",
            _l(
                "Our three markets produce 40 tonnes of waste a day, nearly all of it organic, and "
                "none of it is sorted. We want to see how others bring traders to sort, who pays, "
                "and what becomes of the compost."
            ),
        ),
        (
            "learning_question",
            _l("How did you bring traders to sort their waste in the first six months?"),
        ),
    ),
    "meet": (
        (
            "need_ids",
            _l(
                "Two member cities have the same problem: one visit teaches both, and the "
                "association writes down what was learned for all the others."
            ),
        ),
    ),
    "when": (
        ("access_needs", _l("One participant uses a wheelchair; two speak Portuguese only.")),
        ("budget_note", _l("We pay the flights of six people; the host gives rooms and buses.")),
    ),
}
