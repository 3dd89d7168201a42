"""Follow-ups: planned once, asked by link, answered or counted as silence, until the end."""

from datetime import date, timedelta

import pytest
import time_machine

from exchange.clock import today
from exchange.errors import Invalid
from exchange.exchanges.models import Partner, PartnerRole
from exchange.extensions import db
from exchange.lessons import actions, queries
from exchange.lessons.follow_ups import plan_follow_ups
from exchange.lessons.models import ChangeKind, FollowUp, FollowUpLink, UsedIt
from exchange.steps import steps_of
from tasks import follow_ups as nudges
from tests import factories
from tests.factories import lessons
from workflows.engine import TransitionRefused
from workflows.exchange import ExchangeState as S
from workflows.follow_up import FollowUpState

NOTHING = {"used_it": UsedIt.no}


def following(**facts):
    story = lessons.evaluated(**facts)
    note = lessons.published(story)
    actions.record_dissemination(note, {"channel": "website"}, actor=story.author)
    db.session.commit()
    return story


def of(story, months, organisation=None):
    return [
        row
        for row in story.exchange.follow_ups
        if row.months == months and organisation in (None, row.organisation)
    ]


@time_machine.travel("2026-06-01T09:00Z", tick=False)
def test_every_host_and_learner_that_committed_is_asked_three_times(app):
    story = lessons.evaluated()
    extra = {"facilitator": True, "host": False}
    for role, committed in extra.items():
        partner = Partner(organisation=factories.organisation(), role=PartnerRole(role))
        partner.committed_on = date(2026, 1, 1) if committed else None
        story.exchange.partners.append(partner)
    # One organisation in two roles is asked once.
    both = Partner(organisation=story.host, role=PartnerRole.learner, committed_on=date(2026, 1, 1))
    story.exchange.partners.append(both)
    plan_follow_ups(story.exchange)
    planned = {(f.organisation.name, f.months, f.due_on) for f in story.exchange.follow_ups}
    end = date(2026, 5, 14)
    assert planned == {
        (name, months, end + timedelta(days=days))
        for name in ("Surabaya", "Nampula")
        for months, days in ((3, 90), (6, 180), (12, 365))
    }


@time_machine.travel("2026-06-01T09:00Z", tick=False)
def test_planning_again_adds_nothing_and_follows_a_visit_that_moved(app):
    story = lessons.evaluated()
    plan_follow_ups(story.exchange)
    asked = of(story, 3, story.host)[0]
    actions.ask(asked)
    was_due = asked.due_on
    story.exchange.visits[0].ends_on = date(2026, 5, 24)
    assert plan_follow_ups(story.exchange) == []
    assert asked.due_on == was_due
    assert of(story, 6)[0].due_on == date(2026, 5, 24) + timedelta(days=180)


@time_machine.travel("2027-12-01T09:00Z", tick=False)
def test_what_is_planned_late_is_asked_today_not_never(app):
    story = lessons.evaluated()
    plan_follow_ups(story.exchange)
    assert {f.due_on for f in story.exchange.follow_ups} == {date(2027, 12, 1)}


def test_without_a_visit_the_days_count_from_the_publication(app):
    story = lessons.evaluated()
    story.exchange.visits.clear()
    lessons.published(story)
    assert of(story, 3)[0].due_on == today() + timedelta(days=90)


def test_the_sweep_plans_what_came_into_follow_up_another_way(app):
    story = lessons.evaluated(state=S.following_up_3)
    nudges.sweep.run()
    db.session.expire_all()
    assert len(story.exchange.follow_ups) == 6
    assert actions.plan_missing() == 0


def test_asking_gives_a_secret_that_is_kept_nowhere_and_all_links_live(app):
    follow_up = of(following(), 3)[0]
    first, second = actions.ask(follow_up), actions.ask(follow_up)
    assert follow_up.state == FollowUpState.asked
    assert len(steps_of("follow_up", follow_up.id)) == 1
    assert first != second
    kept = db.session.query(FollowUpLink).all()
    assert not {link.secret_hash for link in kept} & {first, second}
    for secret in (first, second):
        link = queries.link_of(secret)
        assert link.follow_up is follow_up
        assert link.expires_on == today() + timedelta(days=60)
    assert queries.link_of(first[:-1]) is None


