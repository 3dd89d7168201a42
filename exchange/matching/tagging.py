"""Themes and SDG targets that a text suggests. Nothing is written: its author confirms."""

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from exchange.extensions import db
from exchange.matching.core.points import goal_of
from exchange.vocabularies.models import Term
from exchange.vocabularies.queries import terms_of

if TYPE_CHECKING:
    from exchange.matching.text.bridge import Bridge, Suggestion

# So many of each are told; so many targets are looked at.
MOST, LOOKED_AT = 5, 20
Suggested = Mapping[str, list[tuple[str, list[str]]]]

_lock = threading.Lock()
_bridges: dict[str, tuple[Any, "Bridge"]] = {}


def suggest_tags(title: str, text: str, language: str) -> Suggested:
    """For each field the codes that a text suggests, the best first, each with the words of the
    text that suggest it; empty lists when it says little.

    A word like "market" stands in targets of every kind: those whose goal a suggested theme serves
    come first.

    :param language: of the text, ISO 639-1, or "".
    """
    written = f"{title}\n{text}".strip()
    if not written:
        return {"themes": [], "sdg_targets": []}
    themes = _bridge("theme").suggest(written, language, top=MOST)
    goals = _goals([one.code for one in themes])
    targets = _bridge("sdg_target").suggest(written, language, top=LOOKED_AT)
    ordered = sorted(targets, key=lambda one: (goal_of(one.code) not in goals, -one.score))
    return {"themes": _told(themes), "sdg_targets": _told(ordered[:MOST])}


def _goals(themes: Sequence[str]) -> set[str]:
    """The goals that these themes serve, as the vocabulary says."""
    query = select(Term.facts).where(Term.vocabulary == "theme", Term.code.in_(themes))
    return {goal for facts in db.session.scalars(query) for goal in facts.get("sdg", "").split()}


def _told(found: "Sequence[Suggestion]") -> list[tuple[str, list[str]]]:
    return [(one.code, list(dict.fromkeys(mine for mine, _ in one.words))) for one in found]


def _bridge(vocabulary: str) -> "Bridge":
    """The vocabulary ready to be compared with texts; made anew when one of its terms changes."""
    from exchange.matching.text.bridge import Bridge, Taxonomy  # late: numpy, for who asks

    stamps = select(func.count(Term.id), func.max(Term.updated_at))
    stamp = db.session.execute(stamps.where(Term.vocabulary == vocabulary)).one()
    with _lock:
        kept = _bridges.get(vocabulary)
        if kept is None or kept[0] != tuple(stamp):
            labels = {term.code: _words(term) for term in terms_of(vocabulary)}
            kept = _bridges[vocabulary] = tuple(stamp), Bridge(Taxonomy(vocabulary, labels))
        return kept[1]


def _words(term: Term) -> dict[str, str]:
    """What a term is called in each language, and its official text where it has one."""
    languages = {*term.labels, *term.texts}
    both = {code: (term.labels.get(code), term.texts.get(code)) for code in sorted(languages)}
    return {code: ". ".join(part for part in words if part) for code, words in both.items()}
