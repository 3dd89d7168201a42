"""Words for the settings of the matcher, and what each of them does."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from exchange.labels.matching import REASONS
from exchange.matching.core.configuration import WEIGHTS

# Points are shown as they are counted: 10,000 is a pair that fits in everything.
SETTINGS: dict[str, LazyString] = {
    "floor": _l("Least points of a match"),
    "lowered": _l("Points lost by a pair that was declined before"),
    "first_bonus": _l("Bonus for the first host of a need"),
    "second_bonus": _l("Bonus for the second host of a need"),
    "ageing": _l("Added for each run without a host"),
    "ageing_most": _l("Added at most"),
    "newcomer_bonus": _l("Bonus for a host that never hosted"),
    "diversity": _l("Lost for each further host from the same country"),
    "stability": _l("How firmly very good pairs are kept"),
    "host_cap": _l("Most places that one host gives in a run"),
    "learner_cap": _l("Most places that one learner gets in a run"),
    "hold_days": _l("Days to answer"),
    "kept": _l("Suggestions kept for each need"),
    "waiting": _l("Of these, wait in line"),
    "months_away": _l("Months that a declined pair is left alone"),
    "months_lowered": _l("Months that it comes back behind others"),
    "seconds": _l("Seconds to look for the best whole"),
}

SETTINGS_HELP: dict[str, LazyString] = {
    "floor": _l("Pairs below it are no match."),
    "first_bonus": _l("So that many needs are served before some are served richly."),
    "ageing": _l("Whoever was left without a host comes first next time."),
    "newcomer_bonus": _l("So that places do not always go to the same hosts."),
    "diversity": _l("So that a need with several hosts hears several countries."),
    "stability": _l("1: only the sum counts; up to 4: the best pairs are hardly ever broken up."),
    "host_cap": _l("0: no limit."),
    "learner_cap": _l("0: no limit."),
    "hold_days": _l("A place is held for so long; then the next in line is asked."),
    "months_away": _l("The reason of the no can lengthen or shorten it."),
    "seconds": _l("When the time is over, the run says how far from the best it may be."),
}

# The same by the fields of the form: a weight for each reason, a number for each setting.
SETTING_FIELDS: dict[str, LazyString] = {
    **{f"weight_{rule}": REASONS[rule] for rule in WEIGHTS},
    **{f"set_{name}": words for name, words in SETTINGS.items()},
}
SETTING_HELP = {f"set_{name}": words for name, words in SETTINGS_HELP.items()}
