"""What happens to a visit, from its plan to its evaluation, and what it moves in its exchange."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from exchange.clock import today
from exchange.directory.models import Person
from exchange.errors import Invalid
from exchange.exchanges import actions as exchanges
from exchange.exchanges.models import ExchangeKind
from exchange.extensions import db
from exchange.lessons.models import Note
from exchange.steps import steps_of
from exchange.visits import actions, evaluation
from exchange.visits.models import Evaluation, ParticipantLink, ParticipantRole, Visit
from exchange.vocabularies.models import Place
from tests import factories
from tests.factories import visits
from workflows.exchange import ExchangeState
from workflows.note import NoteState
from workflows.participant import ParticipantState

DATES = {"starts_on": date(2028, 2, 29), "ends_on": date(2028, 3, 2)}
SESSION = {
    "day": date(2028, 2, 29),
    "starts_at": time(9),
    "ends_at": time(10),
    "title": "Opening",
}


def _refused(code, action, *args, **kwargs):
    with pytest.raises(Invalid) as problem:
        action(*args, **kwargs)
    assert problem.value.code == code
    db.session.rollback()


def _item(visit, code):
    return next(item for item in visit.checklist if item.term and item.term.code == code)


def test_a_planned_visit_has_a_number_the_usual_checklist_and_the_time_zone_of_the_host(app):
    told = visits.story()
    told.host.place = db.session.query(Place).filter_by(time_zone="Africa/Johannesburg").first()
    visit = actions.plan_visit(told.exchange, DATES, actor=told.hosting)
    assert (visit.number, visit.time_zone) == (1, "Africa/Johannesburg")
    assert _item(visit, "venue").due_on == date(2028, 2, 29) - timedelta(days=60)
    assert _item(visit, "visas").who == "learner"
    assert len(visit.checklist) == 23


def test_without_dates_nothing_is_due_yet(app):
    visit = actions.plan_visit(visits.story().exchange, {"starts_on": None}, actor=None)
    assert {item.due_on for item in visit.checklist} == {None}


def test_new_dates_move_what_is_open_and_leave_what_is_settled(app):
    told = visits.story()
    visit = actions.plan_visit(told.exchange, DATES, actor=told.hosting)
    actions.tick(_item(visit, "venue"), actor=told.hosting)
    actions.edit_visit(
        visit, {"starts_on": date(2028, 4, 1), "ends_on": date(2028, 4, 2)}, actor=told.hosting
    )
    assert _item(visit, "venue").due_on == date(2028, 2, 29) - timedelta(days=60)
    assert _item(visit, "visas").due_on == date(2028, 4, 1) - timedelta(days=40)
    actions.untick(_item(visit, "venue"), actor=told.hosting)
    assert _item(visit, "venue").due_on == date(2028, 4, 1) - timedelta(days=60)


def test_a_tick_says_who_and_when_and_a_second_one_changes_nothing(app):
    told = visits.story()
    visit = actions.plan_visit(told.exchange, DATES, actor=told.hosting)
    item = _item(visit, "venue")
    actions.tick(item, actor=told.hosting)
    actions.tick(item, actor=told.learning)
    assert (item.done_by, item.done_on) == (told.hosting, today(visit.time_zone))


@pytest.mark.parametrize("state", [ExchangeState.confirmed, ExchangeState.visited])
def test_a_visit_is_planned_before_the_exchange_confirms_it(app, state):
    told = visits.story(state=state)
    _refused("visit_not_now", actions.plan_visit, told.exchange, DATES, actor=told.hosting)


def test_one_visit_at_a_time(app):
    told = visits.story()
    actions.plan_visit(told.exchange, DATES, actor=told.hosting)
    _refused("visit_before", actions.plan_visit, told.exchange, DATES, actor=told.hosting)


def test_the_last_day_is_not_before_the_first(app):
    told = visits.story()
    wrong = {"starts_on": date(2028, 3, 2), "ends_on": date(2028, 3, 1)}
    _refused("window", actions.plan_visit, told.exchange, wrong, actor=told.hosting)


def test_a_confirmed_visit_keeps_its_dates_and_its_exchange_follows_new_ones(app):
    told, visit, _who = visits.ready()
    exchanges.advance(told.exchange, "confirm_visit", actor=told.hosting)
    assert told.exchange.due_on == visits.FIRST
    actions.edit_visit(
        visit, {"starts_on": date(2026, 4, 1), "ends_on": date(2026, 4, 3)}, actor=told.hosting
    )
    assert told.exchange.due_on == date(2026, 4, 1)
    nothing = {"starts_on": None, "ends_on": None}
    _refused("dates_needed", actions.edit_visit, visit, nothing, actor=told.hosting)


def test_the_programme_stays_while_its_days_are_inside_and_moves_with_the_visit_otherwise(app):
    visit = visits.visit()
    session = visits.session(visit, day=visits.FIRST + timedelta(days=1))
    actions.edit_visit(visit, {"starts_on": visits.FIRST - timedelta(days=1)}, actor=None)
    assert session.day == visits.FIRST + timedelta(days=1)
    new = {"starts_on": date(2026, 6, 1), "ends_on": date(2026, 6, 3)}
    actions.edit_visit(visit, new, actor=None)
    assert session.day == date(2026, 6, 3)
    short = {"starts_on": date(2026, 9, 1), "ends_on": date(2026, 9, 1)}
    _refused("sessions_outside", actions.edit_visit, visit, short, actor=None)


def test_a_session_lies_inside_the_visit_and_ends_after_it_begins(app):
    visit = visits.visit(**DATES)
    session = actions.add_session(visit, SESSION, actor=None)
    assert visit.sessions == [session]
    for wrong, code in (
        ({**SESSION, "day": date(2028, 3, 3)}, "outside"),
        ({**SESSION, "day": date(2028, 2, 28)}, "outside"),
        ({**SESSION, "ends_at": time(9)}, "times"),
        ({**SESSION, "starts_at": time(22), "ends_at": time(0)}, "times"),
    ):
        _refused(code, actions.add_session, visit, wrong, actor=None)
    db.session.add(session)
    _refused("times", actions.edit_session, session, {"starts_at": time(11)}, actor=None)


def test_a_session_is_changed_and_removed(app):
    visit = visits.visit()
    session = visits.session(visit)
    actions.edit_session(session, {"title": "Welcome"}, actor=None)
    assert visit.sessions[0].title == "Welcome"
    actions.remove_session(session, actor=None)
    assert visit.sessions == []


def test_a_coordinator_nominates_for_the_own_organisation_only(app):
    told = visits.story()
    visit = visits.visit(told.exchange)
    amina = {"organisation_id": told.learner.id, "name": "Amina", "email": "amina@example.org"}
    actions.nominate(visit, amina, actor=told.learning)
    assert visit.participants[0].state == ParticipantState.nominated
    other = {**amina, "email": "other@example.org"}
    stranger = factories.organisation()
    for wrong, actor, code in (
        (amina, told.learning, "already_nominated"),
        (other, told.hosting, "not_yours"),
        ({**other, "organisation_id": stranger.id}, factories.officer(), "not_partner"),
    ):
        _refused(code, actions.nominate, visit, wrong, actor=actor)
    actions.nominate(visit, other, actor=factories.officer())
    assert len(db.session.get(Visit, visit.id).participants) == 2


def test_a_participant_is_corrected_within_the_same_limits(app):
    told, visit, who = visits.ready()
    other = visits.participant(visit, told.host)
    actions.edit_participant(who, {"name": "Maria", "email": who.email}, actor=told.learning)
    assert who.name == "Maria"
    host = {"organisation_id": told.host.id}
    _refused("not_yours", actions.edit_participant, who, host, actor=told.learning)
    email = {"email": other.email}
    _refused("already_nominated", actions.edit_participant, who, email, actor=told.learning)


def test_a_participant_answers_by_link_in_the_own_name(app):
    told = visits.story()
    visit = visits.visit(told.exchange)
    who = visits.participant(visit, told.learner, email=told.learning.email)
    step = actions.answer_by_link(who, "confirm")
    assert (who.state, step.actor) == (ParticipantState.confirmed, told.learning)
    _refused("reason_required", actions.answer_by_link, who, "decline")
    actions.answer_by_link(who, "decline", note="I am ill.")
    assert who.state == ParticipantState.declined
    _refused("unknown_trigger", actions.answer_by_link, who, "nominate_again")
    visit.attendance_recorded_on = visits.LAST
    _refused("visit_is_over", actions.answer_by_link, who, "confirm")


def test_each_link_goes_on_working_and_only_its_hash_is_kept(app):
    _told, _visit, who = visits.ready()
    first, second = actions.make_participant_link(who), actions.make_participant_link(who)
    kept = {row.secret_hash for row in db.session.query(ParticipantLink)}
    assert first != second
    assert len(kept) == 2
    assert not kept & {first, second}


def test_a_preparation_sheet_has_a_kind_and_disappears_with_its_title(app):
    _told, _visit, who = visits.ready()
    sheet = {"needs": "A ramp", "title": "Night buses", "kind": "practice", "result": "More riders"}
    actions.save_preparation(who, sheet)
    assert (who.needs, who.sheet.title, who.sheet.result) == (
        "A ramp",
        "Night buses",
        "More riders",
    )
    actions.save_preparation(who, {"title": "Buses by night", "kind": "challenge"})
    assert (who.needs, who.sheet.kind, who.sheet.result) == ("A ramp", "challenge", "More riders")
    db.session.commit()
    _refused("kind_needed", actions.save_preparation, who, {"title": "X", "kind": None})
    actions.save_preparation(who, {"title": ""})
    assert who.sheet is None


@time_machine.travel(datetime(2026, 3, 5, 12, tzinfo=UTC), tick=False)
def test_attendance_on_the_last_day_completes_the_visit(app):
    told, visit, who = visits.ready()
    absent = visits.participant(visit, told.learner, state=ParticipantState.confirmed)
    gone = visits.participant(visit, told.learner, state=ParticipantState.declined)
    exchanges.advance(told.exchange, "confirm_visit", actor=told.hosting)
    _refused("unknown_participant", actions.record_attendance, visit, [99], actor=told.hosting)
    exchanges.advance(told.exchange, "confirm_visit", actor=told.hosting)
    actions.record_attendance(visit, [who.id], actor=told.hosting)
    assert (who.attended, absent.attended, gone.attended) == (True, False, None)
    assert told.exchange.state == ExchangeState.visited
    moves = [step.trigger for step in steps_of("exchange", told.exchange.id)]
    assert moves == ["complete_visit", "start_visit", "confirm_visit"]


@time_machine.travel(datetime(2026, 3, 4, 12, tzinfo=UTC), tick=False)
def test_attendance_before_the_last_day_waits_for_it(app):
    told, visit, who = visits.ready()
    exchanges.advance(told.exchange, "confirm_visit", actor=told.hosting)
    actions.record_attendance(visit, [who.id], actor=told.hosting)
    assert told.exchange.state == ExchangeState.under_way
    assert actions.begin_due(datetime(2026, 3, 5, 21, tzinfo=UTC)) == 0
    assert actions.begin_due(datetime(2026, 3, 5, 22, tzinfo=UTC)) == 1
    assert told.exchange.state == ExchangeState.visited


@time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False)
def test_nobody_came_before_the_visit_has_begun(app):
    told, visit, who = visits.ready()
    _refused("visit_not_begun", actions.record_attendance, visit, [who.id], actor=told.hosting)
    _refused("visit_not_begun", actions.open_evaluation, visit, actor=told.hosting)


@pytest.mark.parametrize(
    ("zone", "before", "begun"),
    [
        (
            "Pacific/Kiritimati",
            datetime(2026, 3, 2, 9, 59, tzinfo=UTC),
            datetime(2026, 3, 2, 10, tzinfo=UTC),
        ),
        (
            "Africa/Johannesburg",
            datetime(2026, 3, 2, 21, 59, tzinfo=UTC),
            datetime(2026, 3, 2, 22, tzinfo=UTC),
        ),
        (
            "Pacific/Pago_Pago",
            datetime(2026, 3, 3, 10, 59, tzinfo=UTC),
            datetime(2026, 3, 3, 11, tzinfo=UTC),
        ),
    ],
)
def test_a_visit_begins_with_the_day_of_its_place(app, zone, before, begun):
    told, visit, _who = visits.ready()
    visit.time_zone = zone
    exchanges.advance(told.exchange, "confirm_visit", actor=told.hosting)
    assert actions.begin_due(before) == 0
    assert actions.begin_due(begun) == 1
    assert told.exchange.state == ExchangeState.under_way
    assert steps_of("exchange", told.exchange.id)[0].actor is None
    assert actions.begin_due(begun) == 0


def test_a_visit_without_people_does_not_begin_by_itself(app):
    told, _visit, who = visits.ready()
    exchanges.advance(told.exchange, "confirm_visit", actor=told.hosting)
    actions.advance_participant(who, "decline", actor=told.learning, note="Ill.")
    assert actions.begin_due(datetime(2026, 3, 4, tzinfo=UTC)) == 0
    assert told.exchange.state == ExchangeState.confirmed


@time_machine.travel(datetime(2026, 3, 5, 12, tzinfo=UTC), tick=False)
def test_an_evaluation_opened_early_is_open_when_the_visit_is_complete(app):
    told, visit, who = visits.ready()
    exchanges.advance(told.exchange, "confirm_visit", actor=told.hosting)
    actions.open_evaluation(visit, actor=told.hosting)
    assert told.exchange.state == ExchangeState.under_way
    actions.record_attendance(visit, [who.id], actor=told.hosting)
    assert told.exchange.state == ExchangeState.evaluating
    actions.open_evaluation(visit, actor=told.hosting)
    assert visit.evaluation_opened_on == date(2026, 3, 5)


@time_machine.travel(datetime(2026, 3, 6, 12, tzinfo=UTC), tick=False)
def test_a_partnership_has_a_second_visit(app):
    told, visit, who = visits.ready(kind=ExchangeKind.city_pairing)
    exchanges.advance(told.exchange, "confirm_visit", actor=told.hosting)
    actions.record_attendance(visit, [who.id], actor=told.hosting)
    exchanges.advance(told.exchange, "plan_next_visit", actor=told.hosting)
    second = actions.plan_visit(told.exchange, {"starts_on": date(2026, 9, 1)}, actor=told.hosting)
    assert second.number == 2
    assert told.exchange.current_visit is second
    actions.open_evaluation(visit, actor=told.hosting)
    assert told.exchange.state == ExchangeState.preparing
    nothing = {"starts_on": None, "ends_on": None}
    _refused("dates_needed", actions.edit_visit, visit, nothing, actor=told.hosting)


def _evaluated(app):
    told, visit, who = visits.ready()
    visit.evaluation_opened_on = visits.LAST
    db.session.commit()
    return told, visit, who


def test_answering_again_corrects(app):
    _told, visit, who = _evaluated(app)
    actions.submit_evaluation(who, {"participant-goals-met": "3"}, "fr")
    actions.submit_evaluation(who, {"participant-goals-met": "4"}, "pt")
    row = db.session.query(Evaluation).one()
    assert (row.answers, row.language) == ({"participant-goals-met": 4}, "pt")
    assert row.visit == visit


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        (ParticipantRole.participant, "participant"),
        (ParticipantRole.observer, "participant"),
        (ParticipantRole.host, "host"),
        (ParticipantRole.facilitator, "host"),
        (ParticipantRole.expert, "expert"),
    ],
)
def test_each_role_is_asked_its_own_questions(app, role, asked):
    _told, _visit, who = _evaluated(app)
    who.role = role
    codes = [term.code for term in evaluation.questions_for(who)]
    assert len(codes) >= 6
    assert all(code.startswith(f"{asked}-") for code in codes)


def test_answers_are_taken_until_the_note_is_published(app):
    told, visit, who = _evaluated(app)
    author = db.session.query(Person).first()
    note = Note(
        exchange=told.exchange,
        title="N",
        language="en",
        author_id=author.id,
        state=NoteState.drafting,
    )
    db.session.add(note)
    db.session.flush()
    actions.submit_evaluation(who, {"participant-goals-met": "3"}, "en")
    note.state = NoteState.published
    _refused(
        "evaluation_closed", actions.submit_evaluation, who, {"participant-goals-met": "4"}, "en"
    )
    visit.evaluation_opened_on = None
    assert not evaluation.is_open(visit)


def test_results_are_counts_averages_and_texts_without_names(app):
    told, visit, who = _evaluated(app)
    other = visits.participant(visit, told.learner)
    host = visits.participant(visit, told.host, role=ParticipantRole.host)
    actions.submit_evaluation(
        who,
        {
            "participant-goals-met": 5,
            "participant-same-challenge": "yes",
            "participant-expected-use": "b",
        },
        "en",
    )
    actions.submit_evaluation(
        other, {"participant-goals-met": 4, "participant-expected-use": "a"}, "fr"
    )
    actions.submit_evaluation(host, {"host-again": "no"}, "en")
    found = evaluation.results(visit)
    assert list(found) == ["participant", "host"]
    goals = next(r for r in found["participant"] if r.question.code == "participant-goals-met")
    assert (goals.count, goals.average) == (2, 4.5)
    assert goals.counts == {"1": 0, "2": 0, "3": 0, "4": 1, "5": 1}
    same = next(r for r in found["participant"] if r.question.code == "participant-same-challenge")
    assert (same.count, same.average, same.counts) == (1, None, {"yes": 1, "partly": 0, "no": 0})
    use = next(r for r in found["participant"] if r.question.code == "participant-expected-use")
    assert use.texts == [("fr", "a"), ("en", "b")]
