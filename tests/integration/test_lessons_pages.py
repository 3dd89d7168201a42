"""The pages of lessons: the public library, the desk of a note, the link that answers."""

import re
from datetime import date, timedelta

import pytest

from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.lessons import actions
from exchange.lessons.models import FollowUp, FollowUpLink, Horizon, Note
from tests import factories
from tests.factories import lessons
from workflows.exchange import ExchangeState as S
from workflows.follow_up import FollowUpState
from workflows.note import NoteState


def seen_in(page):
    return re.search(r'name="seen" value="([^"]*)"', page.text).group(1)


def version_in(page):
    return re.search(r'name="version_id" value="([^"]*)"', page.text).group(1)


def test_anybody_reads_what_is_published_and_nothing_else(browser):
    story = lessons.evaluated()
    note = lessons.published(story, title="Águas de Nampula")
    actions.save_transferability(story.exchange, {"what_failed": "Pumps"}, actor=story.author)
    change = {"organisation_id": story.learner.id, "kind": "policy", "text": "A by-law"}
    actions.record_change(story.exchange, change, actor=story.author)
    other = lessons.written(lessons.evaluated(), title="Still a draft")
    db.session.commit()
    visitor = browser.as_()
    library = visitor.get("/en/lessons")
    assert library.status_code == 200
    assert "Águas de Nampula" in library.text
    assert "Still a draft" not in library.text
    page = visitor.get(f"/en/lessons/{note.slug}")
    assert page.status_code == 200
    for shown in ("Peer-Learning Note 34", "Pumps", "A by-law", "Clean the drains", "Surabaya"):
        assert shown in page.text
    assert "/notes/" not in page.text
    assert story.author.email not in page.text
    assert visitor.get("/en/lessons/pln-99").status_code == 404
    assert "/sign-in" in visitor.get(f"/notes/{other.id}").location
    assert "/sign-in" in visitor.get("/notes").location
    assert 'href="/en/lessons"' in visitor.get("/en/").text


NARROWED = {
    "": True,
    "theme=mobility": True,
    "theme=health": False,
    "sdg=11": True,
    "sdg=11.5": True,
    "sdg=1": False,
    "country=ID": True,
    "country=FR": False,
    "language=en": True,
    "language=fr": False,
    "q=DRAIN": True,
    "q=égouts": True,
    "q=nampula": True,
    "q=100%25": False,
}


def test_the_library_is_narrowed(browser):
    story = lessons.evaluated()
    story.exchange.terms.append(factories.term("sdg_target", "11.5"))
    lessons.published(story, title="Drains", parts={"foreword": "Les égouts"})
    visitor = browser.as_()
    found = {query: "Drains" in visitor.get(f"/en/lessons?{query}").text for query in NARROWED}
    assert found == NARROWED


def test_lists_cost_the_same_however_many(browser, statements):
    costs = {"/en/lessons": [], "/notes": [], "/follow-ups": [], "/api/v1/notes": []}
    officer = factories.officer()
    clients = {path: browser.as_(officer) for path in costs}
    clients["/api/v1/notes"] = browser.api(officer)
    for more in (1, 2, 6):
        for _ in range(more):
            lessons.published()
        for path, seen_costs in costs.items():
            clients[path].get(path)
            with statements() as seen:
                assert clients[path].get(path).status_code == 200
            seen_costs.append(len(seen))
    assert all(len(set(seen_costs)) == 1 for seen_costs in costs.values()), costs


def test_one_note_costs_the_same_however_much_it_tells(browser, statements):
    story = lessons.evaluated()
    note = lessons.published(story)
    visitor, costs = browser.as_(), []
    for more in (1, 4):
        for number in range(more):
            data = {"text": f"Act {number}", "horizon": Horizon.long_term}
            data["owner_id"] = factories.organisation().id
            story.exchange.partners.append(_partner(data["owner_id"]))
            db.session.commit()
            actions.add_road_map_action(story.exchange, data, actor=story.author)
        db.session.commit()
        visitor.get(f"/en/lessons/{note.slug}")
        with statements() as seen:
            visitor.get(f"/en/lessons/{note.slug}")
        costs.append(len(seen))
    assert costs[0] == costs[1]


def _partner(organisation_id):
    from exchange.exchanges.models import Partner, PartnerRole

    return Partner(organisation_id=organisation_id, role=PartnerRole.technical_partner)