def test_an_answer_is_kept_once_and_records_the_change(app):
    story = following()
    follow_up = of(story, 3, story.learner)[0]
    told = {
        "used_it": UsedIt.partly,
        "what_changed": "The council adopted market wardens.",
        "change_kind": ChangeKind.policy,
        "evidence": "https://nampula.example/decree",
        "what_blocked": "",
    }
    actions.answer(follow_up, told, "Ana", actor=story.author)
    assert follow_up.state == FollowUpState.answered
    assert "what_blocked" not in follow_up.answers
    (change,) = story.exchange.recorded_changes
    assert (change.kind, change.organisation) == (ChangeKind.policy, story.learner)
    assert (change.evidence_url, change.follow_up_id) == (told["evidence"], follow_up.id)
    with pytest.raises(TransitionRefused):
        actions.answer(follow_up, NOTHING, "Somebody else")
    assert follow_up.answers["used_it"] == UsedIt.partly
    with pytest.raises(TransitionRefused):
        actions.ask(follow_up)


@pytest.mark.parametrize(
    ("told", "changes"),
    [
        ({"used_it": UsedIt.no, "what_changed": "Nothing"}, 0),
        ({"used_it": UsedIt.yes}, 0),
        ({"used_it": UsedIt.yes, "what_changed": "A form", "evidence": "a photo"}, 1),
    ],
)
def test_only_what_was_used_and_changed_is_recorded(app, told, changes):
    story = following()
    actions.answer(of(story, 3)[0], told, "")
    assert len(story.exchange.recorded_changes) == changes
    assert not any(change.evidence_url for change in story.exchange.recorded_changes)


def test_the_exchange_goes_on_when_all_of_a_period_are_over(app):
    story = following()
    first, second = of(story, 3)
    actions.answer(first, NOTHING, "")
    assert story.exchange.state == S.following_up_3
    actions.ask(second)
    actions.advance_follow_up(second, "count_unanswered", actor=story.officer)
    assert story.exchange.state == S.following_up_6


@pytest.mark.parametrize(
    ("changed", "end"),
    [("A new service", S.closed_with_change), ("", S.closed_without_change)],
)
def test_the_last_answer_closes_the_exchange(app, changed, end):
    story = following()
    early = of(story, 12) + of(story, 6)
    for follow_up in early:
        actions.answer(follow_up, NOTHING, "")
    assert story.exchange.state == S.following_up_3
    told = {"used_it": UsedIt.yes, "what_changed": changed, "change_kind": ChangeKind.service}
    for follow_up in of(story, 3):
        actions.answer(follow_up, told, "")
    assert story.exchange.state == end


def test_silence_counts_after_thirty_days_and_a_late_answer_is_welcome(app):
    with time_machine.travel("2026-09-01T08:00:00Z", tick=False):
        story = following()
        for follow_up in of(story, 3):
            actions.ask(follow_up)
        db.session.commit()
    assert actions.count_unanswered_due(date(2026, 9, 30)) == 0
    assert actions.count_unanswered_due(date(2026, 10, 1)) == 2
    assert actions.count_unanswered_due(date(2026, 10, 1)) == 0
    assert story.exchange.state == S.following_up_6
    late = of(story, 3)[0]
    assert late.state == FollowUpState.unanswered
    secret = actions.ask(late)
    assert late.state == FollowUpState.unanswered
    assert queries.link_of(secret).follow_up is late
    actions.answer(late, {"used_it": UsedIt.yes}, "Late")
    assert late.state == FollowUpState.answered


def test_the_sweep_counts_silence(app):
    with time_machine.travel("2026-01-01T08:00:00Z", tick=False):
        follow_up = of(following(), 3)[0]
        actions.ask(follow_up)
        db.session.commit()
    db.session.remove()
    with time_machine.travel("2026-03-01T08:00:00Z", tick=False):
        nudges.sweep.run()
    rows = db.session.query(FollowUp).filter_by(state=FollowUpState.unanswered)
    assert rows.count() == 1


def test_a_change_belongs_to_a_partner(app):
    story = lessons.evaluated()
    stranger = factories.organisation()
    data = {"organisation_id": stranger.id, "kind": ChangeKind.skills, "text": "x"}
    with pytest.raises(Invalid) as refused:
        actions.record_change(story.exchange, data, actor=story.author)
    assert refused.value.code == "not_partner"
    data["organisation_id"] = story.host.id
    change = actions.record_change(story.exchange, data, actor=story.author)
    assert change.recorded_on == today()
