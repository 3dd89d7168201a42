"""The log of challenges: named by a section, answered until a day, joined to what answers it."""

from datetime import timedelta

import pytest

from exchange.challenges import actions
from exchange.challenges.models import AnswerKind, Challenge
from exchange.clock import today
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.forums.items import ItemKind
from exchange.modules.models import ModuleTopic
from exchange.reminders.audience import asked_of
from exchange.reminders.kinds import KINDS
from exchange.reminders.models import EscalationLevel, Reminder
from exchange.reminders.send import plan_now
from exchange.reminders.subjects import asking
from tests import factories
from workflows.challenge import CHALLENGE
from workflows.challenge import ChallengeState as S
from workflows.engine import TransitionRefused


@pytest.fixture
def section(app):
    return factories.organisation("UCLG Africa", kind="section", sections=("AFRICA",))


def _written(section, **facts):
    data = {
        "text": "Thirty wanted a review, five got one.",
        "language": "en",
        "organisation_id": section.id,
        "said_on": today(),
    }
    row = actions.write({**data, **facts}, actor=factories.officer())
    db.session.commit()
    return row


NONE = {"answer": AnswerKind.none, "reason": "It is for the states."}


@pytest.mark.parametrize(
    ("trigger", "source", "facts", "dest"),
    [
        ("answer", S.open, NONE, S.answered),
        ("answer", S.open, {"answer": AnswerKind.lab, "lab_url": "https://x.org"}, S.answered),
        ("answer", S.open, {"answer": AnswerKind.exchange}, "an_answer_is_named"),
        ("answer", S.open, {"answer": AnswerKind.none}, "an_answer_is_named"),
        ("answer", S.open, {}, "an_answer_is_named"),
        ("answer", S.set_aside, NONE, "no_such_move"),
        ("set_aside", S.open, {}, S.set_aside),
        ("set_aside", S.answered, NONE, "no_such_move"),
        ("reopen", S.set_aside, {}, S.open),
        ("reopen", S.answered, NONE, S.open),
    ],
    ids=str,
)
def test_the_table(trigger, source, facts, dest):
    made = Challenge(state=source, **{"reason": "", "lab_url": "", **facts})
    if dest in list(S):
        assert CHALLENGE.fire(trigger, made) == (source, dest)
    else:
        with pytest.raises(TransitionRefused):
            CHALLENGE.fire(trigger, made)
        assert CHALLENGE.unmet(trigger, made) == (dest,)


def test_a_section_officer_names_a_challenge_and_an_exchange_answers_it(browser, section):
    exchange = factories.exchange(state="visited")
    officer = browser.as_(factories.section_officer())
    sent = {
        "text": "Who follows the trainers?",
        "language": "en",
        "organisation_id": str(section.id),
        "said_on": str(today()),
        "due_on": str(today()),
    }
    page = officer.post("/challenges/new", data=sent, follow_redirects=True)
    assert "Who follows the trainers?" in page.text
    row = db.session.query(Challenge).one()
    asked = {"answer": "exchange", "reference": ""}
    refused = officer.post(f"/challenges/{row.id}/answer", data=asked)
    assert refused.status_code == 422
    assert "This answer asks for it." in refused.text
    asked["reference"] = exchange.reference.lower()
    page = officer.post(f"/challenges/{row.id}/answer", data=asked, follow_redirects=True)
    assert exchange.reference in page.text
    db.session.expire_all()
    assert row.state == S.answered
    assert "Who follows the trainers?" in officer.get(f"/exchanges/{exchange.id}").text


def test_nobody_writes_or_answers_for_a_section_that_is_not_theirs(browser, section):
    row = _written(section)
    city = factories.organisation("Lyon", sections=("EUROPE",))
    for other in (
        factories.section_officer("EUROPE"),
        factories.person(of=city, role="coordinator"),
    ):
        there = browser.as_(other)
        assert there.get(f"/challenges/{row.id}").status_code == 200
        assert there.get(f"/challenges/{row.id}/edit").status_code == 403
        answer = there.post(f"/challenges/{row.id}/answer", data={"answer": "none", "reason": "x"})
        assert answer.status_code == 403
        sent = {"text": "x", "language": "en", "organisation_id": section.id}
        api = browser.api(other).post("/api/v1/challenges", json={**sent, "said_on": "2024-01-02"})
        assert api.status_code == 422
        assert "organisation_id" in api.text


