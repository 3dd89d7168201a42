"""A note in further languages: side by side, read by a second person, out at its own address."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from exchange.clock import now, today
from exchange.errors import Invalid, NotAllowed
from exchange.extensions import db
from exchange.lessons import actions, translating
from exchange.lessons.models import REQUIRED_PARTS, NotePart
from exchange.lessons.translations import NoteTranslation
from exchange.messages.models import Message
from exchange.reminders import actions as reminders
from exchange.reminders.audience import asked_of
from exchange.reminders.kinds import KINDS
from exchange.reminders.models import EscalationLevel, Reminder
from exchange.reminders.send import plan_now
from exchange.reminders.subjects import asking
from tests import factories
from tests.factories import lessons
from workflows.engine import TransitionRefused
from workflows.note_translation import NoteTranslationState as T

FRENCH = {
    "title": "Des marchés qui ne prennent plus l’eau",
    "introduction": "Ce que **Surabaya** a montré.",
    "context": "Le contexte.",
    "practices": "On nettoie les caniveaux avant les pluies.",
    "reflections": "Ce qu’on en retient.",
    "recommendations": "Commencer par un quartier.",
}
# What a note was assembled from is not of interest here.
BARE = {part: "" for part in NotePart if part not in REQUIRED_PARTS}


@pytest.fixture
def story(app):
    return lessons.evaluated()


@pytest.fixture
def reader(story):
    """The second person: of the host."""
    person = factories.person("Bo", of=story.host)
    db.session.commit()
    return person


@pytest.fixture
def note(story):
    return lessons.published(story, parts=BARE)


def begun(note, story, reader):
    data = {"language": "fr", "translator_id": story.author.id, "reviewer_id": reader.id}
    row = translating.begin(note, data, actor=story.author)
    db.session.commit()
    return row


def translated(note, story, reader):
    row = begun(note, story, reader)
    for passage, text in FRENCH.items():
        translating.write(row, passage, text, actor=story.author)
    db.session.commit()
    return row


def published(note, story, reader):
    row = translated(note, story, reader)
    translating.advance_translation(row, "submit", actor=story.author)
    translating.advance_translation(row, "publish", actor=reader)
    db.session.commit()
    return row


def test_a_translation_is_written_passage_by_passage_beside_its_original(browser, note, story):
    page = browser.as_(story.author)
    assert "Nobody translates this note yet." in page.get(f"/notes/{note.id}").text
    sent = {"language": "fr", "translator_id": str(story.author.id), "reviewer_id": ""}
    made = page.post(f"/notes/{note.id}/translations/new", data=sent)
    row = db.session.query(NoteTranslation).one()
    address = f"/notes/translations/{row.id}"
    assert made.headers["Location"] == address
    shown = page.get(address).text
    assert "0 of 6 passages" in shown
    assert "About the practices." in shown
    first = page.get(f"{address}/passages/title").text
    assert first.index("Markets that do not flood") < first.index("<textarea")
    saved = page.post(f"{address}/passages/title", data={"text": FRENCH["title"], "next": "yes"})
    assert saved.headers["Location"] == f"{address}/passages/introduction"
    assert "1 of 6 passages" in page.get(address).text
    assert "1 / 6" in page.get(f"/notes/{note.id}").text
    assert page.get(f"{address}/passages/nothing").status_code == 404
    # Two write the same passage at once: the later is told.
    torn = page.post(f"{address}/passages/title", data={"text": "Autre", "seen": "0" * 16})
    assert torn.status_code == 409
    # It is begun once.
    again = page.post(f"/notes/{note.id}/translations/new", data=sent)
    assert again.status_code == 422
    assert "nobody translates this note yet" in again.text
    stranger = browser.as_(factories.person("Zed"))
    assert stranger.get(address).status_code == 404


def test_the_original_changes_and_the_translation_says_where(browser, note, story, reader):
    row = translated(note, story, reader)
    page, address = browser.as_(story.author), f"/notes/translations/{row.id}"
    assert "The original has changed since" not in page.get(address).text
    actions.edit_note(note, {"parts": {NotePart.context: "Another context."}}, actor=story.officer)
    db.session.commit()
    assert row.changed == ["context"]
    assert "The original has changed since" in page.get(address).text
    with pytest.raises(TransitionRefused) as refused:
        translating.advance_translation(row, "submit", actor=story.author)
    assert refused.value.reasons == ("translation_follows_the_original",)
    page.post(f"{address}/passages/context/still-right")
    db.session.expire_all()
    assert row.changed == []
    assert row.said("context") == FRENCH["context"]


def test_whoever_translates_is_never_the_second_reader(browser, note, story, reader):
    row = translated(note, story, reader)
    with pytest.raises(Invalid) as refused:
        translating.name_people(row, {"reviewer_id": story.author.id})
    assert refused.value.code == "second_person"
    db.session.rollback()
    # The second reader does not translate, and nobody else publishes: not even staff.
    with pytest.raises(NotAllowed, match="translation_closed"):
        translating.write(row, "context", "x", actor=reader)
    translating.advance_translation(row, "submit", actor=story.author)
    db.session.commit()
    move = f"/notes/translations/{row.id}/move"
    for person in (story.author, story.officer):
        assert browser.as_(person).post(move, data={"trigger": "publish"}).status_code == 403
    with pytest.raises(NotAllowed, match="translation_closed"):
        translating.write(row, "context", "x", actor=story.author)
    assert browser.as_(reader).post(move, data={"trigger": "publish"}).status_code == 302
    db.session.expire_all()
    assert row.state == T.published


def test_the_second_reader_is_reminded_and_gives_it_back_with_a_reason(
    browser, note, story, reader
):
    row = translated(note, story, reader)
    to_review, returned = KINDS["translation_to_review"], KINDS["translation_returned"]
    assert asking(to_review) == asking(returned) == []
    translating.advance_translation(row, "submit", actor=story.author)
    db.session.commit()
    assert [one.id for one in asking(to_review)] == [row.id]
    people = asked_of(to_review.audience, row, EscalationLevel.owner)
    assert [one.reader for one in people] == [reader]
    page, move = browser.as_(reader), f"/notes/translations/{row.id}/move"
    assert page.post(move, data={"trigger": "return_to_translator"}).status_code == 422
    sent = {"trigger": "return_to_translator", "note": "Caniveaux, not égouts."}
    page.post(move, data=sent)
    db.session.expire_all()
    assert asking(to_review) == []
    assert [one.id for one in asking(returned)] == [row.id]
    people = asked_of(returned.audience, row, EscalationLevel.owner)
    assert [one.reader for one in people] == [story.author]
    assert "Caniveaux, not égouts." in page.get(f"/notes/translations/{row.id}").text


def test_whoever_translated_is_asked_until_the_translation_has_caught_up(note, story, reader):
    row, kind = published(note, story, reader), KINDS["translation_behind"]
    assert asking(kind) == []
    actions.edit_part(note, NotePart.context, "Another context.", actor=story.officer)
    db.session.commit()
    asked = asking(kind)
    assert [one.id for one in asked] == [row.id]
    people = asked_of(kind.audience, row, EscalationLevel.owner)
    assert [one.reader for one in people] == [story.author]
    first = row.behind_since
    actions.edit_part(note, NotePart.method, "A part that was not there.", actor=story.officer)
    assert row.behind_since == first, "it is behind since the first change"
    translating.advance_translation(row, "revise", actor=story.author)
    assert [one.id for one in asking(kind)] == [row.id], "begun is not done"
    translating.write(row, "context", "Un autre contexte.", actor=story.author)
    translating.write(row, "method", "Une partie nouvelle.", actor=story.author)
    translating.advance_translation(row, "submit", actor=story.author)
    assert asking(kind) == [], "it waits for the second reader"
    translating.advance_translation(row, "publish", actor=reader)
    db.session.commit()
    assert row.behind_since is None
    assert asking(kind) == []


def test_an_original_that_is_as_before_asks_for_nothing(note, story, reader):
    row = published(note, story, reader)
    before = note.parts[NotePart.context]
    actions.edit_part(note, NotePart.context, "A slip.", actor=story.officer)
    assert row.behind_since
    actions.edit_part(note, NotePart.context, before, actor=story.officer)
    assert row.behind_since is None


def test_each_language_has_its_page_paper_and_citation_at_an_address_that_stays(
    app, note, story, reader
):
    base = f"/lessons/pln-{note.number}"
    visitor = app.test_client()
    assert visitor.get(f"{base}/fr").status_code == 404
    published(note, story, reader)
    leads = visitor.get(f"{base}/fr")
    assert leads.headers["Location"] == f"/fr/lessons/{note.slug}"
    french = visitor.get(leads.headers["Location"]).text
    assert f'lang="fr">{FRENCH["title"]}' in french
    assert "<strong>Surabaya</strong>" in french
    assert "About the practices." not in french
    assert f"{base}/fr.pdf" in french
    assert f"http://localhost{base}/fr" in french
    english = visitor.get(f"/en/lessons/{note.slug}").text
    assert "About the practices." in english
    assert f'href="/fr/lessons/{note.slug}" hreflang="fr"' in english
    # A reader of a third language has the original.
    assert "About the practices." in visitor.get(f"/es/lessons/{note.slug}").text
    paper = PdfReader(BytesIO(visitor.get(f"{base}/fr.pdf").data))
    assert paper.root_object["/Lang"] == "fr"
    assert "On nettoie les caniveaux" in " ".join(page.extract_text() for page in paper.pages)
    bib = visitor.get(f"{base}/fr/citation.bib").text
    assert f"@techreport{{pln{note.number}fr," in bib
    assert f"title = {{{{{FRENCH['title']}}}}}" in bib
    assert f"url = {{http://localhost{base}/fr}}" in bib
    assert visitor.get(f"{base}/es/citation.bib").status_code == 404
    assert f"@techreport{{pln{note.number}," in visitor.get(f"{base}/citation.bib").text
    # Lists and cards are in the reader's language too.
    assert FRENCH["title"] in visitor.get("/fr/lessons").text


def test_what_is_out_stays_out_while_it_is_worked_on_again(app, note, story, reader):
    row = published(note, story, reader)
    actions.edit_note(note, {"parts": {NotePart.context: "Another context."}}, actor=story.officer)
    translating.advance_translation(row, "revise", actor=story.author)
    translating.write(row, "context", "Un autre contexte.", actor=story.author)
    db.session.commit()
    page = app.test_client().get(f"/fr/lessons/{note.slug}").text
    assert FRENCH["context"] in page
    assert "Un autre contexte." not in page
    assert row.outdated == ["context"]
    assert '<a href="#context">' in page
    translating.advance_translation(row, "submit", actor=story.author)
    translating.advance_translation(row, "publish", actor=reader)
    db.session.commit()
    page = app.test_client().get(f"/fr/lessons/{note.slug}").text
    assert "Un autre contexte." in page
    assert row.outdated == []


def test_a_translation_waits_for_its_note(app, story, reader):
    note = lessons.written(story, parts=BARE)
    row = translated(note, story, reader)
    translating.advance_translation(row, "submit", actor=story.author)
    with pytest.raises(TransitionRefused) as refused:
        translating.advance_translation(row, "publish", actor=reader)
    assert refused.value.reasons == ("original_is_published",)
    db.session.rollback()


def test_title_and_summary_of_a_translated_language_come_with_the_translation(
    browser, note, story, reader
):
    row = published(note, story, reader)
    officer = browser.as_(story.officer)
    form = officer.get(f"/notes/{note.id}/languages").text
    assert 'name="title_es"' in form
    assert 'name="title_fr"' not in form
    officer.post(f"/notes/{note.id}/languages", data={"title_en": "Dry markets", "title_fr": "Non"})
    db.session.expire_all()
    assert note.title == "Dry markets"
    assert note.said("title", "fr") == (FRENCH["title"], "fr")
    assert row.outdated == ["title"]


def test_a_reminder_goes_out_to_the_second_reader(app, note, story, reader):
    row = translated(note, story, reader)
    translating.advance_translation(row, "submit", actor=story.author)
    db.session.commit()
    plan_now()
    planned = db.session.query(Reminder).filter_by(kind="translation_to_review").all()
    assert [one.due_on - today() for one in planned] == [timedelta(0), timedelta(7)]
    reminders.send(planned[0].id, at=now() + timedelta(days=1))
    mail = db.session.query(Message).filter_by(subject_type="note_translation").one()
    assert mail.person_id == reader.id
    assert "français" in mail.text
    assert f"/notes/translations/{row.id}" in mail.text


def test_the_api_translates_and_cites(browser, note, story, reader):
    api = browser.api(story.author)
    data = {"language": "fr", "reviewer_id": reader.id}
    made = api.post(f"/api/v1/notes/{note.id}/translations", json=data)
    assert made.status_code == 201
    assert made.json["passages_total"] == 6
    path = f"/api/v1/notes/translations/{made.json['id']}"
    for passage, text in FRENCH.items():
        told = api.put(f"{path}/passages/{passage}", json={"text": text})
    assert told.json["passages_translated"] == 6
    first = told.json["passages"][0]
    assert (first["original"], first["text"]) == ("Markets that do not flood", FRENCH["title"])
    assert api.put(f"{path}/passages/credits", json={"text": "x"}).status_code == 404
    stale = {"text": "x", "seen": "0" * 16}
    assert api.put(f"{path}/passages/title", json=stale).status_code == 409
    same = api.patch(path, json={"reviewer_id": story.author.id})
    assert same.status_code == 422
    assert api.post(f"{path}/steps", json={"trigger": "submit"}).status_code == 201
    assert api.post(f"{path}/steps", json={"trigger": "publish"}).status_code == 403
    second = browser.api(reader)
    assert second.post(f"{path}/steps", json={"trigger": "publish"}).status_code == 201
    listed = api.get(f"/api/v1/notes/{note.id}/translations").json
    assert [(one["language"], one["state"]) for one in listed] == [("fr", "published")]
    cited = api.get(f"/api/v1/notes/{note.id}/citation?language=fr").json
    assert cited["address"].endswith(f"/lessons/pln-{note.number}/fr")
    assert set(cited["pdf"]) == {"en", "fr"}
    assert api.get(f"/api/v1/notes/{note.id}/citation?language=es").status_code == 404
