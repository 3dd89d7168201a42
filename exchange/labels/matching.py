"""Words for the rules of matching: why two cities fit, and what kept others away."""

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

# soft rule → what it is about
REASONS: dict[str, LazyString] = {
    "same_themes": _l("Themes"),
    "same_sdg_targets": _l("SDG targets"),
    "same_agendas": _l("Global agendas"),
    "same_words": _l("Their own words"),
    "similar_size": _l("Size"),
    "south_south": _l("South–South"),
    "other_region": _l("Another region"),
    "same_format": _l("Format"),
    "newcomer": _l("New as a host"),
    "by_officer": _l("Suggested by hand"),
}

# soft rule → the sentence when it holds in full, in part, and not at all
SENTENCES: dict[str, tuple[LazyString, LazyString, LazyString]] = {
    "same_themes": (
        _l("Every theme asked for is offered."),
        _l("Some of the themes asked for are offered."),
        _l("The themes differ."),
    ),
    "same_sdg_targets": (
        _l("Every SDG target asked for is offered."),
        _l("Some SDG targets, or their goals, are shared."),
        _l("The SDG targets differ."),
    ),
    "same_agendas": (
        _l("Every global agenda asked for is offered."),
        _l("Some global agendas are shared."),
        _l("The global agendas differ."),
    ),
    "same_words": (
        _l("The two texts speak of the same."),
        _l("The two texts share words."),
        _l("The two texts share no words."),
    ),
    "similar_size": (
        _l("The cities are of similar size."),
        _l("One city is several times the size of the other."),
        _l("The cities are of very different size."),
    ),
    "south_south": (
        _l("Both cities are of the South."),
        _l("Both cities are of the South."),
        _l("Not both cities are of the South."),
    ),
    "other_region": (
        _l("They are of different regions of the world."),
        _l("They are of different regions of the world."),
        _l("They are of the same region of the world."),
    ),
    "same_format": (
        _l("They prefer the same format."),
        _l("They prefer the same format."),
        _l("No format is preferred by both."),
    ),
    "newcomer": (
        _l("The host would host for the first time."),
        _l("The host would host for the first time."),
        _l("The host has hosted before."),
    ),
    "by_officer": (
        _l("An officer knows why they fit."),
        _l("An officer knows why they fit."),
        _l("An officer knows why they fit."),
    ),
}

# hard rule → why an offer was left out
REMOVED: dict[str, LazyString] = {
    "both_published": _l("not published"),
    "another_organisation": _l("of the same organisation"),
    "not_together_yet": _l("asked already"),
    "not_declined_lately": _l("declined in the last twelve months"),
    "a_host_is_wanted": _l("all hosts are found"),
    "a_place_is_left": _l("no place left"),
    "a_common_language": _l("no common working language"),
    "windows_overlap": _l("other dates"),
    "a_common_format": _l("another format"),
    "below_the_floor": _l("too little in common"),
}

# Why a match ended when no side said no; the other codes are the vocabulary ``decline_reason``.
ENDED: dict[str, LazyString] = {
    "withdrawn": _l("Withdrawn by an officer"),
    "exchange_ended": _l("Their exchange was declined or cancelled"),
}

STRENGTHS = (_l("strong"), _l("partly"), _l("no"))


def strength(reason: dict[str, Any]) -> int:
    """0 when a reason holds in full, 1 in part, 2 not at all. Half of its weight counts as full
    for words, which never fully agree."""
    if not reason["points"]:
        return 2 if reason["most"] else 0
    full = reason["most"] // 2 if reason["code"] == "same_words" else reason["most"]
    return 0 if reason["points"] >= full else 1


def reason_sentence(reason: dict[str, Any]) -> LazyString:
    """Why, in words."""
    return SENTENCES[reason["code"]][strength(reason)]


def reason_strength(reason: dict[str, Any]) -> LazyString:
    """How far a reason holds, in a word."""
    return STRENGTHS[strength(reason)]