def test_a_challenge_is_taken_from_a_note_of_a_forum_and_both_say_so(browser, section):
    item = factories.forum_note("Nobody follows the trainers.", kind=ItemKind.challenge)
    item.organisation_id = section.id
    db.session.commit()
    staff = browser.as_(factories.officer())
    assert "log of challenges" in staff.get(f"/forums/notes/{item.id}").text
    form = staff.get(f"/challenges/new?item={item.id}").text
    assert "Nobody follows the trainers." in form
    sent = {
        "text": item.text,
        "language": "en",
        "organisation_id": str(section.id),
        "said_on": str(today()),
    }
    staff.post(f"/challenges/new?item={item.id}", data=sent)
    row = db.session.query(Challenge).one()
    assert row.forum_item_id == item.id
    assert f"/forums/notes/{item.id}" in staff.get(f"/challenges/{row.id}").text
    assert f"/challenges/{row.id}" in staff.get(f"/forums/notes/{item.id}").text


def test_the_officer_of_the_section_is_asked_when_the_day_has_passed(section):
    officer = factories.section_officer()
    row = _written(section, due_on=today() + timedelta(days=3))
    kind = KINDS["challenge_to_answer"]
    assert [one.id for one in asking(kind)] == [row.id]
    plan_now()
    due = db.session.query(Reminder).filter_by(kind=kind.name).all()
    assert {(r.due_on - row.due_on).days: r.level for r in due} == {
        1: EscalationLevel.owner,
        14: EscalationLevel.owner,
        21: EscalationLevel.officer,
    }
    asked = asked_of(kind.audience, row, EscalationLevel.owner)
    assert [one.reader for one in asked] == [officer]
    actions.answer(row, NONE, actor=officer)
    assert asking(kind) == []


def test_an_answer_is_corrected_and_what_it_no_longer_says_is_gone(section):
    row = _written(section)
    topic = ModuleTopic(title="Peer review", language="en")
    db.session.add(topic)
    db.session.flush()
    actor = factories.officer()
    actions.answer(row, {"answer": AnswerKind.module_topic, "topic_id": topic.id}, actor=actor)
    assert row.topic is topic
    actions.answer(row, NONE, actor=actor)
    assert (row.topic_id, row.state, row.answer) == (None, S.answered, AnswerKind.none)
    for wrong, reason in (
        ({"answer": AnswerKind.module_topic, "topic_id": 999}, "no_such_topic"),
        ({"answer": AnswerKind.exchange, "reference": "PX-1900-1"}, "no_such_exchange"),
        ({"answer": AnswerKind.lab}, "answer_asks_for_it"),
    ):
        with pytest.raises(Invalid, match=reason):
            actions.answer(row, wrong, actor=actor)


def test_the_log_is_narrowed_in_the_same_way_on_both_faces(browser, section):
    late = _written(section, text="Late", due_on=today() - timedelta(days=1))
    elsewhere = factories.organisation("CEMR", kind="section", sections=("EUROPE",))
    other = _written(elsewhere, text="Elsewhere")
    actions.answer(other, NONE, actor=factories.officer())
    db.session.commit()
    api = browser.api(factories.person())
    page = browser.as_(factories.person())
    for query, found in (
        ("overdue=yes", {late.id}),
        ("section=EUROPE", {other.id}),
        ("state=answered&answer=none", {other.id}),
        ("q=late", {late.id}),
        (f"organisation_id={section.id}", {late.id}),
    ):
        rows = api.get(f"/api/v1/challenges?{query}").json["items"]
        assert {one["id"] for one in rows} == found, query
        text = page.get(f"/challenges?{query}").text
        assert all(f"/challenges/{one}" in text for one in found), query


def test_the_interface_writes_answers_and_moves(browser, section):
    api = browser.api(factories.section_officer())
    data = {"text": "A", "language": "en", "organisation_id": section.id, "said_on": "2024-01-02"}
    made = api.post("/api/v1/challenges", json=data)
    assert made.status_code == 201
    address = f"/api/v1/challenges/{made.json['id']}"
    assert api.patch(address, json={"text": "B"}).json["text"] == "B"
    done = api.put(f"{address}/answer", json={"answer": "none", "reason": "Not ours."})
    assert done.json["state"] == "answered"
    back = api.post(f"{address}/steps", json={"trigger": "reopen", "note": "It is ours."})
    assert back.status_code == 201
    assert api.get(address).json["state"] == "open"
