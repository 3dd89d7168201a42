"""How well matching serves the network, in figures that open their lists."""

from typing import Any

from flask import Blueprint, render_template

from exchange.edge import access, current_language
from exchange.matching.quality import quality
from exchange.matching.schemas import QualityFilter
from exchange.vocabularies.queries import labels_of
from exchange.web.forms import filters
from exchange.web.words import language_name

pages = Blueprint("matching_quality", __name__, url_prefix="/matching/quality")


@pages.get("")
@access("matching_quality.see")
def show() -> Any:
    """All figures, of the network or of a section."""
    chosen = filters(QualityFilter())
    found = quality(section=chosen.get("section", ""), since=chosen.get("since"))
    here = {"section": chosen["section"]} if chosen.get("section") else {}
    facts = {"quality": found, "chosen": chosen, "here": here, "names": _names(found)}
    return render_template("matching/quality.html", **facts)


def _names(found: Any) -> dict[tuple[str, str], str]:
    """What the groups and the reasons are called: one statement."""
    kinds = ("section", "theme")
    named = [(kind, one.code) for kind in kinds for one in found.groups[kind]]
    named += [("decline_reason", one.code) for one in found.reasons]
    terms = labels_of(set(named))
    words = {key: terms[key].label(current_language()) for key in named if key in terms}
    return words | {("language", g.code): language_name(g.code) for g in found.groups["language"]}
