"""Holds on both sides, and the line behind those who are asked."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from exchange.catalogue.actions import advance_offer, edit
from exchange.clock import today
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.matching import actions, cascade, looking, places, settings, suggesting
from exchange.matching.models import Answer, Match, Shown, Side
from exchange.programmes.models import MatchingMode, Programme
from exchange.transaction import transaction
from tests import factories
from workflows.engine import TransitionRefused
from workflows.exchange import ExchangeState
from workflows.match import MatchState
from workflows.need import NeedState

NO = ("timing", "")


def suggest(need):
    with transaction():
        actions.suggest_for_need(need.id)


def in_state(*states):
    return list(db.session.scalars(select(Match).where(Match.state.in_(states)).order_by(Match.id)))


def say(match, side=Side.offer, answer=Answer.accepted, reason=("", "")):
    with transaction():
        return actions.answer(match, side, answer, actor=None, reason=reason)


def no(match):
    return say(match, Side.offer, Answer.declined, NO)


def yes(match):
    say(match, Side.need)
    return say(match, Side.offer)


def line():
    """Who waits, in order: offer ids."""
    waits = select(Match).where(Match.waiting.is_not(None)).order_by(Match.waiting)
    found = list(db.session.scalars(waits))
    assert [match.waiting for match in found] == list(range(1, len(found) + 1))
    assert {match.state for match in found} <= {MatchState.suggested}
    return [match.offer_id for match in found]


def asked():
    return [match.offer_id for match in in_state(MatchState.proposed, MatchState.half_agreed)]


def offers(number, **facts):
    """Offers that fit the better the earlier they come."""
    themes = ("mobility", "health", "housing", "culture", "water-sanitation", "energy", "gender")
    return [factories.offer(themes=themes[: 7 - i], **facts).id for i in range(number)]


def wide_need(**facts):
    themes = ("mobility", "health", "housing", "culture", "water-sanitation", "energy", "gender")
    return factories.need(themes=themes, **facts)


def in_mode(mode, **facts):
    programme = Programme(code=f"call-{mode}", titles={"en": "Call"}, mode=mode)
    db.session.add(programme)
    db.session.commit()
    return wide_need(programme_id=programme.id, **facts)


def test_the_next_three_wait_in_line_behind_the_one_who_is_asked(app):
    need = wide_need()
    ids = offers(6)
    suggest(need)
    assert asked() == ids[:1]
    assert line() == ids[1:4]
    assert [m.position for m in in_state(MatchState.proposed)] == [1]
    assert [m.position for m in in_state(MatchState.suggested)] == [2, 3, 4, 5]


def test_after_a_no_the_first_in_line_is_asked_at_once_and_the_others_move_up(app):
    need = wide_need()
    ids = offers(5)
    suggest(need)
    no(in_state(MatchState.proposed)[0])
    assert asked() == ids[1:2]
    assert line() == ids[2:5]
    assert need.examined_at is None, "the matcher fills the list up again"


def test_who_has_no_place_any_more_is_passed_over(app):
    need = wide_need()
    ids = offers(3)
    suggest(need)
    other = factories.need()
    with transaction():
        match = actions.create_by_officer(
            other, db.session.get(factories.Offer, ids[1]), actor=None
        )
        actions.propose(match, actor=None)
    no(next(m for m in in_state(MatchState.proposed) if m.need is need))
    mine = [m.offer_id for m in in_state(MatchState.proposed) if m.need is need]
    assert mine == ids[2:]


def test_what_an_officer_suggests_by_hand_is_first_in_line(app):
    need = wide_need()
    ids = offers(3)
    suggest(need)
    by_hand = factories.offer(themes=("culture",), languages=("ja",))
    with transaction():
        actions.create_by_officer(need, by_hand, actor=None)
    assert line() == [by_hand.id, *ids[1:]]


def test_a_need_for_three_hosts_asks_three_at_once(app):
    need = wide_need(hosts_wanted=3)
    ids = offers(6)
    suggest(need)
    assert asked() == ids[:3]
    assert need.hosts_held == 3
    assert line() == ids[3:6]
    no(in_state(MatchState.proposed)[0])
    assert asked() == ids[1:4]
    for match in in_state(MatchState.proposed):
        yes(match)
    assert need.state == NeedState.matched
    assert need.hosts_held == 3
    assert line() == []


def test_partners_go_on_when_all_who_were_asked_have_answered(app):
    need = wide_need(hosts_wanted=2)
    offers(2)
    exchange = factories.exchange(proposer=need.organisation, state=ExchangeState.matching)
    exchange.needs.append(need)
    db.session.commit()
    looking.at_exchange(exchange.id)
    first, second = in_state(MatchState.proposed)
    yes(first)
    assert exchange.state == ExchangeState.match_proposed, "the second has not answered"
    no(second)
    assert exchange.state == ExchangeState.partners_agreed
    assert need.state == NeedState.in_exchange


def test_the_settings_say_how_long_a_place_is_held_and_how_many_wait(app):
    with transaction():
        values = {"hold_days": 3, "waiting": 1, "kept": 3}
        settings.save(values, actor=None, note="A short call")
    need = wide_need()
    ids = offers(5)
    suggest(need)
    assert in_state(MatchState.proposed)[0].answer_by == today() + timedelta(days=3)
    assert line() == ids[1:2]
    assert len(in_state(MatchState.suggested)) == 2
    assert {m.configuration_hash for m in in_state(*MatchState)} == {settings.current().hash}


# Who asks


@pytest.mark.parametrize("mode", [MatchingMode.suggest, MatchingMode.review])
def test_where_an_officer_asks_the_program_asks_nobody_first(app, mode):
    need = in_mode(mode)
    ids = offers(4)
    suggest(need)
    assert asked() == []
    assert line() == ids[:3]


def test_a_line_that_was_published_goes_on_after_a_no_and_a_silence(app):
    need = in_mode(MatchingMode.review)
    ids = offers(4)
    suggest(need)
    with transaction():
        actions.propose(in_state(MatchState.suggested)[0], actor=None)
    no(in_state(MatchState.proposed)[0])
    assert asked() == ids[1:2]
    with transaction():
        assert actions.lapse_overdue(today() + timedelta(days=8)) == 1
    assert asked() == ids[2:3]
    with transaction():
        actions.withdraw(in_state(MatchState.proposed)[0], actor=None)
    assert asked() == [], "what an officer took back, an officer replaces"


def test_where_the_program_suggests_only_nobody_else_is_asked_after_a_no(app):
    need = in_mode(MatchingMode.suggest)
    offers(3)
    suggest(need)
    with transaction():
        actions.propose(in_state(MatchState.suggested)[0], actor=None)
    no(in_state(MatchState.proposed)[0])
    assert asked() == []


def test_the_network_at_large_has_a_mode_too(app):
    db.session.add(Programme(code="network", titles={"en": "Network"}, mode="suggest"))
    need = wide_need()
    offers(2)
    suggest(need)
    assert asked() == []
    with transaction():
        assert cascade.go_on(need, "decline") == []


@pytest.mark.parametrize("mode", [MatchingMode.review, MatchingMode.automatic])
def test_an_offer_that_is_withdrawn_is_a_no(app, mode):
    need = in_mode(mode)
    ids = offers(3)
    suggest(need)
    if mode == MatchingMode.review:
        with transaction():
            actions.propose(in_state(MatchState.suggested)[0], actor=None)
    with transaction():
        first = db.session.get(factories.Offer, ids[0])
        advance_offer(first, "withdraw", actor=None, note="No staff")
    with transaction():
        assert actions.settle() == 1
    assert asked() == ids[1:2]
    assert need.hosts_held == 1


# Both sides are counted


def test_when_the_need_wants_no_more_the_offer_keeps_its_place(app):
    need = wide_need()
    offers(2)
    suggest(need)
    other = in_state(MatchState.suggested)[0]
    before = other.offer.updated_at
    with pytest.raises(TransitionRefused) as refused, transaction():
        actions.propose(other, actor=None)
    assert refused.value.reasons == ("holds_a_host",)
    with transaction():
        assert places.take(other) == "holds_a_host"
    assert (other.offer.places_taken, other.holds_place, other.holds_host) == (0, False, False)
    assert other.offer.updated_at == before, "nothing that other needs could gain from"


def test_an_officers_word_cannot_give_a_host_that_is_not_wanted(app):
    need = wide_need()
    offers(2)
    suggest(need)
    with pytest.raises(TransitionRefused) as refused, transaction():
        actions.overrule(in_state(MatchState.suggested)[0], actor=None, note="They called")
    assert refused.value.reasons == ("holds_a_host",)
    with transaction():
        actions.overrule(in_state(MatchState.proposed)[0], actor=None, note="They called")
    assert need.hosts_held == 1


def test_a_hold_is_no_change_of_what_was_written(app):
    need = wide_need()
    ids = offers(1)
    offer = db.session.get(factories.Offer, ids[0])
    before = [(row.version_id, row.updated_at) for row in (need, offer)]
    suggest(need)
    assert [(row.version_id, row.updated_at) for row in (need, offer)] == before
    assert (need.hosts_held, offer.places_taken) == (1, 1)


def test_a_need_cannot_want_fewer_hosts_than_it_has_asked_or_found(app):
    officer = factories.officer()
    need = wide_need(hosts_wanted=2)
    offers(2)
    suggest(need)
    with pytest.raises(Invalid, match="hosts_held") as refused, transaction():
        edit(need, {"hosts_wanted": 1}, actor=officer)
    assert (refused.value.field, refused.value.facts) == ("hosts_wanted", {"held": 2})
    no(in_state(MatchState.proposed)[1])
    with transaction():
        edit(need, {"hosts_wanted": 1}, actor=officer)
    assert need.hosts_wanted == 1


def test_a_need_follows_when_it_wants_more_hosts_or_no_more(app):
    officer = factories.officer()
    need = wide_need()
    offers(2)
    suggest(need)
    yes(in_state(MatchState.proposed)[0])
    assert need.state == NeedState.matched
    with transaction():
        edit(need, {"hosts_wanted": 2}, actor=officer)
    with transaction():
        assert actions.settle() == 1
    assert need.state == NeedState.published
    suggest(need)
    no(in_state(MatchState.proposed)[0])
    with transaction():
        edit(need, {"hosts_wanted": 1}, actor=officer)
    with transaction():
        assert actions.settle() == 1
    assert need.state == NeedState.matched
    with transaction():
        assert actions.settle() == 0


def test_a_concluded_exchange_frees_the_place_and_keeps_the_host(app):
    need = wide_need()
    offers(1)
    suggest(need)
    match = in_state(MatchState.proposed)[0]
    yes(match)
    match.exchange.state = ExchangeState.closed_with_change
    db.session.commit()
    with transaction():
        actions.settle()
    assert (match.state, match.holds_place, match.holds_host) == (MatchState.concluded, False, True)
    assert (match.offer.places_taken, need.hosts_held) == (0, 1)


def test_withdrawing_an_agreed_match_gives_both_back(app):
    need = wide_need()
    offers(1)
    suggest(need)
    match = in_state(MatchState.proposed)[0]
    yes(match)
    with transaction():
        actions.withdraw(match, actor=None, note="Elections")
    assert (match.offer.places_taken, need.hosts_held) == (0, 0)
    assert need.state == NeedState.published
    with transaction():
        assert not places.release(match, actor=None)
    assert (match.offer.places_taken, need.hosts_held) == (0, 0)


# What was shown


def test_a_list_is_logged_when_it_changes_and_only_then(app):
    need = wide_need()
    ids = offers(3)
    suggest(need)
    suggest(need)
    lines = list(db.session.scalars(select(Shown).order_by(Shown.id)))
    assert [(row.offer_id, row.position) for row in lines] == [
        (offer_id, position) for position, offer_id in enumerate(ids, 1)
    ]
    assert all(row.score > 0 and row.configuration_hash for row in lines)
    new = factories.offer(themes=("mobility", "health"))
    suggest(need)
    again = list(db.session.scalars(select(Shown).order_by(Shown.id)))[len(lines) :]
    # The one that is asked keeps its place on top; the list behind it is written again.
    assert [row.position for row in again] == [2, 3, 4]
    assert new.id in {row.offer_id for row in again}


def test_a_no_that_came_while_the_matcher_was_looking_counts(app):
    need = wide_need()
    ids = offers(2)
    with transaction():
        found = suggesting.look(need.id)
    suggest(need)
    no(in_state(MatchState.proposed)[0])
    with transaction():
        assert suggesting.write(found)
    assert asked() == ids[1:]
    assert in_state(MatchState.suggested) == []
