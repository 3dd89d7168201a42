"""The desk of matching: needs without a match, and the offers for the one that is looked at."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from exchange import edge, policy
from exchange.catalogue import queries as catalogue
from exchange.catalogue.models import Need, Offer
from exchange.catalogue.schemas import NeedFilter
from exchange.clock import now
from exchange.edge import access
from exchange.extensions import db
from exchange.listing import page_of
from exchange.matching.models import Match
from exchange.matching.queries import LIVE
from exchange.runs import queries
from exchange.runs.models import Run
from exchange.web.forms import filters
from exchange.web.match_page import in_line
from exchange.web.named import row_named
from workflows.match import MatchState

pages = Blueprint("matching", __name__, url_prefix="/matching")
NEEDS, LATEST, OFFERS, ASKED_AGAIN = 12, 3, 30, 10


@pages.get("")
@access("matching_run.see")
def index() -> Any:
    """Needs that nobody is asked for, the oldest first; beside them the offers for one of them."""
    given = filters(NeedFilter(only=["page", "size", "q", "theme"]))
    chosen = {**given, "unmatched": True}
    query = catalogue.listed(policy.scoped(Need, edge.actor()), Need, chosen, edge.actor())
    page = page_of(query, {"sort": "published", "size": NEEDS, **chosen}, catalogue.NEED_SORTS)
    need = row_named(Need, "need") if request.args.get("need") else next(iter(page.items), None)
    return render_template(
        "matching/index.html",
        page=page,
        chosen=given,
        need=need,
        offers=_offers_for(need) if need else [],
        again=_to_reopen(),
        latest=_latest_runs(),
        age=_age,
    )


def _latest_runs() -> list[Run]:
    runs = queries.listed(policy.scoped(Run, edge.actor()), {})
    return list(db.session.scalars(runs.order_by(Run.id.desc()).limit(LATEST)))


def _offers_for(need: Need) -> list[Match]:
    """Who is asked or agreed, then the line, and at the bottom what was dismissed; each offer once,
    as it stands last."""
    query = (
        select(Match)
        .where(Match.need_id == need.id)
        .options(joinedload(Match.offer).joinedload(Offer.organisation))
    )
    found = db.session.scalars(query.order_by(*in_line()).limit(OFFERS)).all()
    first: dict[int, Match] = {}
    for match in sorted(found, key=_asked_first):
        first.setdefault(match.offer_id, match)
    return list(first.values())


def _asked_first(match: Match) -> int:
    """The order is kept within each kind."""
    return 1 if match.state == MatchState.suggested else 0 if match.state in LIVE else 2


def _to_reopen() -> list[Match]:
    """Matches of which a side asks to be asked again, the oldest wish first."""
    query = select(Match).where(Match.reopen_asked_at.is_not(None))
    query = query.options(
        joinedload(Match.need).joinedload(Need.organisation),
        joinedload(Match.offer).joinedload(Offer.organisation),
    )
    found = query.order_by(Match.reopen_asked_at, Match.id).limit(ASKED_AGAIN)
    return list(db.session.scalars(found))


def _age(since: datetime | None) -> int:
    """How many days ago something was published."""
    return (now() - since.astimezone(UTC)).days if since else 0
