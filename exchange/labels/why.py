"""The three strongest reasons of a match as a sentence, in the language in force.

The same words stand on the page, in the mail and in the API.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from flask_babel import LazyString, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.labels.matching import FULL, REASONS, strength

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


@dataclass(frozen=True)
class Pair:
    """What is told of a pair: the names of the two (who needs, who offers), reasons, and the
    evidence of the conditions it meets."""

    cities: tuple[str, str]
    reasons: Sequence[Reason]
    met: Sequence[Mapping[str, Any]]


def lines(pair: Pair, named: Named) -> list[str]:
    """Why these two fit, a sentence each: the strongest reasons, the languages, the days, the
    papers. A sentence that has nothing to say is left out."""
    found: dict[str, Any] = {key: value for one in pair.met for key, value in one.items()}
    said = [summary(pair.cities, pair.reasons, named), _talk(found), _meet(found)]
    if found.get("visa_letter"):
        said.append(_("The host writes invitation letters for visas."))
    if found.get("funding"):
        said.append(_("The host bears travel and stay."))
    return [sentence for sentence in said if sentence]


def summary(cities: tuple[str, str], reasons: Sequence[Reason], named: Named) -> str:
    """Why these two fit, in one sentence: their three strongest reasons in the order of the rules,
    what they work on first; "" without any."""
    said = {one["code"]: clause for one in reasons if (clause := _clause(one, named))}
    strong = sorted((one for one in reasons if one["code"] in said), key=lambda r: -r["points"])
    chosen = {one["code"] for one in strong[:STRONGEST] if one["points"] > 0}
    clauses = [said[code] for code in REASONS if code in chosen]
    if not clauses:
        return ""
    return _(
        "%(need)s and %(offer)s %(reasons)s.",
        need=cities[0],
        offer=cities[1],
        reasons=listed(clauses),
    )


def _talk(found: Mapping[str, Any]) -> str:
    """In which languages they can work; "" when nothing is said of it."""
    if codes := found.get("languages"):
        names = listed([_language(code) for code in codes])
        return _("They can work together in %(languages)s.", languages=names)
    through = _("They can work together through an interpreter.")
    return through if found.get("interpretation") else ""


def _meet(found: Mapping[str, Any]) -> str:
    """When they can meet; "" when any day suits both."""
    first, last = found.get("first_day"), found.get("last_day")
    days = {"first": _day(first), "last": _day(last)}
    if found.get("weeks"):
        return ngettext(
            "%(num)s week suits both: %(first)s to %(last)s.",
            "%(num)s weeks suit both: %(first)s to %(last)s.",
            found["weeks"],
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
        names = _names("themes", evidence, named)
        return ngettext("work on %(names)s", "work on %(names)s", len(names), names=listed(names))
    if code == "same_sdg_targets":
        return _goals(evidence)
    if code == "same_agendas":
        names = _names("agendas", evidence, named)
        return ngettext("follow %(names)s", "follow %(names)s", len(names), names=listed(names))
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


def _names(kind: str, evidence: Mapping[str, Any], named: Named) -> list[str]:
    return [_("“%(words)s”", words=named(kind, code)) for code in evidence.get(kind, ())[:NAMES]]


def _locale() -> Locale:
    return get_locale() or Locale("en")


def _language(code: str) -> str:
    return str(_locale().languages.get(code, code))


def _day(day: str | None) -> str:
    return format_date(date.fromisoformat(day), "long", locale=_locale()) if day else ""


# What a need could change: kind → words; "%(value)s" is the name of what is added.
CHANGES: dict[str, LazyString] = {
    "languages": _l("Work in %(value)s too"),
    "formats": _l("Accept the format %(value)s too"),
    "any_format": _l("Be open to any format"),
    "themes": _l("Add the theme %(value)s"),
    "interpretation": _l("Work through an interpreter"),
    "visa_letter": _l("Do without the letter for the visa"),
    "funding": _l("Bear the costs of travel and stay yourselves"),
    "published": _l("Publish it"),
}


def change(kind: str, value: str | int, named: Named) -> str:
    """What a need could change, in words.

    :param named: gives the names of themes and formats.
    """
    if kind == "window":
        return ngettext(
            "Allow %(num)s more week before and after your dates",
            "Allow %(num)s more weeks before and after your dates",
            int(value),
        )
    if kind == "hosts_wanted":
        return ngettext("Look for %(num)s more host", "Look for %(num)s more hosts", int(value))
    if kind == "formats" and not value:
        return str(CHANGES["any_format"])
    if kind == "languages":
        return str(CHANGES[kind]) % {"value": _language(str(value))}
    name = _("“%(words)s”", words=named(kind, str(value))) if value else ""
    return str(CHANGES[kind]) % {"value": name}
