"""The three strongest reasons of a match as a sentence, in the language in force.

The same words stand on the page, in the mail and in the API.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from flask_babel import LazyString, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.labels.matching import FULL, strength

Reason = Mapping[str, Any]
# (kind of evidence, code) → its name in the language in force
Named = Callable[[str, str], str]

# How many reasons, and how many names of one reason, a sentence can carry.
STRONGEST, NAMES = 3, 3

PLAIN: dict[str, LazyString] = {
    "same_words": _l("describe something similar in their own words"),
    "south_south": _l("are cities of the South"),
    "other_region": _l("know different regions of the world"),
}


def summary(cities: tuple[str, str], reasons: Iterable[Reason], named: Named) -> str:
    """Why these two fit, in one sentence: their three strongest reasons; "" without any.

    :param cities: the names of the one that needs and the one that offers.
    """
    strongest = sorted(reasons, key=lambda reason: -reason["points"])
    clauses = [clause for one in strongest if one["points"] > 0 if (clause := _clause(one, named))]
    if not clauses:
        return ""
    return _(
        "%(need)s and %(offer)s %(reasons)s.",
        need=cities[0],
        offer=cities[1],
        reasons=listed(clauses[:STRONGEST]),
    )


def talk(languages: Sequence[str], *, interpreter: bool) -> str:
    """In which languages they can work; "" when neither names one.

    :param languages: codes of those that they share.
    """
    if languages:
        names = listed([_language(code) for code in languages])
        return _("They can work together in %(languages)s.", languages=names)
    return _("They can work together through an interpreter.") if interpreter else ""


def meet(first: date | None, last: date | None) -> str:
    """When they can meet; "" when any day suits both."""
    days = {"first": _day(first) if first else "", "last": _day(last) if last else ""}
    weeks = (last - first).days // 7 if first and last else 0
    if weeks:
        return ngettext(
            "%(num)s week suits both: %(first)s to %(last)s.",
            "%(num)s weeks suit both: %(first)s to %(last)s.",
            weeks,
            **days,
        )
    if first and last:
        return _("Days that suit both: %(first)s to %(last)s.", **days)
    if first:
        return _("From %(first)s on any day suits both.", **days)
    return _("Until %(last)s any day suits both.", **days) if last else ""


def listed(words: Sequence[str]) -> str:
    """Words as a list of the language: "a, b and c"."""
    return format_list(list(words), locale=_locale())


def _clause(reason: Reason, named: Named) -> str:
    """What both do, after their two names; "" where one sentence has nothing to say of it."""
    code, evidence = reason["code"], reason["evidence"]
    if code == "same_themes":
        return _("work on %(names)s", names=_names("themes", evidence, named))
    if code == "same_sdg_targets":
        return _goals(evidence)
    if code == "same_agendas":
        return _("follow %(names)s", names=_names("agendas", evidence, named))
    if code == "similar_size":
        full = strength(dict(reason)) == FULL
        return _("are of similar size") if full else _("do not differ much in size")
    return str(PLAIN.get(code, ""))


def _goals(evidence: Mapping[str, Any]) -> str:
    """Targets are known by their numbers; their names fill paragraphs."""
    if targets := evidence.get("sdg_targets"):
        return ngettext(
            "pursue SDG target %(codes)s",
            "pursue SDG targets %(codes)s",
            len(targets),
            codes=listed(targets[:NAMES]),
        )
    goals = evidence.get("sdg_goals", ())
    return _("pursue Sustainable Development Goal %(codes)s", codes=listed(goals[:NAMES]))


def _names(kind: str, evidence: Mapping[str, Any], named: Named) -> str:
    return listed([named(kind, code) for code in evidence.get(kind, ())[:NAMES]])


def _locale() -> Locale:
    return get_locale() or Locale("en")


def _language(code: str) -> str:
    return str(_locale().languages.get(code, code))


def _day(day: date) -> str:
    return format_date(day, "long", locale=_locale())
