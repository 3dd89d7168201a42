"""What earlier matches teach: which pairs are left alone, and which come back behind others.

A no has a reason, and the reason says for how long. First the pair is left *away*: it is no
candidate at all. Then it is *lowered*: it comes back, but loses points. Officers set both times
(``months_away`` and ``months_lowered``); a reason lengthens or shortens them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, Select, String, literal, null, select, type_coerce, union_all

from exchange.catalogue.models import Need
from exchange.clock import now
from exchange.extensions import UTCDateTime, db
from exchange.matching import settings
from exchange.matching.core.configuration import Configuration
from exchange.matching.models import Match, Wish, Wished
from exchange.matching.queries import ASKED, TOGETHER
from workflows.match import MatchState
from workflows.need import NeedState

# A silence has no code of its own: it is known by the state it leaves.
SILENCE = MatchState.lapsed.value
VETO = Wished.veto.value


@dataclass(frozen=True)
class Lesson:
    """How long a reason counts, in percent of the times that officers set, and why."""

    away: int
    lowered: int
    why: str


USUAL = Lesson(100, 100, "Nothing says that it should be longer or shorter.")
# Codes of the vocabulary ``decline_reason``, and those of ``labels.matching.ENDED``. A code that an
# administrator added is taught by ``USUAL``.
LESSONS: Mapping[str, Lesson] = {
    "theme": Lesson(200, 100, "What a city works on does not change within a year."),
    "already_in_contact": Lesson(200, 100, "They found each other: the network adds nothing."),
    "language": Lesson(200, 100, "A team learns no language within a season."),
    "timing": Lesson(50, 100, "The next season has other dates."),
    "capacity": Lesson(50, 100, "Teams are overloaded for a season, seldom for a year."),
    "budget": Lesson(50, 100, "Budgets are made anew each year."),
    "other": USUAL,
    SILENCE: Lesson(50, 50, "Who did not answer may not have seen it: that is no no."),
    "withdrawn": Lesson(100, 100, "An officer knew why: as long as an ordinary no."),
    "exchange_ended": Lesson(200, 100, "What these two planned together came to nothing."),
}


@dataclass
class History:
    """What is known of the pairs of one need; sets hold ids of offers.

    ``hosts_found`` counts agreed and concluded matches only; what is asked *and* found together
    is ``Need.hosts_held``. ``refused`` holds vetoes of officers too.
    """

    hosts_found: int = 0
    refused: set[int] = field(default_factory=set)
    lowered: set[int] = field(default_factory=set)
    together: set[int] = field(default_factory=set)


def history(
    need_ids: Iterable[int] | None = None, *, configuration: Configuration | None = None
) -> Mapping[int, History]:
    """The history of these needs, or of all published ones, in one statement.

    :param configuration: whose months count; the present one, read by one more statement, if none.
    :returns: need id → history. A need without any has an empty one.
    """
    chosen = configuration or settings.current()
    wanted = Need.state == NeedState.published if need_ids is None else Need.id.in_(list(need_ids))
    found: dict[int, History] = defaultdict(History)
    at = now()
    for need_id, offer_id, ended, code, since in db.session.execute(_pairs(wanted)):
        _learn(found[need_id], offer_id, (ended, code), _age(since, at), chosen)
    for one in found.values():
        one.lowered -= one.refused
    return found


def lesson(ended: str, code: str) -> Lesson | None:
    """What a match teaches that ended in the state ``ended`` with a reason code; None if nothing:
    what the program withdrew by itself may come again at once."""
    if ended == SILENCE:
        return LESSONS[SILENCE]
    if code and ended in (MatchState.declined, MatchState.withdrawn):
        return LESSONS.get(code, USUAL)
    return None


def days(taught: Lesson, configuration: Configuration) -> tuple[int, int]:
    """How many days after its end a pair is away, and how many until it is as any other again."""
    away = configuration.months_away * taught.away
    lowered = configuration.months_lowered * taught.lowered
    return _days(away), _days(away + lowered)


def _days(percent_months: int) -> int:
    return percent_months * 365 // 1200


def _age(since: datetime | None, at: datetime) -> timedelta:
    return at - since if since else timedelta()


def _learn(
    one: History, offer_id: int, end: tuple[str, str], age: timedelta, chosen: Configuration
) -> None:
    if end[0] == VETO:
        one.refused.add(offer_id)
    elif end[0] in (*ASKED, *TOGETHER):
        one.together.add(offer_id)
        one.hosts_found += end[0] in TOGETHER
    elif taught := lesson(*end):
        away, lowered = days(taught, chosen)
        if age < timedelta(days=away):
            one.refused.add(offer_id)
        elif age < timedelta(days=lowered):
            one.lowered.add(offer_id)


def _pairs(wanted: Any) -> CompoundSelect[Any] | Select[Any]:
    """Rows of (need, offer, state or veto, reason code, since when)."""
    # As a text: ``veto`` is none of the states that the column's own type would take.
    state = type_coerce(Match.state, String)
    matches = select(Match.need_id, Match.offer_id, state, Match.decline_code, Match.state_since)
    vetoes = select(
        Wish.need_id,
        Wish.offer_id,
        literal(VETO),
        literal(""),
        type_coerce(null(), UTCDateTime),
    )
    return union_all(
        matches.join(Need, Need.id == Match.need_id).where(
            wanted, Match.state != MatchState.suggested
        ),
        vetoes.join(Need, Need.id == Wish.need_id).where(wanted, Wish.kind == Wished.veto),
    )
