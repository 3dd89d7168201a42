"""A peer-learning note: assembled, written, reviewed, published with its number."""

import threading
from datetime import date, time

import pytest

from exchange.errors import Conflict, Invalid, NotAllowed
from exchange.extensions import db
from exchange.labels.notes import words_in
from exchange.lessons import actions, queries
from exchange.lessons.actions import slug_of
from exchange.lessons.assemble import Assembly, plain
from exchange.lessons.models import Horizon, Note, NotePart
from exchange.steps import steps_of
from exchange.transaction import transaction
from exchange.visits.models import (
    Evaluation,
    Participant,
    PreparationSheet,
    SessionKind,
    SheetKind,
    VisitMode,
    VisitSession,
)
from tests import factories
from tests.factories import lessons
from workflows.engine import TransitionRefused
from workflows.exchange import ExchangeState as S
from workflows.note import NoteState
from workflows.road_map_action import RoadMapState


def _rich_story():
    story = lessons.evaluated(concept_note="Three days in the field.", language="fr")
    exchange, visit = story.exchange, story.exchange.visits[0]
    exchange.terms += [
        factories.term("sdg_target", "11.5"),
        factories.term("format", "study-visit"),
    ]
    visit.description = "Two delegations meet."
    when = {"starts_at": time(9), "ends_at": time(10)}
    for kind, title in (
        ("context", "How drains work"),
        ("field_visit", "Keputih"),
        ("pause", "Tea"),
    ):
        session = VisitSession(day=date(2026, 5, 13), title=title, kind=SessionKind(kind), **when)
        session.place = "Site"
        visit.sessions.append(session)
    ana = Participant(organisation_id=story.learner.id, name="Ana Secret", email="ana@x.org")
    ana.sheet = PreparationSheet(
        kind=SheetKind.practice,
        title="Market wardens",
        problem="Mud",
        what_was_done="Hired wardens",
    )
    bao = Participant(organisation_id=story.host.id, name="Bao Secret", email="bao@x.org")
    bao.sheet = PreparationSheet(kind=SheetKind.challenge, title="A challenge of ours")
    visit.participants += [ana, bao]
    question = next(q for q in _questions() if q.facts["kind"] == "text")
    scale = next(q for q in _questions() if q.facts["kind"] == "scale")
    said = {question.code: "We will copy the wardens.\nSoon.", scale.code: 5}
    visit.evaluations.append(Evaluation(participant=ana, role="participant", answers=said))
    db.session.commit()
    return story


def _questions():
    from exchange.vocabularies.queries import terms_of

    return terms_of("evaluation_question")


def test_a_note_begins_with_what_the_exchange_holds(app):
    story = _rich_story()
    lessons.road_map(story)
    with app.test_request_context():
        note = actions.begin_note(story.exchange, actor=story.author, words=words_in("fr"))
    parts = note.parts
    assert parts["heading"] == "Surabaya, mai 2026"
    assert (
        "**Hôte**\N{NO-BREAK SPACE}: Surabaya" in parts["credits"]
        or "**Host**: Surabaya" in parts["credits"]
    )
    assert parts["introduction"] == "Two delegations meet."
    assert parts["context"].endswith("Three days in the field.")
    assert "# Market wardens (Nampula)" in parts["practices"]
    assert "Hired wardens" in parts["practices"]
    assert "A challenge of ours" not in parts["practices"]
    assert parts["field_visits"] == "# Keputih\n\nSite, 13 mai 2026"
    assert "- How drains work" in parts["method"]
    assert "Tea" not in parts["method"]
    assert "- We will copy the wardens.\n  Soon." in parts["reflections"]
    assert "Clean the drains before the rains (Nampula, 1 octobre 2026)" in parts["road_map"]
    assert "11.5 " in parts["tags"]
    assert not {"foreword", "recommendations"} & parts.keys()


def test_no_name_of_a_person_gets_into_a_note(app):
    note = actions.begin_note(_rich_story().exchange, actor=None)
    assert not any("Secret" in text for text in note.parts.values())


def test_beginning_a_note_takes_the_exchange_along_and_happens_once(app):
    story = lessons.evaluated()
    note = actions.begin_note(story.exchange, actor=story.author)
    assert story.exchange.state == S.note_drafting
    assert actions.begin_note(story.exchange, actor=story.officer) is note
    assert note.author is story.author


@pytest.mark.parametrize(
    ("state", "missing"),
    [
        (S.visited, ("evaluation_is_open",)),
        (S.draft, ("evaluation_is_open",)),
        (S.cancelled, ()),
        (S.declined, ()),
    ],
)
def test_no_note_before_the_visit_is_evaluated(app, state, missing):
    story = lessons.evaluated(state=state)
    with pytest.raises(TransitionRefused) as refused:
        actions.begin_note(story.exchange, actor=story.author)
    assert refused.value.reasons == missing
    assert story.exchange.note is None


