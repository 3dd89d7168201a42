"""From suggestion to agreement: both sides, the places of an offer, and the exchange it becomes."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from exchange.catalogue.actions import advance_need, advance_offer
from exchange.clock import now, today
from exchange.errors import Conflict, Invalid
from exchange.exchanges import actions as exchanges
from exchange.exchanges.models import Exchange, PartnerRole
from exchange.extensions import db
from exchange.matching import actions, loading, looking, moves, places, queries
from exchange.matching.models import Answer, Match, Side
from exchange.transaction import transaction
from tasks import matching as tasks
from tests import factories
from workflows.engine import TransitionRefused
from workflows.exchange import ExchangeState
from workflows.match import MatchState
from workflows.need import NeedState
from workflows.offer import OfferState

NO = ("timing", "")


def suggest(need):
    with transaction():
        return actions.suggest_for_need(need.id)


def only_match():
    return db.session.scalars(select(Match)).one()


def in_state(*states):
    return list(db.session.scalars(select(Match).where(Match.state.in_(states)).order_by(Match.id)))


def say(match, side, answer=Answer.accepted, reason=("", "")):
    with transaction():
        return actions.answer(match, side, answer, actor=None, reason=reason)


def agreed():
    need, offer = factories.need(), factories.offer()
    suggest(need)
    match = only_match()
    say(match, Side.need)
    say(match, Side.offer)
    return need, offer, match


def held():
    """For every offer: what its counter says and what its matches hold."""
    counted = (
        select(func.count(Match.id))
        .where(Match.offer_id == factories.Offer.id, Match.holds_place)
        .scalar_subquery()
    )
    return db.session.execute(select(factories.Offer.places_taken, counted)).all()


def test_the_best_offer_is_asked_and_holds_a_place(app):
    need = factories.need(themes=("mobility", "water-sanitation"))
    partly = factories.offer(themes=("mobility",))
    best = factories.offer(themes=("mobility", "water-sanitation"))
    ranking = suggest(need)
    assert [c.offer_id for c in ranking.candidates] == [best.id, partly.id]
    asked = in_state(MatchState.proposed)
    assert [m.offer_id for m in asked] == [best.id]
    assert asked[0].holds_place
    assert asked[0].answer_by == today() + timedelta(days=7)
    assert asked[0].score == sum(reason["points"] for reason in asked[0].reasons)
    assert (best.places_taken, partly.places_taken) == (1, 0)
    assert [m.offer_id for m in in_state(MatchState.suggested)] == [partly.id]


def test_suggesting_twice_changes_nothing(app):
    need = factories.need()
    for _ in range(7):
        factories.offer()
    suggest(need)
    before = [(m.id, m.state, m.version_id) for m in in_state(*MatchState)]
    suggest(need)
    assert [(m.id, m.state, m.version_id) for m in in_state(*MatchState)] == before
    # Five in all: one asked, and the best of the others in reserve.
    assert len(in_state(MatchState.suggested)) == 4
    assert len(before) == 5


def test_two_yeses_make_an_exchange_of_the_city_that_needs(app):
    need, offer, match = agreed()
    assert match.state == MatchState.agreed
    assert need.state == NeedState.matched
    assert offer.state == OfferState.matched
    exchange = match.exchange
    assert exchange.state == ExchangeState.draft
    assert exchange.proposer_id == need.organisation_id
    assert exchange.needs == [need]
    assert [t.code for t in exchange.tagged("theme")] == ["mobility"]
    roles = {p.role: p.organisation_id for p in exchange.partners if p.committed_on}
    assert roles == {
        PartnerRole.host: offer.organisation_id,
        PartnerRole.learner: need.organisation_id,
    }


def test_one_yes_is_half_an_agreement(app):
    factories.offer()
    suggest(factories.need())
    match = only_match()
    step = say(match, Side.offer)
    assert step.to_state == MatchState.half_agreed
    with pytest.raises(Conflict, match="already_answered"):
        say(match, Side.offer)


def test_a_no_frees_the_place_and_asks_the_next(app):
    need = factories.need(themes=("mobility", "water-sanitation"))
    best = factories.offer(themes=("mobility", "water-sanitation"))
    second = factories.offer()
    suggest(need)
    match = in_state(MatchState.proposed)[0]
    say(match, Side.need)
    say(match, Side.offer, Answer.declined, NO)
    assert match.state == MatchState.declined
    assert match.decline_code == "timing"
    assert best.places_taken == 0
    assert [m.offer_id for m in in_state(MatchState.proposed)] == [second.id]
    suggest(need)
    assert len(in_state(*queries.LIVE)) == 1  # the pair is left alone for a year
    match.state_since = now() - timedelta(days=366)
    db.session.commit()
    suggest(need)
    assert {m.offer_id for m in in_state(*queries.LIVE)} == {best.id, second.id}


@pytest.mark.parametrize(
    ("reason", "field"),
    [(("", ""), "reason_code"), (("because", ""), "reason_code"), (("other", " "), "note")],
)
def test_a_no_needs_a_reason(app, reason, field):
    factories.offer()
    suggest(factories.need())
    with pytest.raises(Invalid) as problem:
        say(only_match(), Side.need, Answer.declined, reason)
    assert problem.value.field == field
    assert only_match().state == MatchState.proposed


def test_an_answer_to_what_waits_for_none_is_refused(app):
    _need, _offer, match = agreed()
    with pytest.raises(TransitionRefused):
        say(match, Side.need)
    with pytest.raises(TransitionRefused):
        say(match, Side.need, Answer.declined, NO)
    with pytest.raises(TransitionRefused):
        actions.ask(match, Side.need, "Still?", actor=None)


def test_silence_lapses_and_the_next_is_asked(app):
    need = factories.need(themes=("mobility", "water-sanitation"))
    best = factories.offer(themes=("mobility", "water-sanitation"))
    second = factories.offer()
    suggest(need)
    with transaction():
        assert actions.lapse_overdue(today() + timedelta(days=7)) == 0
    with transaction():
        assert actions.lapse_overdue(today() + timedelta(days=8)) == 1
    assert [m.offer_id for m in in_state(MatchState.lapsed)] == [best.id]
    assert [m.offer_id for m in in_state(MatchState.proposed)] == [second.id]
    assert best.places_taken == 0


def test_a_new_offer_finds_the_needs_it_fits(app):
    need = factories.need()
    suggest(need)
    assert in_state(*MatchState) == []
    offer = factories.offer(places=2)
    assert looking.at_offer(offer.id) == 1
    assert only_match().state == MatchState.proposed
    assert looking.at_offer(offer.id) == 0, "the need has been looked at since and knows it"


def test_what_is_not_published_is_left_alone(app):
    draft, offer = factories.need(state=NeedState.draft), factories.offer(state=OfferState.draft)
    assert actions.suggest_for_need(draft.id) is None
    assert actions.suggest_for_need(999) is None
    assert looking.at_offer(offer.id) == 0
    assert looking.at_offer(999) == 0
    assert looking.at_exchange(999) == 0


def test_the_last_place_goes_to_one_need_only(app):
    first, second = factories.need(), factories.need()
    offer = factories.offer()
    suggest(first)
    suggest(second)
    assert len(in_state(MatchState.proposed)) == 1
    assert offer.places_taken == 1
    assert held() == [(1, 1)]


def test_giving_a_place_back_twice_changes_nothing(app):
    factories.offer()
    suggest(factories.need())
    match = only_match()
    with transaction():
        actions.withdraw(match, actor=None, note="Asked by mistake")
    with transaction():
        assert not places.release(match, actor=None)
    assert held() == [(0, 0)]


def test_a_need_for_two_hosts_goes_on_after_the_first_yes(app):
    need = factories.need(hosts_wanted=2)
    factories.offer()
    factories.offer()
    suggest(need)
    first = in_state(MatchState.proposed)[0]
    say(first, Side.need)
    say(first, Side.offer)
    assert need.state == NeedState.published
    suggest(need)
    second = in_state(MatchState.proposed)[0]
    say(second, Side.need)
    say(second, Side.offer)
    assert need.state == NeedState.matched
    assert second.exchange is first.exchange
    assert len(first.exchange.with_role(PartnerRole.host)) == 2


def test_when_a_need_has_its_host_the_other_suggestions_go(app):
    need = factories.need()
    factories.offer()
    factories.offer()
    suggest(need)
    asked = in_state(MatchState.proposed)[0]
    say(asked, Side.need)
    say(asked, Side.offer)
    assert in_state(MatchState.suggested) == []
    assert len(in_state(MatchState.withdrawn)) == 1


# With an exchange


def open_exchange(need):
    exchange = factories.exchange(proposer=need.organisation, state=ExchangeState.eligible)
    exchange.needs.append(need)
    db.session.commit()
    with transaction():
        exchanges.advance(exchange, "open_matching", actor=None)
    return exchange


def test_opening_matching_on_an_exchange_asks_and_moves_it(app):
    need = factories.need()
    factories.offer()
    exchange = open_exchange(need)
    assert looking.at_exchange(exchange.id) == 1
    match = only_match()
    assert match.exchange is exchange
    assert exchange.state == ExchangeState.match_proposed
    say(match, Side.need)
    say(match, Side.offer)
    assert exchange.state == ExchangeState.partners_agreed
    assert need.state == NeedState.in_exchange
    assert db.session.query(Exchange).count() == 1


def test_when_nobody_is_left_the_exchange_looks_again(app):
    need = factories.need()
    factories.offer()
    exchange = open_exchange(need)
    looking.at_exchange(exchange.id)
    say(only_match(), Side.offer, Answer.declined, NO)
    assert exchange.state == ExchangeState.matching


def test_a_match_that_was_asked_before_is_linked_when_matching_opens(app):
    need = factories.need()
    factories.offer()
    suggest(need)
    exchange = open_exchange(need)
    tasks.sweep.run()
    assert only_match().exchange is exchange
    assert exchange.state == ExchangeState.match_proposed


def test_an_agreed_match_joins_the_proposal_that_names_its_need(app):
    need = factories.need()
    factories.offer()
    suggest(need)
    exchange = factories.exchange(proposer=need.organisation)
    exchange.needs.append(need)
    db.session.commit()
    match = only_match()
    say(match, Side.need)
    say(match, Side.offer)
    assert match.exchange is exchange


def test_a_cancelled_exchange_gives_need_and_place_back(app):
    need, offer, match = agreed()
    with transaction():
        exchanges.advance(match.exchange, "cancel", actor=None, note="The mayor left")
    tasks.sweep.run()
    assert match.state == MatchState.withdrawn
    assert need.state == NeedState.published
    assert offer.state == OfferState.published
    assert held() == [(0, 0)]
    assert in_state(*queries.LIVE) == []  # what they planned together came to nothing


def test_an_offer_follows_its_exchanges(app):
    _need, offer, match = agreed()
    match.exchange.state = ExchangeState.preparing
    db.session.commit()
    with transaction():
        actions.settle()
    assert offer.state == OfferState.in_exchange
    match.exchange.state = ExchangeState.closed_with_change
    db.session.commit()
    with transaction():
        actions.settle()
    assert match.state == MatchState.concluded
    assert offer.state == OfferState.published, "the place is free for another city"
    assert offer.places_taken == 0
    assert loading.offer_facts([offer.id])[0].newcomer is False


def test_an_owner_may_end_an_offer_that_has_hosted_and_no_other(app):
    _need, offer, match = agreed()
    fresh = factories.offer()
    with pytest.raises(TransitionRefused, match="has_hosted"):
        advance_offer(fresh, "fulfil", actor=None)
    match.exchange.state = ExchangeState.closed_without_change
    db.session.commit()
    with transaction():
        actions.settle()
        advance_offer(offer, "fulfil", actor=None)
    assert offer.state == OfferState.fulfilled


def test_a_match_is_not_concluded_while_its_exchange_goes_on(app):
    _need, offer, match = agreed()
    with pytest.raises(TransitionRefused, match="exchange_is_closed"):
        moves.conclude(match, actor=None)
    assert offer.places_taken == 1


# When a side ends


def test_withdrawing_a_need_takes_its_matches_along(app):
    need, offer = factories.need(), factories.offer()
    suggest(need)
    with transaction():
        advance_need(need, "withdraw", actor=None)
    tasks.sweep.run()
    assert only_match().state == MatchState.withdrawn
    assert offer.places_taken == 0


def test_withdrawing_a_full_offer_reopens_the_need(app):
    need, offer, match = agreed()
    with transaction():
        advance_offer(offer, "withdraw", actor=None, note="We have no staff")
    tasks.sweep.run()
    assert match.state == MatchState.withdrawn
    assert need.state == NeedState.published
    assert offer.state == OfferState.withdrawn


# Officers


def test_an_officer_suggests_a_pair_the_rules_would_not(app):
    officer = factories.officer()
    need = factories.need(languages=("pt",))
    offer = factories.offer(languages=("ja",), themes=("culture",))
    with transaction():
        match = actions.create_by_officer(need, offer, actor=officer, note="They met in Durban")
    assert match.state == MatchState.suggested
    assert match.reasons[0]["evidence"] == {"note": "They met in Durban", "by": officer.name}
    suggest(need)
    assert match.state == MatchState.proposed


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"state": OfferState.draft}, "no_match_both_published"),
        ({"places_taken": 1}, "no_match_a_place_is_left"),
    ],
)
def test_an_officer_cannot_overcome_what_is_not_there(app, facts, code):
    with pytest.raises(Invalid, match=code):
        actions.create_by_officer(factories.need(), factories.offer(**facts), actor=None)


def test_an_officer_cannot_match_a_city_with_itself_or_a_pair_twice(app):
    city = factories.organisation()
    need = factories.need(organisation=city)
    with pytest.raises(Invalid, match="no_match_another_organisation"):
        actions.create_by_officer(need, factories.offer(organisation=city), actor=None)
    offer = factories.offer()
    actions.create_by_officer(need, offer, actor=None)
    with pytest.raises(Invalid, match="pair_is_live"):
        actions.create_by_officer(need, offer, actor=None)


def test_an_officer_agrees_on_behalf_of_both_with_a_reason(app):
    need, offer = factories.need(), factories.offer()
    suggest(need)
    match = only_match()
    say(match, Side.need, Answer.declined, NO)
    with pytest.raises(Invalid, match="reason_required"), transaction():
        actions.overrule(match, actor=None, note=" ")
    assert offer.places_taken == 0
    with transaction():
        actions.overrule(match, actor=None, note="They called: dates are fine now")
    assert match.state == MatchState.agreed
    assert need.state == NeedState.matched
    assert held() == [(1, 1)]


def test_overruling_needs_an_open_need_a_place_and_no_other_match(app):
    need, offer = factories.need(), factories.offer()
    suggest(need)
    match = only_match()
    say(match, Side.need, Answer.declined, NO)
    actions.create_by_officer(need, offer, actor=None)
    with pytest.raises(Conflict, match="pair_is_live"):
        actions.overrule(match, actor=None, note="Now")
    db.session.rollback()
    with transaction():
        advance_need(need, "withdraw", actor=None)
    with pytest.raises(TransitionRefused) as problem:
        actions.overrule(match, actor=None, note="Now")
    assert "need_is_open" in problem.value.reasons


def test_proposing_without_a_place_is_refused(app):
    need, offer = factories.need(), factories.offer()
    with transaction():
        match = actions.create_by_officer(need, offer, actor=None)
    offer.places_taken = 1
    db.session.commit()
    with pytest.raises(TransitionRefused) as problem:
        actions.advance(match, "propose", actor=None)
    assert problem.value.reasons == ("holds_a_place",)


def test_what_an_officer_withdraws_is_not_suggested_again(app):
    need, _offer = factories.need(), factories.offer()
    suggest(need)
    with transaction():
        actions.advance(only_match(), "withdraw", actor=None, note="They know each other")
    suggest(need)
    assert in_state(*queries.LIVE) == []


def test_answers_are_no_moves_to_ask_for_by_name(app):
    factories.offer()
    suggest(factories.need())
    with pytest.raises(Invalid, match="answer_instead"):
        actions.advance(only_match(), "accept", actor=None)


# Questions


def test_a_question_and_its_answer(app):
    factories.offer()
    suggest(factories.need())
    match = only_match()
    with transaction():
        question = actions.ask(match, Side.need, " Could three come? ", actor=None)
    with transaction():
        actions.answer_question(question, "Yes, four even.", actor=None)
    assert (question.text, question.answer) == ("Could three come?", "Yes, four even.")
    with pytest.raises(Conflict):
        actions.answer_question(question, "No.", actor=None)
    with pytest.raises(Invalid):
        actions.answer_question(question, " ", actor=None)
    with pytest.raises(Invalid):
        actions.ask(match, Side.need, "", actor=None)


# Sweeps


def test_the_sweep_finds_what_changed_and_only_that(app):
    need = factories.need()
    offer = factories.offer()
    tasks.sweep.run()
    assert only_match().state == MatchState.proposed
    assert queries.to_examine(factories.Need, limit=9) == []
    assert queries.to_examine(factories.Offer, limit=9) == []
    need.title = "Something else"
    db.session.commit()
    assert queries.to_examine(factories.Need, limit=9) == [need.id]
    tasks.need.run(need_id=need.id)
    tasks.offer.run(offer_id=offer.id)
    tasks.exchange.run(exchange_id=1)
    assert queries.to_examine(factories.Need, limit=9) == []
    assert len(in_state(*MatchState)) == 1


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_facts_cost_the_same_however_many(app, statements, rows):
    for _ in range(rows):
        factories.need(), factories.offer()
    db.session.expire_all()
    with statements() as seen:
        assert len(loading.need_facts()) == len(loading.offer_facts()) == rows
    assert len(seen) == 9
