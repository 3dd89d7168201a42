"""The evening after a forum: each note becomes something with one button; and later, what became of
all of them."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.clock import today
from exchange.edge import access
from exchange.forums import cohort as cohorts
from exchange.forums import fates, gathered, triage
from exchange.forums.fates import Fate
from exchange.forums.items import ForumItem, ItemKind
from exchange.forums.models import Forum
from exchange.forums.schemas import BecomeSchema, ItemFilter
from exchange.forums.triage import Into
from exchange.listing import page_of
from exchange.recommendations.models import About, Scale
from exchange.recommendations.schemas import RecommendationSchema
from exchange.web.forms import Form, filters
from exchange.web.options import of_enum

pages = Blueprint("triage", __name__, url_prefix="/forums")
# A quarter is what most commitments need; whoever takes one on says another day.
QUARTER = timedelta(days=90)


@pages.get("/<int:id>/triage")
@access("forum_item.take_up", Forum)
def index(forum: Forum) -> Any:
    """What waits for an answer, the oldest first, with a button for each thing it can become."""
    chosen = filters(ItemFilter(only=("q", "kind", "page", "size")))
    query = policy.scoped(ForumItem, edge.actor()).where(ForumItem.forum_id == forum.id)
    waiting = gathered.listed(fates.narrowed(query, Fate.waits), chosen)
    page = page_of(waiting, chosen, gathered.SORTS)
    facts = {"chosen": chosen, "selects": [("kind", of_enum(ItemKind))], "intos": list(Into)}
    return render_template("triage/list.html", forum=forum, page=page, **facts)


@pages.route(
    "/notes/<int:id>/become/<any(need, offer, exchange, topic):into>", methods=["GET", "POST"]
)
@access("forum_item.take_up", ForumItem)
def become(item: ForumItem, into: str) -> Any:
    """One button: a draft need, offer, exchange or topic. It asks whose, when nobody said."""
    form = Form(BecomeSchema(), initial={"organisation_id": item.organisation_id})
    row = form.submit(
        lambda data: triage.become(
            item, Into(into), actor=edge.signed_in(), organisation_id=data["organisation_id"]
        )
    )
    if row is None:
        facts = {"item": item, "into": Into(into), "forum": item.forum}
        return render_template("triage/become.html", form=form, **facts), form.status
    flash(_("Done. It knows where it comes from."))
    return redirect(url_for("triage.index", id=item.forum_id))


@pages.route("/notes/<int:id>/commit", methods=["GET", "POST"])
@access("forum_item.take_up", ForumItem)
def commit(item: ForumItem) -> Any:
    """Write a note into the register, with an owner and a day."""
    form = Form(RecommendationSchema(), initial=_as_recommendation(item))
    row = form.submit(lambda data: triage.enter_register(item, data, actor=edge.signed_in()))
    if row is None:
        page = render_template("triage/commit.html", form=form, item=item, forum=item.forum)
        return page, form.status
    flash(_("Done. It knows where it comes from."))
    return redirect(url_for("recommendations.show", id=row.id))


def _as_recommendation(item: ForumItem) -> dict[str, Any]:
    return {
        "title": triage.title_of(item.text),
        "text": item.text,
        "language": item.language,
        "about": About.policy,
        "scale": Scale.local,
        "owner_id": item.organisation_id,
        "due_on": today() + QUARTER,
    }


@pages.get("/<int:id>/after")
@access("forum_item.see", Forum)
def after(forum: Forum) -> Any:
    """What became of all of it: from a few words in a room to a visit, and of the cohort."""
    return render_template(
        "triage/after.html",
        forum=forum,
        counts=fates.counts(forum),
        by_kind=fates.by_kind(forum),
        fates=fates,
        totals=cohorts.way_of(forum).totals,
    )
