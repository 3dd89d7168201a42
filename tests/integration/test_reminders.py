"""Reminders: planned from the state of rows, sent at eight in the reader's morning, once."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from exchange.clock import now
from exchange.directory.models import Membership, OrganisationKind, Person, Role
from exchange.exchanges.models import ExchangeKind, Partner, PartnerRole
from exchange.extensions import db
from exchange.lessons.models import FollowUp, Horizon, Note, RoadMapAction
from exchange.matching.models import Match
from exchange.messages.models import Message
from exchange.reminders import actions
from exchange.reminders import plan as planning
from exchange.reminders.audience import AUDIENCES
from exchange.reminders.kinds import KINDS
from exchange.reminders.models import EscalationLevel, Reminder
from exchange.reminders.send import plan_now, send_due
from exchange.steps import Step
from exchange.transaction import transaction, writing_apart
from exchange.visits.models import Evaluation, Participant, PreparationSheet, Visit
from exchange.vocabularies.models import Place
from tests import factories
from workflows.exchange import ExchangeState as X
from workflows.follow_up import FollowUpState
from workflows.match import MatchState
from workflows.need import NeedState
from workflows.note import NoteState
from workflows.participant import ParticipantState
from workflows.reminder import ReminderState

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def clock():
    """Noon of a Monday, until it is moved."""
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


def add(row: Any) -> Any:
    """Commit a row."""
    db.session.add(row)
    db.session.commit()
    return row


def days(number: int) -> date:
    """A day so many days from today."""
    return TODAY + timedelta(days=number)


def city(name: str = "", **facts: Any) -> Any:
    """A city with a coordinator."""
    row = factories.organisation(name, **facts)
    factories.person(of=row)
    return row


def late(state: X = X.eligible, by: int = 0, **facts: Any) -> Any:
    """An exchange that should have left its state so many days ago."""
    long_ago = NOW - timedelta(days=90)
    facts.setdefault("learner", city())
    return factories.exchange(state=state, state_since=long_ago, due_on=days(-by), **facts)


def exchange(state: X, since: int = 0, **facts: Any) -> Any:
    """An exchange that has been in its state for so many days."""
    for role in ("host", "learner"):
        facts.setdefault(role, city())
    return factories.exchange(state=state, state_since=NOW - timedelta(days=since), **facts)


def visit(of: Any, begins: int, ends: int | None = None, **facts: Any) -> Visit:
    """A visit that begins in so many days."""
    last = days(begins + 2 if ends is None else ends)
    return add(Visit(exchange=of, starts_on=days(begins), ends_on=last, **facts))


def guest(of: Visit, state: ParticipantState, **facts: Any) -> Participant:
    """A participant of a visit."""
    facts.setdefault("created_at", NOW - timedelta(days=60))
    facts.setdefault("email", f"guest{of.id}@px.test")
    return add(
        Participant(visit=of, organisation=of.exchange.proposer, name="Guest", state=state, **facts)
    )


def sweep() -> list[tuple[str, str]]:
    """Plan and send; (kind, address) of what was written, in order."""
    last = db.session.query(Message).count()
    plan_now()
    send_due()
    written = db.session.query(Message).order_by(Message.id).offset(last)
    return [(message.kind, message.to_email) for message in written]


def kinds() -> list[str]:
    """The kinds that a sweep writes, each once."""
    return sorted({kind for kind, _email in sweep()})


def coordinators(*organisations: Any) -> set[str]:
    """The addresses of those who speak for organisations."""
    return {a.person.email for one in organisations for a in one.affiliations}


# What is asked, and of whom


@pytest.mark.parametrize(
    ("state", "since", "kind"),
    [
        (X.submitted, 0, "proposal_received"),
        (X.more_information, 0, "information_asked"),
        (X.more_information, 7, "information_asked"),
        (X.more_information, 12, "information_asked"),
        (X.eligible, 0, "proposal_eligible"),
        (X.declined, 0, "proposal_declined"),
        (X.partners_agreed, 0, "partners_agreed"),
        (X.partners_agreed, 7, "concept_note"),
        (X.disseminating, 0, "dissemination"),
        (X.disseminating, 14, "dissemination"),
        (X.on_hold, 30, "on_hold"),
    ],
)
def test_a_state_asks_on_its_days(app, clock, state, since, kind):
    officer = factories.officer()
    held = {"held_state": X.preparing} if state == X.on_hold else {}
    row = exchange(state, since, owner=officer, **held)
    written = sweep()
    assert kind in {name for name, _email in written}
    asked = {email for name, email in written if name == kind}
    partners = [partner.organisation for partner in row.partners]
    if state == X.on_hold:
        assert asked == {officer.email}
    elif state in (X.partners_agreed, X.disseminating):
        assert asked == coordinators(*partners)
    else:
        assert asked == coordinators(row.proposer)


@pytest.mark.parametrize("since", [1, 3, 20])
def test_between_its_days_nothing_is_asked(app, clock, since):
    exchange(X.disseminating, since + 14 if since == 20 else since)
    sweep()
    clock.shift(timedelta(hours=1))
    assert sweep() == []


def test_a_draft_that_lies_idle_is_asked_about(app, clock):
    row = exchange(X.draft)
    row.updated_at = NOW - timedelta(days=7)
    db.session.commit()
    assert sweep() == [("draft_idle", email) for email in coordinators(row.proposer)]


@pytest.mark.parametrize(
    ("state", "begins", "expected"),
    [
        (X.preparing, 29, []),
        (X.preparing, 28, ["host_report"]),
        # What was due in the week before is made good: the visit was planned late.
        (X.preparing, 21, ["agenda", "host_report"]),
        (X.preparing, 20, ["agenda"]),
        (X.confirmed, 14, ["desk_review", "preparation"]),
        (X.confirmed, 7, ["desk_review", "preparation", "visit_soon"]),
        (X.confirmed, 6, ["visit_soon"]),
    ],
)
def test_a_visit_asks_before_it_begins(app, clock, state, begins, expected):
    row = exchange(state, 40, kind=ExchangeKind.peer_review)
    guest(visit(row, begins), ParticipantState.confirmed)
    assert kinds() == expected


def test_only_what_is_missing_is_asked_before_a_visit(app, clock):
    row = exchange(X.preparing, 40)
    prepared = guest(visit(row, 13), ParticipantState.confirmed)
    add(PreparationSheet(participant=prepared, kind="practice", title="Buses"))
    assert sweep() == []


def test_a_nomination_is_asked_at_once_and_after_five_days_by_a_link_of_its_own(app, clock):
    row = exchange(X.preparing, 40)
    guest(visit(row, 40), ParticipantState.nominated, created_at=NOW, language="fr")
    assert [kind for kind, _email in sweep()] == ["participation"]
    clock.shift(timedelta(days=5))
    assert [kind for kind, _email in sweep()] == ["participation"]
    first, second = (m.text for m in db.session.query(Message).order_by(Message.id))
    links = [next(w for w in text.split() if "/p/" in w) for text in (first, second)]
    assert links[0] != links[1]
    client = app.test_client()
    for link in links:
        page = client.get("/p/" + link.rpartition("/p/")[2], follow_redirects=True)
        assert page.status_code == 200


def test_who_was_there_evaluates(app, clock):
    row = exchange(X.evaluating, 1)
    over = visit(row, -4, -1, evaluation_opened_on=days(-1))
    there = guest(over, ParticipantState.confirmed, attended=True)
    guest(over, ParticipantState.confirmed, attended=False, email="absent@px.test")
    done = guest(over, ParticipantState.confirmed, attended=True, email="done@px.test")
    add(Evaluation(visit=over, participant=done, role="participant", answers={}))
    assert [pair for pair in sweep() if pair[0] == "evaluation"] == [("evaluation", there.email)]


def test_lessons_are_asked_for_after_the_visit(app, clock):
    row = exchange(X.evaluating, 20)
    visit(row, -33, -30)
    assert kinds() == ["feedback_report", "lessons_asked", "note_draft"]
    clock.shift(timedelta(days=15))
    assert "note_draft" in kinds()


def test_a_note_goes_to_its_reviewer_and_comes_back_to_its_author(app, clock):
    author, reviewer = factories.person(), factories.officer()
    row = exchange(X.note_in_review, 60)
    note = Note(exchange=row, title="N", language="en", state=NoteState.in_review)
    note.author, note.reviewer, note.state_since = author, reviewer, NOW
    add(note)
    assert sweep() == [("note_to_review", reviewer.email)]
    note.state, note.state_since = NoteState.drafting, NOW
    db.session.commit()
    assert sweep() == [], "a draft that was never handed in did not come back"
    step = Step(subject_type="note", subject_id=note.id, trigger="return_to_author")
    step.from_state, step.to_state, step.note = "in_review", "drafting", "Add the costs."
    add(step)
    assert sweep() == [("note_returned", author.email)]
    message = db.session.query(Message).filter_by(kind="note_returned").one()
    assert "Add the costs." in message.text


def test_an_action_of_the_road_map_is_asked_before_and_after_its_day(app, clock):
    row = exchange(X.disseminating, 60)
    owner = city()
    action = RoadMapAction(exchange=row, horizon=Horizon.immediate, text="Drain", owner=owner)
    action.due_on = days(7)
    add(action)
    assert {("road_map_action_due", email) for email in coordinators(owner)} == set(sweep())
    clock.shift(timedelta(days=8))
    assert kinds() == ["road_map_action_due"]


def test_a_follow_up_is_asked_twice_and_each_link_opens_the_questions(app, clock):
    learner = city()
    row = exchange(X.following_up_3, 60, learner=learner)
    follow_up = FollowUp(exchange=row, organisation=learner, months=3, due_on=TODAY)
    add(follow_up)
    for shift in (0, 10):
        clock.shift(timedelta(days=shift))
        assert sweep() == [("follow_up", email) for email in coordinators(learner)]
        assert follow_up.state == FollowUpState.asked
        text = db.session.query(Message).order_by(Message.id.desc()).first().text
        path = next(word for word in text.split() if "/f/" in word)
        path = "/f/" + path.rpartition("/f/")[2]
        assert app.test_client().get(path, follow_redirects=True).status_code == 200
    clock.shift(timedelta(days=10))
    assert sweep() == [], "staff find it in their inbox instead"


def test_needs_and_offers_are_told_before_and_after_they_expire(app, clock):
    need, offer = factories.need(organisation=city()), factories.offer(organisation=city())
    for row in (need, offer):
        row.expires_on = days(14)
    old = factories.need(organisation=city(), state=NeedState.expired, state_since=NOW)
    db.session.commit()
    assert set(sweep()) == {
        *(("need_expiring", email) for email in coordinators(need.organisation)),
        *(("offer_expiring", email) for email in coordinators(offer.organisation)),
        *(("need_expired", email) for email in coordinators(old.organisation)),
    }


def proposed_match(answer_by: date, **facts: Any) -> Match:
    """A match between two cities that wait for an answer."""
    need, offer = factories.need(organisation=city()), factories.offer(organisation=city())
    facts.setdefault("state", MatchState.proposed)
    return add(
        Match(
            need=need, offer=offer, holds_place=True, holds_host=True, answer_by=answer_by, **facts
        )
    )


def test_only_the_side_that_has_not_answered_is_asked_about_a_match(app, clock):
    match = proposed_match(days(7))
    both = coordinators(match.need.organisation, match.offer.organisation)
    assert {email for _kind, email in sweep()} == both
    match.state, match.need_answer = MatchState.half_agreed, "accepted"
    db.session.commit()
    clock.shift(timedelta(days=4))
    assert {e for _k, e in sweep()} == coordinators(match.offer.organisation)
    clock.shift(timedelta(days=2))
    assert sweep() == [], "two were not answered: staff are told instead of a third"
    third = db.session.query(Reminder).filter_by(state="skipped").one()
    assert third.reason == "two_unanswered"


# Late work is told upwards


def test_who_does_not_act_is_asked_then_the_association_the_section_and_the_officers(app, clock):
    officer, regional = factories.officer(), factories.section_officer("AFRICA")
    slow = city(sections=("AFRICA",))
    body = factories.association(members=(slow,))
    factories.person(of=body)
    host = city(sections=("AFRICA",))
    row = exchange(X.preparing, 90, learner=slow, host=slow, proposer=slow, due_on=days(-1))
    assert host
    expected = [coordinators(slow), coordinators(body), {regional.email}, {officer.email}]
    for shift, asked in zip((0, 6, 7, 7), expected, strict=True):
        clock.shift(timedelta(days=shift))
        written = [email for kind, email in sweep() if kind == "exchange_overdue"]
        assert set(written) == asked
    levels = db.session.query(Reminder.level).filter_by(kind="exchange_overdue")
    assert {level for (level,) in levels} == set(EscalationLevel)
    assert row.state == X.preparing


@pytest.mark.parametrize(
    "state",
    [
        X.submitted, X.more_information, X.eligible, X.matching, X.match_proposed,
        X.partners_agreed, X.preparing, X.confirmed, X.under_way, X.visited, X.evaluating,
        X.note_drafting, X.note_in_review, X.disseminating, X.following_up_12,
    ],
)  # fmt: skip
def test_whatever_an_exchange_waits_for_somebody_is_told(app, clock, state):
    officer = factories.officer()
    late(state, by=1, host=city(), owner=officer)
    assert "exchange_overdue" in kinds()


def test_a_city_without_a_coordinator_is_asked_through_its_association_then_the_officers(
    app, clock
):
    officer, alone = factories.officer(), factories.organisation()
    factories.person(of=alone, role=Role.member)
    exchange(X.more_information, 0, learner=alone, proposer=alone)
    assert [email for _kind, email in sweep()] == [officer.email]
    body = factories.organisation(kind=OrganisationKind.association)
    speaker = factories.person(of=body)
    add(Membership(member=alone, body=body))
    db.session.expire_all()
    clock.shift(timedelta(days=7))
    assert [email for _kind, email in sweep()] == [speaker.email]


def test_without_anybody_a_reminder_is_skipped_and_says_so(app, clock):
    alone = factories.organisation()
    factories.exchange(state=X.more_information, state_since=NOW, proposer=alone)
    assert sweep() == []
    assert db.session.query(Reminder.reason).filter_by(state="skipped").all() == [
        ("nobody_to_ask",)
    ]
    boss = factories.administrator()
    clock.shift(timedelta(days=7))
    assert [email for _kind, email in sweep()] == [boss.email]


# Never twice, never lost


def test_planning_twice_changes_nothing(app, clock):
    exchange(X.submitted)
    visit(exchange(X.preparing, 40), 30)
    assert plan_now() == 3
    before = [(r.id, r.due_at) for r in db.session.query(Reminder).order_by(Reminder.id)]
    assert plan_now() == 0
    assert before == [(r.id, r.due_at) for r in db.session.query(Reminder).order_by(Reminder.id)]


def test_people_write_while_the_plan_is_worked_out(app, clock, monkeypatch):
    """SQLite has one pen: with very many exchanges whoever plans would hold it for long."""
    exchange(X.submitted)
    changes = planning.changes

    def slowly(at):
        found = changes(at)
        with writing_apart(patience_ms=50) as connection:
            connection.execute(update(Person).values(name="Renamed meanwhile"))
        return found

    monkeypatch.setattr(planning, "changes", slowly)
    assert plan_now() > 0
    db.session.expire_all()
    assert {person.name for person in db.session.query(Person)} == {"Renamed meanwhile"}


def test_sending_twice_writes_once(app, clock):
    exchange(X.submitted)
    assert len(sweep()) == 1
    assert sweep() == []


def test_two_workers_at_once_write_each_message_once(app):
    yesterday = now() - timedelta(days=1)
    for _ in range(10):
        factories.exchange(state=X.submitted, state_since=yesterday, learner=city())
    errors = []

    def work():
        with app.app_context():
            try:
                plan_now()
                send_due()
            except Exception as problem:  # noqa: BLE001 - a thread must not swallow it
                errors.append(problem)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    send_due()
    assert errors == []
    assert db.session.query(Message).filter_by(kind="proposal_received").count() == 10
    sent = db.session.query(Reminder).filter_by(kind="proposal_received", state="sent")
    assert sent.count() == 10


def test_when_the_visit_moves_so_does_the_plan(app, clock):
    row = visit(exchange(X.preparing, 40), 30)
    plan_now()
    row.starts_on, row.ends_on = days(40), days(42)
    db.session.commit()
    plan_now()
    due = {r.kind: r.due_on for r in db.session.query(Reminder)}
    assert due == {"host_report": days(12), "agenda": days(19)}
    row.starts_on, row.ends_on = days(30), days(32)
    db.session.commit()
    plan_now()
    assert {r.kind: r.due_on for r in db.session.query(Reminder)} == {
        "host_report": days(2),
        "agenda": days(9),
    }


def test_what_was_settled_meanwhile_is_skipped_and_says_why(app, clock):
    row = exchange(X.more_information)
    plan_now()
    row.state = X.submitted
    db.session.commit()
    send_due()
    reasons = {r.reason for r in db.session.query(Reminder).filter_by(state="skipped")}
    assert reasons == {"left_state"}
    moved = visit(exchange(X.preparing, 40), 28)
    plan_now()
    moved.starts_on, moved.ends_on = days(60), days(61)
    db.session.commit()
    send_due()
    skipped = db.session.query(Reminder).filter_by(kind="host_report", state="skipped").one()
    assert skipped.reason == "dates_moved"


def test_after_a_week_without_the_program_only_the_last_of_a_kind_goes_out(app, clock):
    match = proposed_match(days(7))
    plan_now()
    clock.shift(timedelta(days=6))
    assert len(sweep()) == 2
    reasons = [r.reason for r in db.session.query(Reminder).order_by(Reminder.due_on)]
    assert reasons == ["overtaken", "overtaken", ""]
    assert match.state == MatchState.proposed


def test_what_is_long_past_is_not_asked_any_more(app, clock):
    row = exchange(X.submitted)
    plan_now()
    clock.shift(timedelta(days=20))
    send_due()
    received = db.session.query(Reminder).filter_by(kind="proposal_received").one()
    assert received.reason == "too_late"
    factories.exchange(state=X.submitted, state_since=NOW - timedelta(days=300), learner=city())
    assert "proposal_received" not in kinds()
    assert row.state == X.submitted


def test_who_acts_within_two_weeks_has_answered(app, clock):
    row, silent = exchange(X.more_information), exchange(X.more_information)
    sweep()
    row.state = X.submitted
    db.session.commit()
    clock.shift(timedelta(hours=3))
    plan_now()
    states = {
        r.subject_id: (r.state, r.answered_at)
        for r in db.session.query(Reminder).filter_by(kind="information_asked", due_on=TODAY)
    }
    assert states == {row.id: ("answered", now()), silent.id: ("sent", None)}


def refuse(_subject):
    """An audience that the database does not let us read."""
    raise OperationalError("SELECT", {}, Exception("gone away"))


def test_a_reminder_that_cannot_be_sent_does_not_stop_the_others(app, clock, monkeypatch):
    exchange(X.partners_agreed), exchange(X.submitted), exchange(X.declined)
    plan_now()
    broken = replace(KINDS["partners_agreed"], audience="unheard_of")
    monkeypatch.setitem(KINDS, "partners_agreed", broken)
    declined = replace(KINDS["proposal_declined"], audience="refused")
    monkeypatch.setitem(KINDS, "proposal_declined", declined)
    monkeypatch.setitem(AUDIENCES, "refused", refuse)
    send_due()
    found = {r.kind: (r.state, r.reason) for r in db.session.query(Reminder) if r.due_at <= NOW}
    assert found == {
        "partners_agreed": (ReminderState.skipped, "fault: KeyError"),
        "proposal_received": (ReminderState.sent, ""),
        "proposal_declined": (ReminderState.planned, ""),
    }


def test_a_reminder_of_a_kind_that_is_gone_says_so(app, clock, monkeypatch):
    exchange(X.submitted)
    plan_now()
    monkeypatch.delitem(KINDS, "proposal_received")
    send_due()
    assert db.session.query(Reminder.reason).filter_by(state="skipped").all() == [("kind_gone",)]


def test_an_officer_takes_a_planned_reminder_back(app, clock):
    visit(exchange(X.preparing, 40), 30)
    plan_now()
    reminder = db.session.query(Reminder).filter_by(kind="agenda").one()
    with transaction():
        step = actions.advance(
            reminder, "skip", actor=factories.officer(), note="They are on holiday."
        )
    assert (step.to_state, reminder.reason) == ("skipped", "by_hand: They are on holiday.")
    plan_now()
    assert db.session.query(Reminder).filter_by(kind="agenda").count() == 1


# Whose morning


@pytest.mark.parametrize(
    ("zone", "begins", "due"),
    [
        # Summer time begins in Madrid on 29 March 2026: eight is still eight.
        ("Europe/Madrid", date(2026, 4, 4), datetime(2026, 3, 28, 7, tzinfo=UTC)),
        ("Europe/Madrid", date(2026, 4, 5), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        ("Asia/Kathmandu", date(2026, 4, 4), datetime(2026, 3, 28, 2, 15, tzinfo=UTC)),
        ("Pacific/Kiritimati", date(2026, 4, 4), datetime(2026, 3, 27, 18, tzinfo=UTC)),
        ("No/Where", date(2026, 4, 4), datetime(2026, 3, 28, 8, tzinfo=UTC)),
    ],
)
def test_eight_in_the_morning_where_the_visit_is(app, clock, zone, begins, due):
    row = exchange(X.confirmed, 40)
    planned = add(Visit(exchange=row, starts_on=begins, ends_on=begins, time_zone=zone))
    guest(planned, ParticipantState.confirmed)
    plan_now()
    reminder = db.session.query(Reminder).filter_by(kind="visit_soon").one()
    assert reminder.due_at == due
    assert reminder.due_on == begins - timedelta(days=7)


def test_a_week_before_the_seventh_of_march_in_a_leap_year_is_the_29th_of_february(app):
    with time_machine.travel(datetime(2028, 2, 20, tzinfo=UTC), tick=False):
        row = factories.exchange(state=X.confirmed)
        day = date(2028, 3, 7)
        guest(add(Visit(exchange=row, starts_on=day, ends_on=day)), ParticipantState.confirmed)
        plan_now()
        reminder = db.session.query(Reminder).filter_by(kind="visit_soon").one()
    assert reminder.due_on == date(2028, 2, 29)


def test_the_day_of_an_instant_is_the_day_of_the_reader(app):
    """Sent at 23:30 in Madrid on Sunday, which is Monday in Tokyo."""
    place = Place(id=-1, name="T", folded_name="t", country_code="JP", lat=0, lon=0, population=1)
    place.time_zone = "Asia/Tokyo"
    with time_machine.travel(datetime(2026, 3, 1, 22, 30, tzinfo=UTC), tick=False):
        factories.exchange(state=X.submitted, learner=city(place=place))
        plan_now()
    reminder = db.session.query(Reminder).filter_by(kind="proposal_received").one()
    assert (reminder.due_on, reminder.due_at) == (TODAY, datetime(2026, 3, 1, 23, tzinfo=UTC))


# What planning costs


@pytest.mark.parametrize("rows", [1, 30])
def test_planning_costs_the_same_however_many_rows(app, clock, statements, rows):
    owner = city()
    for _ in range(rows):
        visit(factories.exchange(state=X.preparing, learner=owner, due_on=days(3)), 30)
    with statements() as seen:
        assert plan_now() == rows * 6
    assert len(seen) <= len(KINDS) + 10
    with statements() as seen:
        assert plan_now() == 0
    assert len(seen) <= len(KINDS) + 9


def test_partners_in_two_roles_are_written_to_once(app, clock):
    both = city()
    row = exchange(X.partners_agreed, host=both, learner=both)
    add(Partner(exchange=row, organisation=both, role=PartnerRole.mentor))
    assert [email for _kind, email in sweep()] == list(coordinators(both))
