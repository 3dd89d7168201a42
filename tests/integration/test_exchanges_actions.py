"""What happens to an exchange: its reference, its needs, its due day, its partners."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from exchange.clock import today
from exchange.directory.models import OrganisationKind
from exchange.errors import Conflict, Invalid, NotAllowed
from exchange.exchanges import actions
from exchange.exchanges.models import BudgetCategory, Exchange, ExchangeKind, Partner, PartnerRole
from exchange.extensions import db
from exchange.steps import steps_of
from exchange.visits.models import Visit
from tests import factories
from workflows.engine import TransitionRefused
from workflows.exchange import ExchangeState as S
from workflows.need import NeedState

TITLE = {"title": "Markets that do not flood", "kind": ExchangeKind.study_visit, "language": "en"}


def words(proposer, **more):
    """The least that a proposal says."""
    return {**TITLE, "proposer_id": proposer.id, "purpose": "To learn drainage.", **more}


def test_a_draft_has_a_reference_of_its_year_a_contact_and_a_day(app):
    city = factories.organisation()
    person = factories.person(of=city)
    with time_machine.travel("2026-05-04T10:00:00Z", tick=False):
        first = actions.create(words(city, themes=["mobility"]), actor=person)
        second = actions.create(words(city), actor=person)
    assert (first.reference, second.reference) == ("PX-2026-0001", "PX-2026-0002")
    assert first.state == S.draft
    assert first.contact == person
    assert first.due_on == date(2026, 6, 3)
    assert [term.code for term in first.tagged("theme")] == ["mobility"]


def test_references_count_within_a_year_and_pass_four_digits(app):
    assert actions.next_reference(2025) == "PX-2025-0001"
    assert actions.next_reference(2026) == "PX-2026-0001"
    assert actions.next_reference(2025) == "PX-2025-0002"


def test_nobody_proposes_for_a_city_they_do_not_speak_for(app):
    city, other = factories.organisation(), factories.organisation()
    with pytest.raises(Invalid, match="not_yours"):
        actions.create(words(other), actor=factories.person(of=city))
    db.session.rollback()
    assert db.session.query(Exchange).count() == 0


def test_a_proposal_of_no_organisation_is_refused(app):
    with pytest.raises(Invalid, match="no_such_organisation"):
        actions.create({**TITLE, "proposer_id": 99999}, actor=factories.officer())


def test_a_window_upside_down_is_refused(app):
    city = factories.organisation()
    window = {"starts_on": date(2026, 5, 2), "ends_on": date(2026, 5, 1)}
    with pytest.raises(Invalid, match="window"):
        actions.create(words(city, **window), actor=factories.person(of=city))


def test_the_cities_of_linked_needs_become_learners_who_have_not_yet_agreed(app):
    city = factories.organisation()
    need = factories.need(organisation=city)
    exchange = actions.create(words(city, need_ids=[need.id]), actor=factories.person(of=city))
    (learner,) = exchange.with_role(PartnerRole.learner)
    assert learner.organisation == city
    assert learner.committed_on is None


def test_the_proposer_may_take_part_from_the_start(app):
    city = factories.organisation()
    need = factories.need(organisation=city)
    data = words(city, proposer_role=PartnerRole.learner, need_ids=[need.id])
    exchange = actions.create(data, actor=factories.person(of=city))
    assert [p.role for p in exchange.partners] == ["learner"]
    other = actions.create(
        words(city, proposer_role=PartnerRole.host), actor=factories.person(of=city)
    )
    assert [(p.role, p.committed_on) for p in other.partners] == [("host", today())]


@pytest.mark.parametrize("state", [NeedState.draft, NeedState.in_exchange, NeedState.fulfilled])
def test_a_need_that_is_not_open_cannot_be_linked(app, state):
    city = factories.organisation()
    need = factories.need(organisation=city, state=state)
    with pytest.raises(Invalid, match="need_not_open"):
        actions.create(words(city, need_ids=[need.id]), actor=factories.person(of=city))


def test_a_foreign_or_unknown_need_cannot_be_linked(app):
    city = factories.organisation()
    person = factories.person(of=city)
    for need_id in (factories.need().id, 99999):
        with pytest.raises(Invalid, match="need_not_open"):
            actions.create(words(city, need_ids=[need_id]), actor=person)


def test_the_proposer_edits_a_draft_and_staff_edit_what_is_not_closed(app):
    city = factories.organisation()
    person, officer = factories.person(of=city), factories.officer()
    exchange = factories.exchange(learner=city)
    actions.edit(exchange, {"title": "Better"}, actor=person)
    assert exchange.title == "Better"
    exchange.state = S.submitted
    with pytest.raises(NotAllowed, match="proposal_settled"):
        actions.edit(exchange, {"title": "Sneaked in"}, actor=person)
    actions.edit(exchange, {"title": "Corrected"}, actor=officer)
    exchange.state = S.declined
    with pytest.raises(NotAllowed, match="exchange_closed"):
        actions.edit(exchange, {"title": "Too late"}, actor=officer)


def test_needs_are_settled_once_the_partners_agreed(app):
    city = factories.organisation()
    need, other = factories.need(organisation=city), factories.need(organisation=city)
    exchange = factories.exchange(learner=city)
    officer = factories.officer()
    actions.edit(exchange, {"need_ids": [need.id]}, actor=officer)
    exchange.state = S.preparing
    actions.edit(exchange, {"need_ids": [need.id]}, actor=officer)
    with pytest.raises(Invalid, match="needs_settled"):
        actions.edit(exchange, {"need_ids": [need.id, other.id]}, actor=officer)


def test_only_a_draft_that_nobody_saw_is_thrown_away(app):
    fresh, seen = factories.exchange(), factories.exchange(learner=factories.organisation())
    actions.delete(fresh)
    actions.advance(seen, "submit", actor=factories.officer())
    with pytest.raises(NotAllowed, match="not_a_fresh_draft"):
        actions.delete(seen)
    assert db.session.query(Exchange).all() == [seen]


def test_a_move_writes_a_step_and_counts_the_next_day(app):
    exchange = factories.exchange(learner=factories.organisation())
    officer = factories.officer()
    with time_machine.travel("2026-05-04T10:00:00Z", tick=False):
        step = actions.advance(exchange, "submit", actor=officer, expected_state="draft")
        assert exchange.due_on == date(2026, 6, 1)
    assert (step.from_state, step.to_state, step.actor) == ("draft", "submitted", officer)
    assert steps_of("exchange", exchange.id) == [step]


def test_who_is_too_late_hears_that_it_has_moved_on(app):
    exchange = factories.exchange(learner=factories.organisation())
    actions.advance(exchange, "submit", actor=None)
    with pytest.raises(Conflict, match="moved_on"):
        actions.advance(exchange, "submit", actor=None, expected_state="draft")


def test_the_officer_who_finds_it_eligible_follows_it(app):
    officer = factories.officer()
    exchange = factories.exchange(state=S.submitted)
    actions.advance(exchange, "find_eligible", actor=officer)
    assert exchange.owner == officer
    taken = factories.exchange(state=S.submitted, owner=officer)
    actions.advance(taken, "find_eligible", actor=factories.officer())
    assert taken.owner == officer
    by_program = factories.exchange(state=S.submitted)
    actions.advance(by_program, "find_eligible", actor=None)
    assert by_program.owner is None


def test_on_hold_it_remembers_where_it_was_and_resumes_there(app):
    exchange = factories.exchange(state=S.preparing)
    actions.advance(exchange, "hold", actor=None, note="Elections in the host city.")
    assert (exchange.state, exchange.held_state, exchange.phase) == (
        "on_hold",
        "preparing",
        "visit",
    )
    assert exchange.due_on == today() + timedelta(days=60)
    actions.advance(exchange, "resume", actor=None)
    assert (exchange.state, exchange.held_state) == ("preparing", None)
    assert exchange.due_on == today() + timedelta(days=60)


def test_days_are_counted_from_the_visit_where_the_table_says_so(app):
    exchange = factories.exchange(state=S.evaluating)
    visit = Visit(starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 4))
    exchange.visits.append(visit)
    db.session.commit()
    actions.reset_due(exchange)
    assert exchange.due_on == date(2026, 4, 3)
    exchange.state = S.confirmed
    actions.reset_due(exchange)
    assert exchange.due_on == date(2026, 3, 2)
    exchange.state, exchange.due_on = S.preparing, date(2026, 1, 1)
    actions.reset_due(exchange)
    assert exchange.due_on == date(2026, 1, 1)
    exchange.state = S.closed_with_change
    actions.reset_due(exchange)
    assert exchange.due_on == date(2026, 1, 1)


def agreed(city, host, **facts):
    """An exchange of ``city`` with a need, ready for the partners' agreement."""
    exchange = factories.exchange(host=host, learner=city, state=S.matching, **facts)
    exchange.needs = [factories.need(organisation=city)]
    db.session.commit()
    return exchange