def test_an_online_exchange_names_no_place_and_an_unknown_language_writes_english_dates(app):
    story = lessons.evaluated(language="qaa")
    visit = story.exchange.visits[0]
    visit.mode, visit.place = VisitMode.online, ""
    assert Assembly(story.exchange, "qaa").part(NotePart.heading) == "Online, May 2026"
    story.exchange.visits.clear()
    assert Assembly(story.exchange, "en").part(NotePart.heading) == ""
    assert plain("technical_partner") == "Technical partner"


def test_words_for_a_note_fall_back_to_english(app):
    with app.test_request_context():
        assert words_in("de")(Horizon.immediate) == "Immediate"
        assert words_in("en")("themes") == "Themes"


def test_bringing_a_part_in_again_keeps_what_was_typed(app):
    story = lessons.evaluated()
    note = actions.begin_note(story.exchange, actor=story.author)
    actions.edit_part(note, NotePart.road_map, "We promise:", actor=story.author)
    actions.assemble_part(note, NotePart.road_map, actor=story.author)
    assert note.parts["road_map"] == "We promise:"
    lessons.road_map(story)
    for _ in range(2):
        actions.assemble_part(note, NotePart.road_map, actor=story.author)
        assert note.parts["road_map"].startswith("We promise:\n\n# Immediate")
        assert note.parts["road_map"].count("Clean the drains") == 1
    actions.assemble_part(note, NotePart.road_map, actor=story.author, replace=True)
    assert note.parts["road_map"].startswith("# Immediate")


def test_two_people_write_the_same_part_and_the_second_is_told(app):
    story = lessons.evaluated()
    note = actions.begin_note(story.exchange, actor=story.author)
    seen = actions.seen_mark(note, NotePart.context)
    actions.edit_part(note, NotePart.context, "First", actor=story.author, seen=seen)
    actions.edit_part(note, NotePart.method, "Another part", actor=story.author)
    with pytest.raises(Conflict):
        actions.edit_part(note, NotePart.context, "Second", actor=story.author, seen=seen)
    assert note.parts["context"] == "First"


def test_a_note_goes_from_author_to_reviewer_and_back_with_its_exchange(app):
    story = lessons.evaluated()
    note = actions.begin_note(story.exchange, actor=story.author)
    with pytest.raises(TransitionRefused) as refused:
        actions.advance_note(note, "submit", actor=story.author)
    assert set(refused.value.reasons) == {"note_is_complete", "note_has_a_reviewer"}
    lessons.written(story)
    actions.advance_note(note, "submit", actor=story.author)
    assert story.exchange.state == S.note_in_review
    with pytest.raises(Invalid):
        actions.advance_note(note, "return_to_author", actor=story.officer)
    actions.advance_note(note, "return_to_author", actor=story.officer, note="Say more on cost.")
    assert (note.state, story.exchange.state) == (NoteState.drafting, S.note_drafting)
    assert steps_of("exchange", story.exchange.id)[0].note == "Say more on cost."


def test_publishing_is_refused_as_a_whole_while_the_road_map_lacks_owners(app):
    story = lessons.evaluated()
    note = lessons.written(story)
    with transaction():
        actions.advance_note(note, "submit", actor=story.author)
        data = {"text": "Somebody should", "horizon": Horizon.long_term}
        action = actions.add_road_map_action(story.exchange, data, actor=story.author)
    with pytest.raises(TransitionRefused) as refused, transaction():
        actions.advance_note(note, "publish", actor=story.officer)
    assert refused.value.reasons == ("road_map_has_owners",)
    assert (note.state, note.number, note.published_on) == (NoteState.in_review, None, None)
    assert story.exchange.state == S.note_in_review
    assert not story.exchange.follow_ups
    with transaction():
        found = {"owner_id": story.learner.id, "due_on": date(2027, 1, 1)}
        actions.edit_road_map_action(action, found, actor=story.author)
        actions.advance_note(note, "publish", actor=story.officer)
    assert (note.number, note.slug) == (34, "pln-34-markets-that-do-not-flood")
    assert story.exchange.state == S.disseminating
    assert len(story.exchange.follow_ups) == 6


def test_a_late_note_of_a_closed_exchange_leaves_it_where_it_is(app):
    story = lessons.evaluated(state=S.closed_with_change)
    note = lessons.published(story)
    assert note.number == 34
    assert story.exchange.state == S.closed_with_change


def test_numbers_go_on_from_the_highest_one(app):
    first = lessons.published()
    db.session.add(_note_with_number(50))
    db.session.commit()
    assert [first.number, lessons.published().number] == [34, 51]


def _note_with_number(number):
    story = lessons.evaluated()
    return Note(
        exchange_id=story.exchange.id,
        title="Old",
        language="en",
        number=number,
        slug=f"pln-{number}",
        state=NoteState.published,
        published_on=date(2020, 1, 1),
    )


