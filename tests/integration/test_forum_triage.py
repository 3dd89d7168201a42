"""The evening after a forum: notes become something, and a year later one sees what."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from exchange.catalogue.models import Need, Offer
from exchange.clock import today
from exchange.errors import Conflict
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.forums import fates, gathered, triage
from exchange.forums.fates import Fate
from exchange.forums.items import ForumItem, ItemKind
from exchange.forums.triage import Into, title_of
from exchange.matching.models import Match
from exchange.modules.models import ModuleTopic
from exchange.recommendations.models import Recommendation
from exchange.visits.models import Visit
from tests import factories
from workflows.forum_item import ItemState
from workflows.match import MatchState
from workflows.need import NeedState


@pytest.fixture
def city(app):
    return factories.organisation("Nampula")


@pytest.fixture
def note(city):
    made = factories.forum_note("Markets flood. Every year.", organisation=city)
    db.session.commit()
    return made


def test_one_button_makes_a_draft_that_knows_where_it_comes_from(browser, note):
    page = browser.as_(factories.officer())
    assert "Markets flood." in page.get(f"/forums/{note.forum_id}/triage").text
    made = {"need": Need, "offer": Offer, "exchange": Exchange, "topic": ModuleTopic}
    for into, model in made.items():
        answer = page.post(f"/forums/notes/{note.id}/become/{into}")
        assert answer.status_code == 302, into
        row = db.session.query(model).one()
        assert row.title == "Markets flood"
    db.session.expire_all()
    assert note.state == ItemState.taken_up
    need, offer, exchange, topic = (db.session.query(model).one() for model in made.values())
    assert (need.state, need.organisation.name) == ("draft", "Nampula")
    assert exchange.purpose == "Markets flood. Every year."
    for address in (
        f"/needs/{need.id}",
        f"/offers/{offer.id}",
        f"/exchanges/{exchange.id}",
        f"/modules/topics/{topic.id}",
    ):
        shown = page.get(address, follow_redirects=True).text
        assert f"/forums/notes/{note.id}" in shown, address
    shown = page.get(f"/forums/notes/{note.id}").text
    assert f"/needs/{need.id}" in shown, "and the note knows what it became"
    assert "Nothing waits for an answer" in page.get(f"/forums/{note.forum_id}/triage").text


def test_a_note_of_nobody_asks_whose_it_is(browser, city):
    note = factories.forum_note("Buses.")
    db.session.commit()
    page, address = browser.as_(factories.officer()), f"/forums/notes/{note.id}/become/need"
    asked = page.post(address)
    assert asked.status_code == 422
    assert "Whose is it?" in asked.text
    page.post(address, data={"organisation_id": city.id})
    assert db.session.query(Need).one().organisation.name == "Nampula"
    db.session.expire_all()
    assert note.organisation.name == "Nampula"


def test_it_becomes_the_same_thing_once(note):
    officer = factories.officer()
    triage.become(note, Into.topic, actor=officer)
    with pytest.raises(Conflict, match="became_already"):
        triage.become(note, Into.topic, actor=officer)


def test_the_open_need_of_a_note_is_in_the_exchange_that_it_becomes(note):
    officer = factories.officer()
    need = factories.need(organisation=note.organisation, state=NeedState.published)
    triage.attach(note, need, actor=officer)
    exchange = triage.become(note, Into.exchange, actor=officer)
    assert exchange.needs == [need]


def test_a_topic_has_the_tags_of_what_the_note_became_before(browser, note):
    officer = factories.officer()
    bare = triage.become(note, Into.topic, actor=officer)
    db.session.commit()
    assert bare.terms == []
    page = browser.as_(officer)
    assert "It has no themes and no agendas yet" in page.get(f"/modules/topics/{bare.id}").text
    asked = page.get(f"/modules/topics/{bare.id}/edit?suggest=tags")
    assert asked.status_code == 200
    assert 'id="suggestions"' in asked.text
    other = factories.forum_note("Roads wash away.", organisation=note.organisation)
    need = factories.need(organisation=note.organisation, state=NeedState.published)
    triage.attach(other, need, actor=officer)
    topic = triage.become(other, Into.topic, actor=officer)
    assert [term.code for term in topic.terms] == ["mobility"], "languages are no tags of topics"


def test_with_an_owner_and_a_day_it_is_a_commitment(browser, note):
    page, address = browser.as_(factories.officer()), f"/forums/notes/{note.id}/commit"
    assert 'value="Markets flood"' in page.get(address).text
    sent = {"title": "Drain them", "language": "en", "about": "policy", "scale": "local"}
    sent |= {"owner_id": str(note.organisation_id), "due_on": str(today() + timedelta(days=90))}
    page.post(address, data=sent)
    row = db.session.query(Recommendation).one()
    assert (row.state, row.owner.name) == ("committed", "Nampula")
    shown = page.get(f"/recommendations/{row.id}").text
    assert f"/forums/notes/{note.id}" in shown
    assert page.post(address, data=sent).status_code == 409


def test_members_see_what_became_and_decide_nothing(browser, note, city):
    page = browser.as_(factories.person(of=city, role="coordinator"))
    assert page.get(f"/forums/{note.forum_id}/after").status_code == 200
    assert page.get(f"/forums/{note.forum_id}/triage").status_code == 403
    assert page.post(f"/forums/notes/{note.id}/become/need").status_code == 403


def _goes_far(note, stage):
    """Bring a note as far as ``stage`` of the way to a visit."""
    officer = factories.officer()
    if stage >= 1:
        need = factories.need(organisation=note.organisation, state=NeedState.published)
        triage.attach(note, need, actor=officer)
    if stage >= 2:
        match = Match(need=need, offer=factories.offer(), state=MatchState.agreed)
        match.holds_place = match.holds_host = True
        db.session.add(match)
    if stage >= 3:
        match.exchange = factories.exchange(learner=note.organisation)
    if stage >= 4:
        visit = Visit(exchange=match.exchange, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 2))
        visit.place, visit.attendance_recorded_on = "Durban", date(2026, 3, 3)
        db.session.add(visit)
    db.session.flush()


def test_a_year_later_the_page_says_how_far_each_came(browser, city):
    first = factories.forum_note("Zero.", organisation=city)
    for stage in range(1, 5):
        facts = {"kind": ItemKind.need, "language": "en", "key": f"stage-{stage}"}
        note = ForumItem(forum=first.forum, text=f"Stage {stage}", organisation=city, **facts)
        db.session.add(note)
        _goes_far(note, stage)
    db.session.commit()
    found = fates.counts(first.forum)
    assert [found[fate] for fate in fates.WAY] == [5, 4, 4, 3, 2, 1]
    assert found[Fate.waits] == 1
    page = browser.as_(factories.officer())
    shown = page.get(f"/forums/{first.forum_id}/after").text
    assert "Led to a visit" in shown
    listed = page.get(f"/forums/{first.forum_id}/notes?fate=visited").text
    assert "Stage 4" in listed
    assert "Stage 3" not in listed
    told = browser.api(factories.officer()).get(f"/api/v1/forums/{first.forum_id}/fates").json
    assert told["visited"] == 1


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(stages=st.lists(st.integers(0, 4), max_size=4))
def test_each_figure_is_the_count_of_the_rows_that_it_opens(app, stages):
    city = factories.organisation()
    first = factories.forum_note("First.", organisation=city)
    for nth, stage in enumerate(stages):
        kind = list(ItemKind)[nth % len(ItemKind)]
        facts = {"kind": kind, "language": "en", "key": f"stage-{nth}-{stage}"}
        note = ForumItem(forum=first.forum, text="x", organisation=city, **facts)
        db.session.add(note)
        _goes_far(note, stage)
    own = select(ForumItem).where(ForumItem.forum_id == first.forum_id)
    by_kind = fates.by_kind(first.forum)
    for fate, number in fates.counts(first.forum).items():
        rows = gathered.listed(fates.narrowed(own, fate), {})
        assert db.session.scalar(select(func.count()).select_from(rows.subquery())) == number
        if fate in fates.WAY:
            assert sum(found[fate] for found in by_kind.values()) == number
    db.session.rollback()


def test_the_api_makes_and_commits(browser, note):
    client, address = browser.api(factories.officer()), f"/api/v1/forums/notes/{note.id}"
    made = client.post(f"{address}/become", json={"into": "need"}).json
    assert [one["noun"] for one in made["became"]] == ["need"]
    assert client.post(f"{address}/become", json={"into": "need"}).status_code == 409
    sent = {"title": "Drain", "language": "en", "about": "method", "scale": "world"}
    taken = client.post(f"{address}/commit", json=sent).json
    assert taken["became"][-1]["state"] == "proposed"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Markets flood. Every year.", "Markets flood"),
        ("One line\nand another", "One line"),
        ("word " * 60, ("word " * 23 + "word …")),
    ],
)
def test_the_title_is_the_first_sentence(text, title):
    assert title_of(text) == title
