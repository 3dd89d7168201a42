"""When the program begins runs by itself: after changes, once they are over, and every night.

Whoever looks finds by the rows whether it is time, so that a look too many does nothing and a look
too few is made up by the next. The caller commits.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from exchange.catalogue.models import Need, Offer
from exchange.clock import night_of
from exchange.errors import Conflict
from exchange.extensions import db
from exchange.programmes import queries as programmes
from exchange.programmes.models import MatchingMode, Programme
from exchange.runs import queries
from exchange.runs.actions import discard
from exchange.runs.beginning import begin
from exchange.runs.models import Occasion, Run
from workflows.matching_run import RunState
from workflows.offer import OfferState

# Who changes a need changes it twice: a run waits for so much quiet, but not for ever.
QUIET, LONGEST = timedelta(seconds=60), timedelta(minutes=10)


def after_changes(at: datetime) -> list[Run]:
    """Begin a run of each programme where the program asks by itself, when needs or offers have
    changed since its last run and were left alone for ``QUIET``, or for ``LONGEST`` after the first
    change; of one that is at work or has no need that looks for a host, none."""
    return [
        run
        for programme in _open_programmes()
        if programmes.mode_of(programme) == MatchingMode.automatic and _is_restless(programme, at)
        for run in _begun(programme, Occasion.changes)
    ]


def every_night(at: datetime, time_zone: str) -> list[Run]:
    """Begin the nightly run of each open programme, once a night; where an officer reviews runs,
    only when no fresh draft waits for the review.

    :param time_zone: whose night it is (an IANA name).
    """
    begin_of_night = night_of(at, time_zone)
    if begin_of_night is None:
        return []
    return [
        run
        for programme in _open_programmes()
        if not _has_run_since(programme, begin_of_night) and not _waits_for_review(programme)
        for run in _begun(programme, Occasion.night)
    ]


def _open_programmes() -> list[Programme | None]:
    """The network at large (None), and the programmes that take needs."""
    return [None, *programmes.open_programmes()]


def _begun(programme: Programme | None, occasion: Occasion) -> Iterator[Run]:
    """The run, unless one is at work: then the next look begins it."""
    try:
        yield begin(programme, actor=None, occasion=occasion)
    except Conflict:
        return


def _is_restless(programme: Programme | None, at: datetime) -> bool:
    code = queries.code_of(programme)
    if queries.at_work(code) is not None:
        return False
    first, last = _changes(code, _last_begun(code))
    if first is None or last is None or not _looks_for_hosts(code):
        return False
    return at - last >= QUIET or at - first >= LONGEST


def _last_begun(code: str) -> datetime | None:
    """When the last run of a programme was begun, whatever became of it."""
    return db.session.scalar(select(func.max(Run.created_at)).where(Run.programme_code == code))


def _changes(code: str, since: datetime | None) -> tuple[datetime | None, datetime | None]:
    """The first and the last change of a published need of the programme, or of any published
    offer. A row knows its last change only: the first is that of the row left alone longest."""
    found: list[datetime | None] = []
    for model, wanted in ((Need, queries.needs_of(code)), (Offer, _published_offers())):
        changed: Any = model.updated_at
        query = select(func.min(changed), func.max(changed)).where(wanted)
        found += db.session.execute(query.where(changed > since) if since else query).one()
    times = [time for time in found if time is not None]
    return min(times, default=None), max(times, default=None)


def _looks_for_hosts(code: str) -> bool:
    looking = queries.needs_of(code) & (Need.hosts_held < Need.hosts_wanted)
    offered = _published_offers() & (Offer.places_taken < Offer.places)
    both = select(Need.id).where(looking, select(Offer.id).where(offered).exists()).limit(1)
    return db.session.scalar(both) is not None


def _published_offers() -> Any:
    return Offer.state == OfferState.published


def _has_run_since(programme: Programme | None, moment: datetime) -> bool:
    code = queries.code_of(programme)
    query = select(Run.id).where(
        Run.programme_code == code, Run.occasion == Occasion.night, Run.created_at >= moment
    )
    return db.session.scalar(query.limit(1)) is not None


def _waits_for_review(programme: Programme | None) -> bool:
    """Whether a draft of the programme that can still be published says what is true now. A draft
    of an earlier night that does not is thrown away: tonight's takes its place."""
    if programmes.mode_of(programme) != MatchingMode.review:
        return False
    code = queries.code_of(programme)
    drafts = select(Run).where(Run.programme_code == code, Run.state == RunState.draft)
    fresh = False
    for draft in db.session.scalars(drafts).all():
        changed, _last = _changes(code, draft.created_at)
        if changed is None and draft.base_number == draft.published_number:
            fresh = True
        elif draft.occasion == Occasion.night:
            discard(draft, actor=None)
    return fresh