def test_an_author_begins_writes_and_hands_in_and_a_reviewer_publishes(browser):
    story = lessons.evaluated()
    page, review = browser.as_(story.author), browser.as_(story.officer)
    begun = page.post(f"/exchanges/{story.exchange.id}/note", follow_redirects=True)
    assert "The note is begun" in begun.text
    note = db.session.query(Note).one()
    desk = f"/notes/{note.id}"
    form = page.get(f"{desk}/edit")
    sent = {
        "title": "Wardens",
        "language": "en",
        "author_id": story.author.id,
        "reviewer_id": story.officer.id,
        "version_id": version_in(form),
    }
    assert page.post(f"{desk}/edit", data=sent).status_code == 302
    for part in ("introduction", "context", "practices", "reflections", "recommendations"):
        seen = seen_in(page.get(f"{desk}/parts/{part}"))
        sent = {"text": f"# {part}\n\n<script>alert(1)</script>", "seen": seen}
        assert page.post(f"{desk}/parts/{part}", data=sent).status_code == 302
    shown = page.get(desk).text
    assert "<h3>practices</h3>" in shown
    assert "<script>alert" not in shown
    step = {"trigger": "submit", "expected_state": "drafting"}
    assert "In review" in page.post(f"{desk}/move", data=step, follow_redirects=True).text
    refused = review.post(f"{desk}/move", data={"trigger": "publish"})
    assert refused.status_code == 409
    assert "Give every action of the road map an owner and a date." in refused.text
    lessons.road_map(story)
    assert review.post(f"{desk}/move", data={"trigger": "publish"}).status_code == 302
    assert browser.as_().get("/en/lessons/pln-34-wardens").status_code == 200
    channel = {"channel": "website", "happened_on": "2026-06-01", "reach": "12"}
    done = page.post(f"{desk}/dissemination", data=channel, follow_redirects=True)
    assert "12 people reached" in done.text
    assert db.session.get(Exchange, story.exchange.id).state == S.following_up_3


def test_forms_of_a_note_keep_what_was_typed(browser):
    story = lessons.evaluated()
    note = lessons.published(story)
    page = browser.as_(story.officer)
    for path in ("edit", "dissemination"):
        form = page.get(f"/notes/{note.id}/{path}")
        sent = {"title": "", "remark": "Kept", "version_id": "1"}
        assert form.status_code == 200
        assert page.post(f"/notes/{note.id}/{path}", data=sent).status_code == 422
    assert "Kept" in page.post(f"/notes/{note.id}/dissemination", data={"remark": "Kept"}).text
    too_long = page.post(f"/notes/{note.id}/parts/context", data={"text": "x" * 60_001})
    assert too_long.status_code == 422
    other = {"text": "Mine", "seen": "0ther-mark"}
    stale = page.post(f"/notes/{note.id}/parts/context", data=other)
    assert stale.status_code == 409
    assert "Mine" in stale.text
    assert "0ther-mark" not in stale.text
    assert page.get(f"/notes/{note.id}/parts/poem").status_code == 404
    assert page.get("/notes?state=published").status_code == 200


def test_what_the_exchange_holds_is_brought_in_from_the_page(browser):
    story = lessons.evaluated()
    note = lessons.written(story)
    page = browser.as_(story.author)
    path = f"/notes/{note.id}/parts/credits/assemble"
    assert (
        "**Host**: Surabaya" in page.post(path, data={"replace": "yes"}, follow_redirects=True).text
    )


def test_the_desk_is_for_those_of_the_exchange(browser):
    note = lessons.published()
    stranger = browser.as_(factories.person(of=factories.organisation()))
    assert stranger.get(f"/en/lessons/{note.slug}").status_code == 200
    assert stranger.get(f"/notes/{note.id}").status_code == 403
    assert stranger.get(f"/notes/{note.id}/parts/context").status_code == 403
    assert "/sign-in" in browser.as_().get(f"/notes/{note.id}").location
    partner = browser.as_(note.author)
    assert f"/notes/{note.id}/parts/context" not in partner.get(f"/notes/{note.id}").text
    closed = partner.get(f"/notes/{note.id}/parts/context")
    assert closed.status_code == 403
    assert "no longer with its author" in closed.text
    assert stranger.get("/notes").text.count("<tr>") == 2