def test_needs_follow_the_exchange_they_are_answered_by(app):
    exchange = agreed(factories.organisation(), factories.organisation())
    (need,) = exchange.needs
    actions.advance(exchange, "agree_partners", actor=None)
    assert need.state == NeedState.in_exchange
    actions.advance(exchange, "cancel", actor=None, note="The mayor has changed.")
    assert need.state == NeedState.published


def test_a_need_stays_taken_while_another_exchange_answers_it(app):
    city, host = factories.organisation(), factories.organisation()
    first, second = agreed(city, host), factories.exchange(state=S.submitted)
    second.needs = list(first.needs)
    actions.advance(first, "agree_partners", actor=None)
    actions.advance(second, "decline", actor=None, note="Twice the same.")
    assert first.needs[0].state == NeedState.in_exchange


def test_closing_fulfils_the_need(app):
    exchange = agreed(factories.organisation(), factories.organisation())
    (need,) = exchange.needs
    actions.advance(exchange, "agree_partners", actor=None)
    actions.override(
        exchange, S.closed_with_change, "Ended before this tool.", actor=factories.administrator()
    )
    assert need.state == NeedState.fulfilled
    assert exchange.due_on is None


def test_an_override_is_marked_for_ever_and_is_for_administrators(app):
    exchange = factories.exchange()
    administrator = factories.administrator()
    with pytest.raises(NotAllowed):
        actions.override(exchange, S.visited, "Please.", actor=factories.officer())
    with pytest.raises(Invalid, match="reason_required"):
        actions.override(exchange, S.visited, " ", actor=administrator)
    with pytest.raises(Invalid, match="stands_there_already"):
        actions.override(exchange, S.draft, "Same.", actor=administrator)
    with pytest.raises(Conflict):
        actions.override(exchange, S.visited, "Why", actor=administrator, expected_state="matching")
    step = actions.override(exchange, S.on_hold, "The visit was held.", actor=administrator)
    assert (step.overrode, step.trigger, step.note) == (True, "override", "The visit was held.")
    assert exchange.held_state == S.draft
    actions.override(exchange, S.visited, "It was.", actor=administrator)
    assert exchange.held_state is None
    db.session.commit()


