"""What staff read about the matcher: whom it serves, what is declined and why, what came of it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from exchange.catalogue.models import Need, Offer
from exchange.catalogue.queries import listed
from exchange.clock import now, today
from exchange.extensions import db
from exchange.matching import actions, queries
from exchange.matching.models import Answer, Match, ShownIn, Side
from exchange.matching.quality import Reason, gini, position_of, quality
from exchange.matching.shown import log_shown
from exchange.transaction import transaction
from tests import factories
from workflows.exchange import ExchangeState


def pair(*, position=1, **facts):
    """A pair that stood at ``position`` of its need's list."""
    need, offer = factories.need(**facts.pop("need", {})), factories.offer(**facts.pop("offer", {}))
    with transaction():
        match = actions.create_by_officer(need, offer, actor=None)
        match.position, match.score = position, 4000
    return match


def asked(**facts):
    match = pair(**facts)
    with transaction():
        actions.propose(match, actor=None)
    return match


def say(match, *given, side=Side.offer, reason=("timing", "")):
    with transaction():
        for one in given:
            actions.answer(match, side, one, actor=None, reason=reason)
    return match


def agreed(**facts):
    match = asked(**facts)
    say(match, Answer.accepted, side=Side.need)
    return say(match, Answer.accepted)


def test_nothing_yet_is_no_error(app):
    found = quality()
    assert (found.coverage.points, found.gini_hosts, found.median_days) == (0, 0.0, None)
    assert [row.acceptance.points for row in found.positions] == [0] * 5


def test_coverage_tells_the_worst_served_groups_first(app):
    small = factories.organisation(population=30_000, sections=("AFRICA",))
    large = factories.organisation(population=2_000_000, sections=("EUROPE",))
    factories.need(organisation=small, languages=("pt",), themes=("health",))
    factories.need(organisation=small, languages=("en",))
    asked(need={"organisation": large})
    agreed()
    found = quality()
    assert (found.coverage.part, found.coverage.whole, found.coverage.points) == (2, 4, 5000)
    by = {
        kind: [(g.code, g.served.part, g.served.whole) for g in found.groups[kind]]
        for kind in found.groups
    }
    assert by["section"] == [("AFRICA", 0, 2), ("", 1, 1), ("EUROPE", 1, 1)]
    assert by["language"] == [("pt", 0, 1), ("en", 2, 3)]
    assert by["theme"] == [("health", 0, 1), ("mobility", 2, 3)]
    assert by["size"] == [("small", 0, 2), ("metropolitan", 1, 1), ("unknown", 1, 1)]
    assert quality(section="AFRICA").coverage.whole == 2


def test_the_filters_open_the_rows_that_were_counted(app):
    factories.need(themes=("health",))
    asked()
    old = factories.offer()
    old.published_at = now() - timedelta(days=100)
    db.session.commit()
    found = quality()
    waiting = db.session.scalars(listed(db.select(Need), Need, found.unserved, None)).all()
    assert len(waiting) == found.coverage.whole - found.coverage.part == 1
    health = next(g for g in found.groups["theme"] if g.code == "health")
    assert len(db.session.scalars(listed(db.select(Need), Need, health.rows, None)).all()) == 1
    stale = db.session.scalars(listed(db.select(Offer), Offer, found.stale_rows, None)).all()
    assert stale == [old]
    assert (found.stale.part, found.stale.whole) == (1, 2)


def test_an_offer_that_nobody_touched_for_half_a_year_is_stale_though_it_was_asked(app):
    match = asked()
    old = now() - timedelta(days=200)
    db.session.execute(update(Offer).values(updated_at=old, published_at=old))
    db.session.commit()
    assert quality().stale.part == 1
    assert quality(never_asked=timedelta(days=999)).stale.part == 1
    db.session.execute(update(Offer).values(updated_at=now()))
    db.session.commit()
    assert quality().stale.part == 0
    assert match.offer.published_at == old


def test_acceptance_by_position_counts_answers_of_the_sides_only(app):
    agreed(position=1)
    say(asked(position=1), Answer.declined)
    say(asked(position=2), Answer.declined, reason=("budget", ""))
    lapsing = asked(position=4)
    lapsing.answer_by = today() - timedelta(days=1)
    db.session.commit()
    with transaction():
        actions.lapse_overdue(today())
    with transaction():
        actions.overrule(asked(position=5), actor=None, note="They called")
        actions.withdraw(asked(position=9), actor=None)
        pair(position=3)
        log_shown(
            ShownIn.look,
            db.session.query(Need.id).first()[0],
            [(db.session.query(Offer.id).first()[0], 7, 2000)],
            "abc",
        )
    rows = {row.name: row for row in quality().positions}
    assert (rows["1"].asked, rows["1"].accepted, rows["1"].declined) == (2, 1, 1)
    assert rows["1"].acceptance.points == 5000
    assert (rows["2"].accepted, rows["2"].declined) == (0, 1)
    assert rows["3"].asked == 0
    assert (rows["4-5"].asked, rows["4-5"].silent, rows["4-5"].acceptance.whole) == (2, 1, 1)
    assert (rows["6+"].asked, rows["6+"].acceptance.whole, rows["6+"].shown) == (1, 0, 1)
    assert (quality().silence.part, quality().silence.whole) == (1, 4)


def test_reasons_are_counted_by_the_side_that_gave_them(app):
    for side in (Side.need, Side.offer, Side.offer):
        say(asked(), Answer.declined, side=side)
    say(asked(), Answer.declined, reason=("budget", ""))
    found = quality().reasons
    assert found == [
        Reason("timing", 1, 2, {"state": "declined", "reason": "timing"}),
        Reason("budget", 0, 1, {"state": "declined", "reason": "budget"}),
    ]
    behind = queries.listed(db.select(Match), found[0].rows, None)
    assert len(db.session.scalars(behind).all()) == found[0].total == 3


def test_the_funnel_and_the_days_to_answer(app):
    first, second = agreed(), agreed()
    say(asked(), Answer.declined)
    asked()
    first.exchange.state = ExchangeState.evaluating
    db.session.commit()
    found = quality()
    happened = (found.happened.asked, found.happened.agreed, found.happened.visited)
    assert happened == (4, 2, 1)
    assert found.median_days == 0.0
    assert found.live["agreed"] == (2, 8000)
    assert found.total_score == 12_000
    assert quality(since=today() + timedelta(days=1)).happened.asked == 0
    assert second.exchange.state == ExchangeState.draft


def test_places_may_all_go_to_one_host(app):
    host = factories.organisation()
    for _ in range(3):
        agreed(offer={"organisation": host})
        factories.offer()
    found = quality()
    assert found.gini_hosts == gini([0, 0, 0, 3]) == 0.75
    assert found.gini_learners == 0.0


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([], 0.0), ([0, 0], 0.0), ([5, 5, 5], 0.0), ([0, 1], 0.5), ([1, 2, 3, 4], 0.25)],
)
def test_gini(numbers, expected):
    assert gini(numbers) == expected
    assert gini(numbers[::-1]) == expected


def test_positions_as_people_read_them():
    assert [position_of(n) for n in (1, 2, 3, 4, 5, 6, 40)] == list("123") + ["4-5"] * 2 + [
        "6+"
    ] * 2


@pytest.mark.parametrize("rows", [1, 3, 12])
def test_the_figures_cost_the_same_however_many_rows(app, statements, rows):
    for _ in range(rows):
        agreed()
    db.session.expire_all()
    with statements() as seen:
        assert quality().happened.agreed == rows
    assert len(seen) == 10