def test_a_road_map_is_written_and_moved_on_its_pages(browser):
    story = lessons.evaluated()
    page, base = browser.as_(story.author), f"/exchanges/{story.exchange.id}"
    assert "No action yet" in page.get(f"{base}/road-map").text
    assert page.get(f"{base}/road-map/new").status_code == 200
    assert page.post(f"{base}/road-map/new", data={"text": ""}).status_code == 422
    sent = {"text": "Hire wardens", "horizon": "immediate"}
    added = page.post(f"{base}/road-map/new", data=sent, follow_redirects=True)
    assert "Hire wardens" in added.text
    (action,) = db.session.get(Exchange, story.exchange.id).road_map_actions
    desk = f"/road-map/{action.id}"
    shown = page.get(desk)
    assert "Give the action an owner and a date." in shown.text
    form = page.get(f"{desk}/edit")
    assert form.status_code == 200
    assert page.post(f"{desk}/edit", data={"text": ""}).status_code == 422
    sent |= {"owner_id": story.learner.id, "due_on": "2027-01-01"}
    assert "Nampula" in page.post(f"{desk}/edit", data=sent, follow_redirects=True).text
    begun = page.post(f"{desk}/move", data={"trigger": "begin"}, follow_redirects=True)
    assert "Under way" in begun.text
    stranger = browser.as_(factories.person(of=factories.organisation()))
    assert stranger.get(desk).status_code == 200
    assert stranger.get(f"{desk}/edit").status_code == 403


def test_the_sheet_and_the_changes_are_written_on_their_pages(browser):
    story = lessons.evaluated()
    page, base = browser.as_(story.author), f"/exchanges/{story.exchange.id}"
    assert page.get(f"{base}/transferability").status_code == 200
    wrong = page.post(f"{base}/transferability", data={"cost_order": "free"})
    assert wrong.status_code == 422
    sheet = {"adapt": "Other by-laws", "cost_order": "under_10k"}
    shown = page.post(f"{base}/transferability", data=sheet, follow_redirects=True).text
    assert "Other by-laws" in shown
    assert "Under 10,000 euros" in shown
    assert page.get(f"{base}/changes/new").status_code == 200
    assert page.post(f"{base}/changes/new", data={"text": "x"}).status_code == 422
    change = {
        "organisation_id": story.learner.id,
        "kind": "service",
        "text": "Wardens on duty",
        "recorded_on": "2026-08-01",
        "evidence_url": "https://nampula.example/wardens",
    }
    done = page.post(f"{base}/changes/new", data=change, follow_redirects=True)
    assert "Wardens on duty" in done.text


# The link that answers


@pytest.fixture
def asked(app):
    story = lessons.evaluated()
    note = lessons.published(story)
    actions.record_dissemination(note, {"channel": "website"}, actor=story.author)
    follow_up = next(
        row
        for row in story.exchange.follow_ups
        if row.organisation is story.learner and row.months == 3
    )
    secret = actions.ask(follow_up)
    db.session.commit()
    return story, follow_up, f"/f/{secret}"


def test_a_partner_answers_by_its_link_without_signing_in(browser, asked):
    story, follow_up, link = asked
    visitor = browser.as_()
    page = visitor.get(link)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Referrer-Policy"] == "same-origin"
    for shown in ("Nampula", "Clean the drains", "What has stood in the way?", "3 months"):
        assert shown in page.text
    assert follow_up.state == FollowUpState.asked
    sent = {
        "used_it": "partly",
        "what_changed": "Wardens work in two markets.",
        "change_kind": "service",
        "what_next": "A third market.",
        "answered_by": "Ana, markets office",
    }
    thanks = visitor.post(link, data=sent, follow_redirects=True)
    assert "Thank you" in thanks.text
    assert "A third market." in thanks.text
    assert "Partly" in thanks.text
    db.session.expire_all()
    assert follow_up.answered_by == "Ana, markets office"
    assert story.exchange.recorded_changes[0].text == "Wardens work in two markets."


def test_a_link_answers_once(browser, asked):
    _story, follow_up, link = asked
    visitor = browser.as_()
    visitor.post(link, data={"used_it": "no"})
    again = visitor.post(link, data={"used_it": "yes", "what_next": "Changed my mind"})
    assert again.status_code == 200
    assert "Thank you" in again.text
    db.session.expire_all()
    assert follow_up.answers["used_it"] == "no"


