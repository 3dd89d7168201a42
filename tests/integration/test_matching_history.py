"""A no teaches: for how long a pair is left alone, and for how long it comes back behind others."""

from datetime import timedelta

import pytest

from exchange.clock import now
from exchange.extensions import db
from exchange.matching import settings
from exchange.matching.core.configuration import Configuration
from exchange.matching.history import LESSONS, USUAL, days, history, lesson
from exchange.matching.models import Match, Wish
from exchange.transaction import transaction
from exchange.vocabularies.queries import terms_of
from tests import factories
from workflows.match import MatchState
from workflows.need import NeedState

HELD = (MatchState.proposed, MatchState.half_agreed, MatchState.agreed, MatchState.concluded)


def ended(state, code="", *, days_ago=0):
    match = Match(need=factories.need(), offer=factories.offer(), state=state, decline_code=code)
    match.state_since = now() - timedelta(days=days_ago)
    match.holds_place = match.holds_host = state in HELD
    db.session.add(match)
    db.session.commit()
    return match


def known(match):
    found = history([match.need_id])[match.need_id]
    names = ("refused", "lowered", "together")
    return [name for name in names if match.offer_id in getattr(found, name)]


@pytest.mark.parametrize(
    ("code", "away", "as_any_other"),
    [("theme", 365, 730), ("timing", 91, 456), ("other", 182, 547), ("of_our_own", 182, 547)],
)
def test_a_reason_says_for_how_long(app, code, away, as_any_other):
    assert days(LESSONS.get(code, USUAL), Configuration()) == (away, as_any_other)
    for age, expected in (
        (away - 1, ["refused"]),
        (away, ["lowered"]),
        (as_any_other - 1, ["lowered"]),
        (as_any_other, []),
    ):
        assert known(ended(MatchState.declined, code, days_ago=age)) == expected, age


@pytest.mark.parametrize(
    ("state", "code", "expected"),
    [
        (MatchState.lapsed, "", ["lowered"]),
        (MatchState.withdrawn, "withdrawn", ["refused"]),
        (MatchState.withdrawn, "exchange_ended", ["refused"]),
        (MatchState.withdrawn, "", []),
        (MatchState.suggested, "", []),
        (MatchState.proposed, "", ["together"]),
        (MatchState.concluded, "", ["together"]),
    ],
)
def test_after_a_hundred_days(app, state, code, expected):
    assert known(ended(state, code, days_ago=100)) == expected


def test_officers_set_the_months(app):
    match = ended(MatchState.declined, "other", days_ago=40)
    with transaction():
        settings.save({"months_away": 1, "months_lowered": 0}, actor=None, note="A short call")
    assert known(match) == []
    assert history([match.need_id], configuration=Configuration())[match.need_id].refused


def test_a_veto_counts_as_a_no_for_ever(app):
    match = ended(MatchState.declined, "timing", days_ago=5000)
    db.session.add(Wish(need=match.need, offer=match.offer, kind="veto"))
    other = factories.offer()
    db.session.add(Wish(need=match.need, offer=other, kind="pin"))
    db.session.commit()
    assert known(match) == ["refused"]
    assert history()[match.need_id].refused == {match.offer_id}


def test_a_pair_that_was_refused_twice_is_away_by_the_later(app):
    match = ended(MatchState.declined, "timing", days_ago=100)
    again = Match(need=match.need, offer=match.offer, state="declined", decline_code="timing")
    again.state_since = now()
    db.session.add(again)
    db.session.commit()
    assert known(match) == ["refused"]


def test_hosts_are_found_when_both_agreed(app):
    match = ended(MatchState.agreed)
    for state in (MatchState.concluded, MatchState.proposed, MatchState.declined):
        row = ended(state, "timing")
        row.need = match.need
    db.session.commit()
    assert history([match.need_id])[match.need_id].hosts_found == 2


def test_all_published_needs_are_read_unless_some_are_named(app):
    match = ended(MatchState.declined, "theme")
    match.need.state = NeedState.withdrawn
    db.session.commit()
    assert match.need_id not in history()
    assert history()[999].refused == set(), "a need without a history has an empty one"
    assert match.need_id in history([match.need_id])


@pytest.mark.parametrize("rows", [1, 5])
def test_history_is_one_statement(app, statements, rows):
    for _ in range(rows):
        ended(MatchState.declined, "timing")
    with statements() as seen:
        assert len(history(configuration=Configuration())) == rows
    assert len(seen) == 1


def test_every_reason_that_people_can_give_has_its_lesson(app):
    codes = {term.code for term in terms_of("decline_reason")}
    assert codes <= set(LESSONS)
    assert all(taught.why.endswith(".") for taught in LESSONS.values())
    assert lesson(MatchState.lapsed, "") == LESSONS["lapsed"]
    shorter = ("timing", "capacity", "budget", "lapsed")
    assert all(LESSONS[code].away < USUAL.away for code in shorter)
    longer = ("theme", "already_in_contact")
    assert all(LESSONS[code].away > USUAL.away for code in longer)
