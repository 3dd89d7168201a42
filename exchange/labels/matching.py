"""Words for the rules of matching: why two cities fit, and what keeps a pair apart."""

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
    "rating": _l("What guests say of the host"),
    "newcomer": _l("New as a host"),
    "declined_before": _l("Declined before"),
    "by_officer": _l("Suggested by hand"),
    "by_city": _l("Suggested by a city"),
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
        _l("The two texts speak of something similar."),
        _l("The two texts speak of different things."),
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
    "rating": (
        _l("Earlier guests valued the host highly."),
        _l("Earlier guests valued the host neither highly nor poorly."),
        _l("Earlier guests did not value the host."),
    ),
    "newcomer": (
        _l("The host would host for the first time."),
        _l("The host would host for the first time."),
        _l("The host has hosted before."),
    ),
    "declined_before": (
        _l("This pair was declined some time ago: it comes back behind others."),
        _l("This pair was declined some time ago: it comes back behind others."),
        _l("This pair was declined some time ago: it comes back behind others."),
    ),
    "by_officer": (
        _l("An officer knows why they fit."),
        _l("An officer knows why they fit."),
        _l("An officer knows why they fit."),
    ),
    "by_city": (
        _l("One of the two cities suggested it."),
        _l("One of the two cities suggested it."),
        _l("One of the two cities suggested it."),
    ),
}
NOT_RATED = _l("Nobody has valued the host yet: it counts as the middle.")

# hard rule → why offers were left out, as one counts them: "230 no common working language"
REMOVED: dict[str, LazyString] = {
    "both_published": _l("not published"),
    "another_organisation": _l("of the same organisation"),
    "not_together_yet": _l("asked already"),
    "not_declined_lately": _l("declined lately"),
    "a_host_is_wanted": _l("all hosts are found"),
    "a_place_is_left": _l("no place left"),
    "a_common_language": _l("no common working language"),
    "windows_overlap": _l("other dates"),
    "a_common_format": _l("another format"),
    "visa_letter": _l("no visa letter"),
    "funding": _l("costs not borne"),
    "below_the_floor": _l("too little in common"),
}

# hard rule → the sentence for one pair that breaks it
BROKEN: dict[str, LazyString] = {
    "both_published": _l("The need or the offer is not published."),
    "another_organisation": _l("Need and offer are of the same organisation."),
    "not_together_yet": _l("This pair has a match already."),
    "not_declined_lately": _l(
        "One of the two said no lately, or an officer does not want this pair: it is left alone."
    ),
    "a_host_is_wanted": _l("The need has found all the hosts it wants."),
    "a_place_is_left": _l("The offer has no place left."),
    "a_common_language": _l(
        "They share no working language, and neither can work through an interpreter."
    ),
    "windows_overlap": _l("No day suits both."),
    "a_common_format": _l("They share no format of exchange."),
    "visa_letter": _l(
        "The people of the one must have an invitation letter for a visa; the other writes none."
    ),
    "funding": _l("The one can come only if its costs are borne; the other does not bear them."),
    "below_the_floor": _l("They have too little in common."),
}

# hard rule → the condition that a pair meets, as a heading
CONDITIONS: dict[str, LazyString] = {
    "a_common_language": _l("Language"),
    "windows_overlap": _l("When"),
    "a_common_format": _l("Format"),
    "visa_letter": _l("Visa letter"),
    "funding": _l("Travel and stay"),
}

# mode of a programme → what it means, in a sentence
MODES: dict[str, LazyString] = {
    "suggest": _l(
        "The program keeps a list of suggestions for each need; an officer decides each time "
        "whether two cities are asked."
    ),
    "review": _l(
        "The program computes the best whole for all needs at once; nobody is asked until an "
        "officer has looked at this run and published it."
    ),
    "automatic": _l(
        "The program asks the two cities as soon as it finds a good pair, and goes down the line "
        "by itself when one says no or does not answer."
    ),
}

# Why a match ended when no side said no; the other codes are the vocabulary ``decline_reason``.
ENDED: dict[str, LazyString] = {
    "withdrawn": _l("Withdrawn by an officer"),
    "exchange_ended": _l("Their exchange was declined or cancelled"),
}

FULL, PARTLY, NOT = range(3)
STRENGTHS = (_l("strong"), _l("partly"), _l("no"))
AGAINST = _l("counts against it")
# What counts as "in full", in percent of the weight: words never fully agree, nor do all guests.
FULL_FROM = {"same_words": 50, "rating": 75}


def strength(reason: dict[str, Any]) -> int:
    """0 when a reason holds in full, 1 in part, 2 not at all."""
    if reason["points"] <= 0:
        return NOT if reason["most"] else FULL
    enough = reason["most"] * FULL_FROM.get(reason["code"], 100)
    return FULL if reason["points"] * 100 >= enough else PARTLY


def reason_sentence(reason: dict[str, Any]) -> LazyString:
    """Why, in words."""
    if reason["code"] == "rating" and not reason["evidence"].get("votes"):
        return NOT_RATED
    return SENTENCES[reason["code"]][strength(reason)]


def reason_strength(reason: dict[str, Any]) -> LazyString:
    """How far a reason holds, in a word."""
    return AGAINST if reason["points"] < 0 else STRENGTHS[strength(reason)]


def reason_kind(reason: dict[str, Any]) -> str:
    """The kind of tag, which is its shape, for how far a reason holds."""
    return "warn" if reason["points"] < 0 else ("good", "turn", "quiet")[strength(reason)]