def test_a_form_with_errors_keeps_the_answers(browser, asked):
    _story, follow_up, link = asked
    sent = {"used_it": "yes", "what_changed": "Two markets"}
    page = browser.as_().post(link, data=sent)
    assert page.status_code == 422
    assert "Say what kind of change it is." in page.text
    assert "Two markets" in page.text
    assert follow_up.state == FollowUpState.asked


def test_an_expired_link_says_how_to_get_another(browser, asked):
    _story, follow_up, link = asked
    row = db.session.query(FollowUpLink).one()
    row.expires_on = date.today() - timedelta(days=2)  # noqa: DTZ011 - a day that is surely past
    db.session.commit()
    for page in (browser.as_().get(link), browser.as_().post(link, data={"used_it": "yes"})):
        assert page.status_code == 410
        assert "ask for a new link" in page.text
        assert "Nampula" not in page.text
    db.session.expire_all()
    assert follow_up.state == FollowUpState.asked


def test_a_link_opens_nothing_else(browser, asked):
    story, follow_up, link = asked
    visitor = browser.as_()
    page = visitor.get(link).text
    for hidden in (story.author.email, story.author.name, story.officer.name, "Surabaya"):
        assert hidden not in page
    assert visitor.get(link[:-1]).status_code == 404
    assert visitor.get(f"/f/{follow_up.id}").status_code == 404
    for path in ("/follow-ups", f"/follow-ups/{follow_up.id}", "/needs", "/api/v1/follow-ups"):
        assert visitor.get(path).status_code in (302, 401)


def test_the_questions_come_in_the_language_of_the_reader(browser, asked):
    _story, _follow_up, link = asked
    page = browser.as_(language="es").get(link).text
    assert "¿Ha puesto en práctica lo que aprendió?" in page
    assert 'lang="es"' in page


def test_a_coordinator_answers_signed_in_and_only_for_their_city(browser, asked):
    story, follow_up, _link = asked
    desk = f"/follow-ups/{follow_up.id}"
    host = browser.as_(factories.person(of=story.host))
    assert host.get(desk).status_code == 200
    assert host.get(f"{desk}/answer").status_code == 403
    page = browser.as_(story.author)
    assert "Answer the five questions" in page.get(desk).text
    assert page.get(f"{desk}/answer").status_code == 200
    assert page.post(f"{desk}/answer", data={"used_it": "maybe"}).status_code == 422
    sent = {"used_it": "yes", "what_next": "More"}
    shown = page.post(f"{desk}/answer", data=sent, follow_redirects=True)
    assert "Ana" in shown.text
    assert "More" in shown.text
    assert page.get(f"{desk}/answer").status_code == 302


def test_staff_see_all_follow_ups_make_links_and_count_silence(browser, asked):
    story, follow_up, _link = asked
    page = browser.as_(story.officer)
    listed = page.get("/follow-ups?months=3&state=asked&q=NAMPULA").text
    assert listed.count(f"/follow-ups/{follow_up.id}") == 1
    query = f"?exchange={story.exchange.id}&organisation={story.host.id}&overdue=yes&mine=yes"
    assert "Nothing fits these filters" in page.get(f"/follow-ups{query}").text
    made = page.post(f"/follow-ups/{follow_up.id}/link")
    link = re.search(r"<code>https?://[^/]+(/f/[^<]+)</code>", made.text).group(1)
    assert browser.as_().get(link).status_code == 200
    step = {"trigger": "count_unanswered", "expected_state": "asked"}
    done = page.post(f"/follow-ups/{follow_up.id}/move", data=step, follow_redirects=True)
    assert "No answer" in done.text
    stranger = browser.as_(factories.person(of=factories.organisation()))
    assert stranger.get(f"/follow-ups/{follow_up.id}").status_code == 404
    assert "No follow-up yet" in stranger.get("/follow-ups").text
    assert browser.as_(story.author).post(f"/follow-ups/{follow_up.id}/link").status_code == 403


def test_the_page_of_an_exchange_shows_its_lessons(browser):
    story = lessons.evaluated()
    page = browser.as_(story.author)
    path = f"/exchanges/{story.exchange.id}?tab=lessons"
    assert "Begin the note" in page.get(path).text
    note = lessons.published(story)
    shown = page.get(path).text
    assert "Begin the note" not in shown
    assert f"/en/lessons/{note.slug}" in shown
    assert db.session.query(FollowUp).count() == 6
    assert shown.count("/follow-ups/") == 6
    assert note.state == NoteState.published
