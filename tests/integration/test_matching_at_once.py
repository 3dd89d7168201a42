"""Many at once: the places of an offer are never given twice, never lost.

Rows are locked in one order, so nobody is in a deadlock with anybody: one would fail these tests.
"""

import random
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select
from sqlalchemy.orm.exc import StaleDataError

from exchange.catalogue.models import Need, Offer
from exchange.errors import DomainError
from exchange.extensions import db
from exchange.matching import actions
from exchange.matching.models import Answer, Match, Side
from exchange.transaction import transaction
from tests import factories
from workflows.engine import TransitionRefused
from workflows.match import MatchState

THREADS = 6
# Each is an answer to somebody who was second: 409, and nothing of it is kept.
REFUSED = (DomainError, TransitionRefused, StaleDataError)


def at_once(app, jobs):
    """Run every job in one of several threads, each with its own session; return what they gave."""

    def run(job):
        with app.app_context():
            try:
                with transaction():
                    return job()
            except REFUSED as refusal:
                return refusal
            finally:
                db.session.remove()

    db.session.rollback()  # whoever only reads must not hold the others up
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, jobs))


def assert_places_are_right():
    db.session.rollback()
    holders = select(func.count(Match.id)).where(Match.offer_id == Offer.id, Match.holds_place)
    rows = db.session.execute(select(Offer.places, Offer.places_taken, holders.scalar_subquery()))
    for places, taken, held in rows:
        assert taken == held <= places
    hosts = select(func.count(Match.id)).where(Match.need_id == Need.id, Match.holds_host)
    rows = db.session.execute(select(Need.hosts_wanted, Need.hosts_held, hosts.scalar_subquery()))
    for wanted, counted, held in rows:
        assert counted == held <= wanted


def test_many_needs_and_few_places(app):
    need_ids = [factories.need().id for _ in range(12)]
    factories.offer(places=2)
    factories.offer(places=1)
    done = at_once(app, [lambda i=i: bool(actions.suggest_for_need(i)) for i in need_ids * 2])
    assert done.count(True) >= 12
    assert_places_are_right()
    asked = db.session.query(Match).filter_by(state=MatchState.proposed).all()
    assert len(asked) == 3
    assert len({match.need_id for match in asked}) == 3


def test_the_same_need_many_times_makes_each_suggestion_once(app):
    need_id = factories.need().id
    for _ in range(4):
        factories.offer()
    at_once(app, [lambda: actions.suggest_for_need(need_id) for _ in range(12)])
    assert_places_are_right()
    pairs = db.session.query(Match.offer_id).all()
    assert len(pairs) == len(set(pairs)) == 4
    assert db.session.query(Match).filter_by(state=MatchState.proposed).count() == 1


def test_both_sides_answer_at_the_same_moment(app):
    for _ in range(4):
        need = factories.need()
        factories.offer(languages=("en",), organisation=factories.organisation())
        with transaction():
            actions.suggest_for_need(need.id)
    asked = db.session.query(Match).filter_by(state=MatchState.proposed).all()
    ids = [match.id for match in asked]

    def yes(match_id, side):
        match = db.session.get_one(Match, match_id)
        return str(actions.answer(match, side, Answer.accepted, actor=None).to_state)

    at_once(app, [lambda i=i, s=s: yes(i, s) for i in ids for s in Side])
    db.session.rollback()
    assert {db.session.get_one(Match, i).state for i in ids} == {MatchState.agreed}
    assert len({db.session.get_one(Match, i).exchange_id for i in ids}) == len(ids)
    assert_places_are_right()


def test_random_moves_keep_the_places_right(app):
    chance = random.Random(7)  # noqa: S311 - a story to repeat, no secret
    need_ids = [factories.need(hosts_wanted=2).id for _ in range(6)]
    for places in (1, 1, 2):
        factories.offer(places=places)
    at_once(app, [lambda i=i: actions.suggest_for_need(i) for i in need_ids])

    def something(number, kind, side):
        matches = db.session.query(Match).order_by(Match.id).all()
        match = matches[number % len(matches)]
        if kind == "yes":
            return actions.answer(match, side, Answer.accepted, actor=None)
        if kind == "no":
            return actions.answer(match, side, Answer.declined, actor=None, reason=("timing", ""))
        if kind == "propose":
            return actions.propose(match, actor=None)
        if kind == "overrule":
            return actions.overrule(match, actor=None, note="They called")
        return actions.withdraw(match, actor=None)

    kinds = ["yes", "yes", "yes", "no", "propose", "withdraw", "overrule"]
    jobs = [
        (chance.randrange(100), chance.choice(kinds), chance.choice(list(Side))) for _ in range(60)
    ]
    done = at_once(app, [lambda job=job: something(*job) for job in jobs])
    assert any(not isinstance(result, Exception) for result in done)
    assert_places_are_right()
