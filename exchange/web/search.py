"""The page of search. The palette asks the same address for JSON."""

from typing import Any

from flask import Blueprint, jsonify, make_response, render_template, request, url_for
from flask_babel import ngettext

from exchange import edge, policy
from exchange.edge import access
from exchange.labels.search import SEARCHED
from exchange.listing import Page, folded
from exchange.search.queries import PAGE, Group, Hit, find
from exchange.search.schemas import SearchFilter
from exchange.web.forms import filters
from exchange.web.menu import MENU

pages = Blueprint("search", __name__)
# noun → where its pages are, when that is not its name with an s
PLACES = {
    "person": "people",
    "congress": "congresses",
    "strategy": "strategies",
    "module_topic": "topics",
}


@pages.get("/search")
@access("search.see")
def index() -> Any:
    """What holds the words, in groups by noun; a page of one noun when it is chosen."""
    chosen = filters(SearchFilter())
    q, noun, number = chosen.get("q", ""), chosen.get("noun", ""), chosen.get("page", 1)
    groups = find(q, edge.actor(), noun=noun, page=number, language=edge.current_language())
    if _wants_json():
        answer = jsonify(_as_json(q, groups))
    else:
        alone = groups[0] if noun in SEARCHED and groups else None
        page = Page(alone.hits, number, PAGE, alone.total) if alone else None
        facts = {"q": q, "noun": noun, "groups": groups, "page": page, "nouns": SEARCHED}
        answer = make_response(render_template("search/index.html", **facts, address=address))
    answer.vary.add("Accept")
    return answer


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(("text/html", "application/json"))
    return best == "application/json"


def address(hit: Hit) -> str:
    """Where a row that was found is shown."""
    if hit.noun == "note" and hit.address:
        return url_for("notes.read", slug=hit.address)
    return url_for(f"{PLACES.get(hit.noun, f'{hit.noun}s')}.show", id=hit.row_id)


def _as_json(q: str, groups: list[Group]) -> dict[str, Any]:
    pages = _pages(q)
    found = len(pages) + sum(len(group.hits) for group in groups)
    told = ngettext("%(num)s result", "%(num)s results", found)
    return {"q": q, "told": told, "pages": pages, "groups": [_group(q, one) for one in groups]}


def _group(q: str, group: Group) -> dict[str, Any]:
    return {
        "noun": group.noun,
        "label": str(SEARCHED[group.noun]),
        "total": group.total,
        "address": url_for("search.index", q=q, noun=group.noun),
        "hits": [
            {
                "title": "".join(piece.text for piece in hit.title),
                "snippet": "".join(piece.text for piece in hit.snippet),
                "language": hit.language,
                "address": address(hit),
            }
            for hit in group.hits
        ],
    }


def _pages(q: str) -> list[dict[str, str]]:
    """The pages of the menu whose name holds the words; all of them while nothing is typed."""
    return [
        {"label": str(label), "address": url_for(endpoint)}
        for endpoint, label, permission in MENU
        if policy.allowed(edge.actor(), permission) and folded(q) in folded(str(label))
    ]