def test_two_notes_published_at_once_get_two_numbers(app):
    ready = []
    for _ in range(4):
        story = lessons.evaluated()
        note = lessons.written(story)
        lessons.road_map(story)
        actions.advance_note(note, "submit", actor=story.author)
        db.session.commit()
        ready.append(note.id)
    db.session.remove()  # else this thread holds the write lock of SQLite
    start, failures = threading.Barrier(4), []

    def publish(note_id):
        try:
            with app.app_context():
                start.wait()
                with transaction():
                    actions.advance_note(db.session.get(Note, note_id), "publish", actor=None)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test tells it
            failures.append(problem)

    threads = [threading.Thread(target=publish, args=(note_id,)) for note_id in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert sorted(db.session.get(Note, note_id).number for note_id in ready) == [34, 35, 36, 37]


def test_a_number_taken_meanwhile_is_not_taken_twice(app, monkeypatch):
    story = lessons.evaluated()
    note = lessons.written(story)
    lessons.road_map(story)
    actions.advance_note(note, "submit", actor=story.author)
    db.session.add(_note_with_number(34))
    db.session.commit()
    looks, scalar = [], db.session.scalar

    def look(query):
        if "max(note.number)" not in str(query):
            return scalar(query)
        looks.append(scalar(query))
        return looks[-1] if len(looks) > 1 else 33  # the first look came before the other commit

    monkeypatch.setattr(db.session, "scalar", look)
    with transaction():
        actions.advance_note(note, "publish", actor=story.officer)
    assert note.number == 35
    assert looks == [34, 34]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("São Paulo: água", "pln-40-sao-paulo-agua"),
        ("مدن", "pln-40"),
        ("x" * 300, "pln-40-" + "x" * 93),
    ],
)
def test_addresses_are_plain(title, slug):
    assert slug_of(40, title) == slug


def test_who_may_write_when(app):
    story = lessons.evaluated()
    note = lessons.written(story)
    actions.advance_note(note, "submit", actor=story.author)
    with pytest.raises(NotAllowed):
        actions.edit_note(note, {"title": "Mine again"}, actor=story.author)
    reviewer = factories.person(of=story.host)
    actions.edit_note(note, {"reviewer_id": reviewer.id}, actor=story.officer)
    actions.edit_note(note, {"title": "Better"}, actor=reviewer)
    lessons.road_map(story)
    actions.advance_note(note, "publish", actor=reviewer)
    with pytest.raises(NotAllowed):
        actions.edit_note(note, {"title": "Mine again"}, actor=reviewer)
    with pytest.raises(Invalid) as incomplete:
        actions.edit_note(note, {"parts": {"context": " "}}, actor=story.officer)
    assert incomplete.value.code == "note_incomplete"


def test_a_stranger_cannot_be_reviewer(app):
    story = lessons.evaluated()
    note = actions.begin_note(story.exchange, actor=story.author)
    stranger = factories.person(of=factories.organisation())
    for person_id in (stranger.id, 10_000):
        with pytest.raises(Invalid):
            actions.edit_note(note, {"reviewer_id": person_id}, actor=story.author)
    assert {p.id for p in queries.insiders(story.exchange)} >= {story.author.id, story.officer.id}
    assert stranger not in queries.insiders(story.exchange)


def test_a_road_map_action_is_begun_done_reopened_and_dropped_with_a_reason(app):
    story = lessons.evaluated()
    lessons.road_map(story)
    (action,) = story.exchange.road_map_actions
    for trigger, state in (("begin", "under_way"), ("finish", "done"), ("reopen", "under_way")):
        actions.advance_road_map_action(action, trigger, actor=story.author)
        assert action.state == state
    with pytest.raises(Invalid):
        actions.advance_road_map_action(action, "drop", actor=story.author)
    actions.advance_road_map_action(action, "drop", actor=story.author, note="No budget.")
    assert action.state == RoadMapState.dropped


def test_the_owner_of_an_action_takes_part(app):
    story = lessons.evaluated()
    stranger = factories.organisation()
    data = {"text": "x", "horizon": Horizon.immediate, "owner_id": stranger.id}
    with pytest.raises(Invalid) as refused:
        actions.add_road_map_action(story.exchange, data, actor=story.author)
    assert (refused.value.field, refused.value.code) == ("owner_id", "not_partner")


def test_there_is_one_transferability_sheet(app):
    story = lessons.evaluated()
    first = actions.save_transferability(story.exchange, {"adapt": "Rules"}, actor=story.author)
    again = actions.save_transferability(story.exchange, {"reuse": "Form"}, actor=story.author)
    assert first is again
    assert (again.adapt, again.reuse) == ("Rules", "Form")


def test_the_first_channel_opens_the_follow_up(app):
    story = lessons.evaluated()
    draft = lessons.written(story)
    data = {"channel": "website", "reach": 40}
    with pytest.raises(Invalid) as refused:
        actions.record_dissemination(draft, data, actor=story.author)
    assert refused.value.code == "not_published"
    note = lessons.published(story)
    with pytest.raises(Invalid):
        actions.record_dissemination(note, {"channel": "pigeon"}, actor=story.author)
    actions.record_dissemination(note, data, actor=story.author)
    assert story.exchange.state == S.following_up_3
    actions.record_dissemination(note, {"channel": "press"}, actor=story.author)
    assert [row.channel.code for row in note.disseminations] == ["website", "press"]
