"""A city's contribution to its voluntary local review: a page, and the same as plain text."""

from typing import Any

from flask import Blueprint, Response, render_template

from exchange import edge
from exchange.clock import today
from exchange.dashboards.contribution import NO_GOAL, Period, contribution
from exchange.dashboards.schemas import ReviewFilter
from exchange.directory.models import Organisation
from exchange.edge import access
from exchange.listing import folded
from exchange.web.forms import filters
from exchange.web.words import names_of

pages = Blueprint("contribution", __name__, url_prefix="/organisations")


@pages.get("/<int:id>/review")
@access("contribution.see", Organisation)
def show(organisation: Organisation) -> Any:
    """What the city asked, did, tried and changed, goal by goal, and what is not known."""
    return render_template("contribution/show.html", **_facts(organisation))


@pages.get("/<int:id>/review.txt")
@access("contribution.see", Organisation)
def text(organisation: Organisation) -> Any:
    """The same as plain text, to be written on in the review itself."""
    words = render_template("contribution/text.txt", **_facts(organisation))
    name = "-".join("".join(c if c.isalnum() else " " for c in folded(organisation.name)).split())
    headers = {"Content-Disposition": f'attachment; filename="review-{name}-{today()}.txt"'}
    return Response(words, content_type="text/plain; charset=utf-8", headers=headers)


def _facts(organisation: Organisation) -> dict[str, Any]:
    chosen = filters(ReviewFilter())
    found = contribution(organisation, edge.actor(), Period(**chosen))
    facts = {"found": found, "chosen": chosen, "no_goal": NO_GOAL}
    return {**facts, "names": names_of("sdg_goal"), "on": today()}
