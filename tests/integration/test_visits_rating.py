"""What visitors answer is counted for the offer that hosted them, once each, and nobody's else."""

import pytest

from exchange.catalogue.actions import rate
from exchange.extensions import db
from exchange.matching.models import Answer, Match
from exchange.transaction import transaction
from exchange.visits import actions
from exchange.visits.models import ParticipantRole
from exchange.visits.rating import mark
from tests import factories
from tests.factories import visits
from workflows.match import MatchState

GOALS, NEW, SAME = "participant-goals-met", "participant-knowledge", "participant-same-challenge"


def hosted(state=MatchState.agreed):
    """A visit that is evaluated, and the offer that hosted it by a match in ``state``."""
    told, visit, who = visits.ready()
    visit.evaluation_opened_on = visits.LAST
    offer = factories.offer(organisation=told.host)
    need = factories.need(organisation=told.learner)
    match = Match(need=need, offer=offer, exchange=told.exchange, state=state)
    match.holds_place = match.holds_host = True
    match.need_answer = match.offer_answer = Answer.accepted
    db.session.add(match)
    db.session.commit()
    return told, visit, who, offer


def rated(offer):
    db.session.expire_all()
    return offer.votes, offer.stars


def test_each_visitor_gives_one_mark_and_may_correct_it(app):
    told, visit, who, offer = hosted()
    other = visits.participant(visit, told.learner)
    with transaction():
        actions.submit_evaluation(who, {GOALS: 5, NEW: 4, SAME: "yes"}, "en")
    assert rated(offer) == (1, 5)
    with transaction():
        actions.submit_evaluation(other, {GOALS: 2}, "en")
    assert rated(offer) == (2, 7)
    with transaction():
        actions.submit_evaluation(who, {GOALS: 3}, "en")
    assert rated(offer) == (2, 5)


def test_hosts_experts_and_those_who_chose_no_mark_are_not_counted(app):
    told, visit, who, offer = hosted()
    host = visits.participant(visit, told.host, role=ParticipantRole.host)
    own = visits.participant(visit, told.host, name="A colleague of the host")
    expert = visits.participant(visit, told.learner, role=ParticipantRole.expert)
    with transaction():
        actions.submit_evaluation(host, {"host-goals-met": 1}, "en")
        actions.submit_evaluation(expert, {"expert-goals-met": 1}, "en")
        actions.submit_evaluation(own, {GOALS: 5}, "en")
        actions.submit_evaluation(who, {SAME: "no"}, "en")
    assert rated(offer) == (0, 0)


@pytest.mark.parametrize(
    ("state", "counted"),
    [
        (MatchState.agreed, 1),
        (MatchState.concluded, 1),
        (MatchState.withdrawn, 0),
        (MatchState.declined, 0),
    ],
)
def test_only_a_match_that_came_about_is_marked(app, state, counted):
    _told, _visit, who, offer = hosted(state)
    with transaction():
        actions.submit_evaluation(who, {GOALS: 4}, "en")
    assert rated(offer) == (counted, 4 * counted)


def test_two_needs_of_one_exchange_do_not_double_a_mark(app):
    told, _visit, who, offer = hosted()
    second = Match(need=factories.need(), offer=offer, exchange=told.exchange)
    second.state, second.holds_place, second.holds_host = MatchState.agreed, True, True
    db.session.add(second)
    db.session.commit()
    with transaction():
        actions.submit_evaluation(who, {GOALS: 4}, "en")
    assert rated(offer) == (1, 4)


def test_a_mark_is_news_for_the_matcher_once_and_no_change_of_the_owner(app):
    offer = factories.offer()
    offer.examined_at = offer.updated_at
    db.session.commit()
    before = offer.updated_at, offer.version_id
    with transaction():
        assert rate(offer, 2, 9)
    assert (offer.votes, offer.stars, offer.examined_at) == (2, 9, None)
    assert (offer.updated_at, offer.version_id) == before
    offer.examined_at = offer.updated_at
    db.session.commit()
    with transaction():
        assert not rate(offer, 2, 9)
    assert offer.examined_at is not None


@pytest.mark.parametrize(
    ("answers", "given"),
    [((), None), (("yes", "a text"), None), ((4,), 4), ((4, 5), 5), ((1, 2, 2), 2), ((1, 1, 2), 1)],
)
def test_a_mark_is_the_mean_as_a_whole_number(answers, given):
    assert mark(answers) == given
