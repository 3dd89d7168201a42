"""Words for what a run of the matcher says of itself."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from babel.numbers import format_percent
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.labels.facts import FACTS
from exchange.labels.matching import REMOVED

# why a need got no host in a run
UNSERVED: dict[str, LazyString] = {
    "no_candidates": _l("no offer fits it"),
    "vetoed": _l("officers veto the pairs it could have"),
    "capped": _l("its organisation, or the hosts it could have, have got or given all they may"),
    "stopped_early": _l("the time was over before every pair was looked at"),
    "places_given_to_others": _l("the places it could have went to others"),
}

# why a pinned pair was not taken
PIN_BROKEN: dict[str, LazyString] = {
    "not_known": _l("the need or the offer is not in the run"),
    "vetoed": _l("it is vetoed as well"),
    "capped": _l("an organisation has got or given all it may"),
    "not_feasible": _l("it breaks a rule that nothing overcomes"),
    "need_has_its_hosts": _l("other pins of the need have taken all its hosts"),
    "places_given_to_others": _l("other pins have taken all places of the offer"),
    "stopped_early": _l("the time was over before it was looked at"),
}

# why a need did not get the offer that fits better
TRADE_OFF: dict[str, LazyString] = {
    "others_gain_more": _l("others gain more from its last place"),
    "capped": _l("an organisation has got or given all it may"),
    "pinned": _l("an officer pinned another"),
    "another_country": _l("the need has a host from this country already"),
    "newcomer_first": _l("a host that never hosted comes first"),
}

# groups of cities in the coverage of a run
GROUPS: dict[str, LazyString] = {
    "section": _l("By section"),
    "size": _l("By size of city"),
    "language": _l("By language of the need"),
    "theme": _l("By theme"),
}
SIZES: dict[str, LazyString] = {
    "small": _l("under 50,000 inhabitants"),
    "intermediary": _l("50,000 to 1 million inhabitants"),
    "metropolitan": _l("1 million inhabitants or more"),
    "unknown": _l("not known"),
}

# why a run failed
FAILURES: dict[str, LazyString] = {
    "workers_died": _l("Its workers stopped in the middle of the work, several times."),
    "work_failed": _l("The work on it failed several times; the log of the worker says why."),
}

SOLVERS: dict[str, LazyString] = {
    "flow": _l("exact: flow of least cost"),
    "linear": _l("exact: linear programme"),
    "greedy": _l("not exact: best pair first, because no solver is installed"),
}


def why_dropped(code: str) -> Any:
    """Why a pair of a published run was not asked: a rule it breaks now, or a missing fact."""
    return REMOVED.get(code) or FACTS.get(code, code)


def proof(found: Mapping[str, Any]) -> str:
    """How near to the best a run is known to be, from its ``objective`` and its ``bound``."""
    best, reached = found["bound"], found["objective"]
    if best <= reached:
        return _("proven: no other whole is better")
    # Never less than the truth: the last figure is rounded up.
    below = ceil(10_000 * (best - reached) / best) / 10_000
    share = format_percent(below, locale=get_locale() or "en", decimal_quantization=False)
    return _("at most %(share)s below the best possible", share=share)


# How far a run is, and what moves it.
RUN_STATES: dict[str, LazyString] = {
    "queued": _l("Waiting for a worker"),
    "comparing": _l("Comparing needs with offers"),
    "solving": _l("Looking for the best whole"),
    "draft": _l("Draft to review"),
    "published": _l("Published"),
    "discarded": _l("Discarded"),
    "failed": _l("Failed"),
}
RUN_TRIGGERS: dict[str, LazyString] = {
    "compare": _l("Begin"),
    "solve": _l("Look for the best whole"),
    "finish": _l("Finish"),
    "take_over": _l("Hand to another worker"),
    "fail": _l("Give up"),
    "retry": _l("Try again"),
    "publish": _l("Publish"),
    "discard": _l("Discard"),
}