def test_the_program_moves_by_the_first_trigger_whose_facts_hold(app):
    exchange = factories.exchange(state=S.preparing)
    assert actions.try_advance(exchange, "confirm_visit", "draft_note", actor=None) is None
    assert exchange.state == S.preparing
    step = actions.try_advance(
        agreed(factories.organisation(), factories.organisation()),
        "propose_match",
        "agree_partners",
        actor=None,
    )
    assert step.trigger == "agree_partners"


def test_an_exchange_of_the_past_is_recorded_with_one_step(app):
    city = factories.organisation()
    data = words(city, starts_on=date(2014, 3, 1), ends_on=date(2016, 3, 1))
    past = actions.record_past(
        data, S.closed_without_change, "Recorded from public sources.", actor=None
    )
    assert past.reference == "PX-2014-0001"
    (step,) = steps_of("exchange", past.id)
    assert (step.overrode, step.to_state) == (True, "closed_without_change")
    assert step.trigger == "record_past", "no administrator went round the table"
    assert not past.overridden
    assert actions.record_past(words(city), S.draft, "", actor=None).state == S.draft


def test_the_owner_is_an_officer(app):
    exchange, officer = factories.exchange(), factories.officer()
    actions.assign(exchange, officer.id, actor=officer)
    assert exchange.owner == officer
    with pytest.raises(Invalid, match="no_officer"):
        actions.assign(exchange, factories.person().id, actor=officer)
    actions.assign(exchange, None, actor=officer)
    assert exchange.owner is None


def test_an_association_bundles_the_needs_of_its_members(app):
    cities = [factories.organisation(), factories.organisation()]
    association = factories.association(members=tuple(cities))
    person = factories.person(of=association)
    needs = [factories.need(organisation=city) for city in cities]
    bundle = actions.propose_bundle(needs, words(association), actor=person)
    assert bundle.needs == needs
    roles = [(p.organisation, p.role, bool(p.committed_on)) for p in bundle.partners]
    assert roles == [
        (cities[0], "learner", False),
        (cities[1], "learner", False),
        (association, "association", True),
    ]


def test_a_bundle_needs_two_needs_of_members_and_an_association(app):
    city = factories.organisation()
    association = factories.association(members=(city,))
    person = factories.person(of=association)
    mine, foreign = factories.need(organisation=city), factories.need()
    with pytest.raises(Invalid, match="bundle_of_one"):
        actions.propose_bundle([mine, mine], words(association), actor=person)
    with pytest.raises(Invalid, match="need_not_open"):
        actions.propose_bundle([mine, foreign], words(association), actor=person)
    with pytest.raises(Invalid, match="no_association"):
        actions.propose_bundle([mine, foreign], words(city), actor=person)


