"""Why a pair fits, in words, for both faces and for mails: the same sentences everywhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import force_locale

from exchange import edge
from exchange.catalogue.models import Need, Offer
from exchange.extensions import db
from exchange.labels import why
from exchange.matching.core.constraints import Constraint
from exchange.matching.core.ranking import Verdict
from exchange.matching.met import met
from exchange.matching.models import Match
from exchange.tags import TAGS
from exchange.vocabularies.queries import labels_of

if TYPE_CHECKING:
    from exchange.matching.core.why import Change

# evidence of a reason → vocabulary of its codes
VOCABULARIES = {**TAGS, "sdg_goals": "sdg_goal"}
Names = Mapping[tuple[str, str], str]
# A reason or a condition: a code with what shows it.
Evident = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """What a page shows of a pair: sentences, reasons, conditions, and the names of the codes."""

    lines: list[str]
    reasons: Sequence[Evident]
    met: Sequence[Evident]
    names: Names


def of_match(match: Match) -> Told:
    """Why a match fits, by the reasons it was made with."""
    conditions = match.met or plain(met(match.need, match.offer))
    return told(match.need, match.offer, match.reasons, conditions)


def of_verdict(need: Need, offer: Offer, verdict: Verdict) -> Told:
    """What speaks for a pair now, whether it fits or not."""
    reasons = [{**asdict(one), "evidence": dict(one.evidence)} for one in verdict.reasons]
    return told(need, offer, reasons, plain(verdict.constraints))


def plain(conditions: Sequence[Constraint]) -> list[dict[str, Any]]:
    """Conditions as they are kept with a match."""
    return [{"code": one.code, "evidence": dict(one.evidence)} for one in conditions]


def told(
    need: Need, offer: Offer, reasons: Sequence[Evident], conditions: Sequence[Evident]
) -> Told:
    """A pair in the words of the reader: one statement, for the names of the codes."""
    evidence = [one["evidence"] for one in conditions]
    names = names_of([*(reason["evidence"] for reason in reasons), *evidence])
    pair = why.Pair((need.organisation.name, offer.organisation.name), reasons, evidence)
    lines = why.lines(pair, lambda kind, code: names.get((kind, code), code))
    return Told(lines, reasons, conditions, names)


@dataclass(frozen=True)
class Help:
    """A change of a need in words, and how many more offers it would bring. ``field``: of its form;
    empty where no field does it."""

    words: str
    gains: int
    field: str


# kind of change → the field of the form, where it has another name
FIELDS = {"window": "available_from", "published": ""}


def helps(changes: Sequence["Change"]) -> list[Help]:
    """Changes of a need in the words of the reader: one statement."""
    names = names_of({one.kind: [one.value]} for one in changes if one.value)
    return [
        Help(
            why.change(one.kind, one.value, lambda kind, code: names.get((kind, code), code)),
            one.gains,
            FIELDS.get(one.kind, one.kind),
        )
        for one in changes
    ]


def names_of(evidences: Iterable[Mapping[str, Any]]) -> Names:
    """The names of all codes in these evidences, in the language in force: one statement."""
    named = [
        (kind, code)
        for evidence in evidences
        for kind, codes in evidence.items()
        if kind in VOCABULARIES
        for code in codes
    ]
    terms = labels_of({(VOCABULARIES[kind], code) for kind, code in named})
    language = edge.current_language()
    return {
        (kind, code): term.label(language)
        for kind, code in named
        if (term := terms.get((VOCABULARIES[kind], code)))
    }


def mail_lines(match_id: int | None, language: str) -> list[str]:
    """The same sentences for a mail about a match, in the language of its reader."""
    match = db.session.get(Match, match_id) if match_id else None
    if match is None:
        return []
    with force_locale(language):
        return of_match(match).lines