def test_partners_are_named_commit_and_leave(app):
    exchange, city = factories.exchange(), factories.organisation()
    partner = actions.add_partner(exchange, city.id, PartnerRole.host, actor=None)
    with pytest.raises(Invalid, match="already_partner"):
        actions.add_partner(exchange, city.id, PartnerRole.host, actor=None)
    with pytest.raises(Invalid, match="no_such_organisation"):
        actions.add_partner(exchange, 99999, PartnerRole.host, actor=None)
    with pytest.raises(Invalid, match="not_of_this"):
        actions.add_partner(exchange, city.id, PartnerRole.funder, actor=None, contact_id=99999)
    with pytest.raises(Invalid, match="in_the_future"):
        actions.commit_partner(partner, actor=None, on=today() + timedelta(days=1))
    actions.commit_partner(partner, actor=None, on=date(2026, 1, 2))
    actions.commit_partner(partner, actor=None)
    assert partner.committed_on == date(2026, 1, 2)
    actions.remove_partner(partner, actor=None)
    assert db.session.query(Partner).count() == 0


def test_the_commitment_an_exchange_lives_on_does_not_leave(app):
    host = factories.organisation()
    exchange = factories.exchange(host=host, learner=factories.organisation(), state=S.preparing)
    with pytest.raises(NotAllowed, match="last_partner"):
        actions.remove_partner(exchange.with_role(PartnerRole.host)[0], actor=None)
    second = actions.add_partner(
        exchange, factories.organisation().id, PartnerRole.host, actor=None
    )
    actions.commit_partner(second, actor=None)
    actions.remove_partner(exchange.with_role(PartnerRole.host)[0], actor=None)
    assert exchange.with_role(PartnerRole.host) == [second]


def test_nothing_is_added_to_a_closed_exchange(app):
    exchange = factories.exchange(state=S.cancelled)
    with pytest.raises(NotAllowed, match="exchange_closed"):
        actions.add_partner(exchange, factories.organisation().id, PartnerRole.host, actor=None)
    with pytest.raises(TransitionRefused):
        actions.advance(exchange, "submit", actor=None)


def test_the_concept_note_stays_when_the_preparation_rests_on_it(app):
    exchange = factories.exchange(state=S.partners_agreed)
    tomorrow = today() + timedelta(days=1)
    with pytest.raises(Invalid, match="in_the_future"):
        actions.write_concept_note(exchange, {"concept_note_agreed_on": tomorrow}, actor=None)
    agreed_on = {"concept_note": "We will walk.", "concept_note_agreed_on": date(2026, 1, 1)}
    actions.write_concept_note(exchange, agreed_on, actor=None)
    exchange.state = S.preparing
    for name, empty in (("concept_note", ""), ("concept_note_agreed_on", None)):
        with pytest.raises(Invalid, match="is_relied_on"):
            actions.write_concept_note(exchange, {name: empty}, actor=None)


def test_money_is_counted_to_the_cent_and_paid_by_an_organisation_of_the_exchange(app):
    city = factories.organisation()
    exchange = factories.exchange(learner=city)
    facts = {"category": BudgetCategory.travel, "amount": Decimal("0.10"), "currency": "XOF"}
    line = actions.save_budget_line(exchange, {**facts, "payer_id": city.id})
    db.session.commit()
    assert line.amount == Decimal("0.10")
    with pytest.raises(Invalid, match="not_a_partner"):
        actions.save_budget_line(exchange, {"payer_id": factories.organisation().id}, line)
    actions.save_budget_line(exchange, {"amount": Decimal("12.5")}, line)
    actions.remove_part(line)
    assert exchange.budget_lines == []


def test_a_partnership_has_phases(app):
    exchange = factories.exchange(kind=ExchangeKind.cooperation_partnership)
    phase = actions.save_phase(exchange, {"title": "Inception", "starts_on": date(2026, 1, 1)})
    with pytest.raises(Invalid, match="window"):
        actions.save_phase(exchange, {"ends_on": date(2025, 1, 1)}, phase)
    assert exchange.phases == [phase]
    actions.remove_part(phase)
    assert exchange.phases == []


def test_a_region_is_no_bundler_but_a_section_is(app):
    section = factories.organisation(kind=OrganisationKind.section)
    needs = [factories.need(), factories.need()]
    bundle = actions.propose_bundle(needs, words(section), actor=factories.officer())
    assert len(bundle.with_role(PartnerRole.learner)) == 2
