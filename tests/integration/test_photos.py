"""Photos of a visit: made anew, described, with consent, and public only with the note."""

from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from exchange.extensions import db
from exchange.lessons import photos, sheets
from exchange.lessons.models import Note
from exchange.lessons.photos import Photo, PhotoPerson
from exchange.lessons.sheets import LessonQuestion
from exchange.privacy import consents
from exchange.reminders.kinds import KINDS
from exchange.reminders.subjects import asking
from exchange.visits.actions import make_participant_link
from exchange.visits.delegation import erase_participant
from tests import factories
from tests.factories import visits
from workflows.exchange import ExchangeState as S
from workflows.note import NoteState

PLACE = 0x8825  # the tag of EXIF under which cameras write where they were


def picture(size=(2400, 1200), kind="JPEG"):
    """A picture with a place in it, as a phone makes it."""
    exif = Image.Exif()
    exif.get_ifd(PLACE)[1] = "N"
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, exif=exif)
    return file.getvalue()


@pytest.fixture
def told(app):
    return visits.story(state=S.visited)


@pytest.fixture
def sheet(told):
    row = sheets.sheet_for(told.exchange, told.learner, language="pt")
    db.session.commit()
    return row


def sent(data, **more):
    return {
        "photo": (BytesIO(data), "IMG_0001.JPG"),
        "description": "Sorters at work",
        "consent": "yes",
        **more,
    }


def test_a_city_adds_a_photo_and_the_place_is_left_out(browser, told, sheet):
    page = browser.as_(told.learning)
    address = f"/lessons/sheets/{sheet.id}/photos/new"
    answer = page.post(address, data=sent(picture()), follow_redirects=True)
    assert "Sorters at work" in answer.text
    row = db.session.query(Photo).one()
    assert (row.width, row.height) == (1600, 800)
    kept = page.get(f"/lessons/photos/{row.id}.jpg")
    with Image.open(BytesIO(kept.data)) as shown:
        assert (shown.format, dict(shown.getexif())) == ("JPEG", {})
    page.post(f"/lessons/sheets/{sheet.id}/photos/{row.id}/delete")
    assert db.session.query(Photo).count() == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (sent(b"GIF89a and then nothing"), "Choose a picture that can be read"),
        (sent(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "Choose a picture that can be read"),
        (sent(picture()[:2000]), "Choose a picture that can be read"),
        (sent(picture(), consent=""), "Say who can be recognised"),
        (sent(picture(), nobody="yes"), "Say who can be recognised"),
        (sent(picture(), people="4711"), "Choose among those who took part"),
        (sent(picture(), description=""), "This is needed."),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(browser, told, sheet, fields, words):
    page = browser.as_(told.learning)
    answer = page.post(f"/lessons/sheets/{sheet.id}/photos/new", data=fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.query(Photo).count() == 0


def test_six_photos_are_enough(app, told, sheet):
    for _again in range(photos.MOST):
        photos.add(sheet, picture((20, 10)), {"description": "x", "consent": True})
    with pytest.raises(photos.Invalid) as refused:
        photos.add(sheet, picture((20, 10)), {"description": "x", "consent": True})
    assert refused.value.code == "photos_many"


def test_a_photo_is_public_once_it_is_signed_and_the_note_is_out(browser, told, sheet):
    photos.add(sheet, picture((20, 10)), {"description": "x", "consent": True})
    sheets.write(sheet, {LessonQuestion.seen: "a", LessonQuestion.will_change: "b"})
    sheets.sign(sheet, actor=told.learning)
    row = db.session.query(Photo).one()
    db.session.commit()
    address = f"/lessons/photos/{row.id}.jpg"
    outsider = browser.as_(factories.person(of=factories.organisation("Lyon")))
    assert outsider.get(address).status_code == 404
    assert browser.as_().get(address).status_code == 404
    assert browser.as_(told.hosting).get(address).status_code == 200
    out = Note(exchange=told.exchange, title="x", language="en", state=NoteState.published)
    db.session.add(out)
    db.session.commit()
    assert browser.as_().get(address).status_code == 200


def test_a_signed_sheet_takes_no_photo(browser, told, sheet):
    sheets.write(sheet, {LessonQuestion.seen: "a", LessonQuestion.will_change: "b"})
    sheets.sign(sheet, actor=told.learning)
    db.session.commit()
    page = browser.as_(told.learning)
    answer = page.post(f"/lessons/sheets/{sheet.id}/photos/new", data=sent(picture()))
    assert answer.status_code == 409


@pytest.fixture
def shown(told, sheet):
    """A signed sheet of a published note, with a photo in which Amina and Rui are named."""
    visit = visits.visit(exchange=told.exchange, number=2)
    people = [
        visits.participant(visit, organisation=told.learner, name=name, email=email)
        for name, email in (("Amina Juma", "amina@px.test"), ("Rui", "rui@px.test"))
    ]
    row = photos.add(sheet, picture((20, 10)), {"description": "x", "people": ids(people)})
    sheets.write(sheet, {LessonQuestion.seen: "a", LessonQuestion.will_change: "b"})
    sheets.sign(sheet, actor=told.learning)
    note = Note(exchange=told.exchange, title="x", language="en", state=NoteState.published)
    db.session.add(note)
    db.session.commit()
    return row


def ids(people):
    return [one.id for one in people]


def people_of(row):
    return [one.participant for one in row.people]


def is_public(browser, row):
    status = browser.as_().get(f"/lessons/photos/{row.id}.jpg").status_code
    out = photos.published_with(db.session.query(Note).one())
    assert (status == 200) == (row in out)
    return status == 200


def test_a_photo_is_shown_only_while_everybody_named_agrees(browser, told, shown):
    amina, rui = (factories.person(one.name, email=one.email) for one in people_of(shown))
    answer = f"/account/privacy/photos/{shown.id}"
    address = f"/lessons/photos/{shown.id}.jpg"
    assert not is_public(browser, shown)
    assert browser.as_(told.hosting).get(address).status_code == 404
    assert browser.as_(told.learning).get(address).status_code == 200  # its city sent it
    assert browser.as_(amina).get(address).status_code == 200  # to see what is asked about
    browser.as_(amina).post(f"{answer}/agree")
    assert not is_public(browser, shown)
    waiting = browser.as_(told.learning).get(f"/exchanges/{told.exchange.id}?tab=lessons").text
    assert "It waits for the word of: Rui" in waiting
    browser.as_(rui).post(f"{answer}/agree")
    assert is_public(browser, shown)
    browser.as_(rui).post(f"{answer}/withdraw")
    assert not is_public(browser, shown)
    assert browser.as_(told.learning).get(address).status_code == 404
    assert "you do not agree" in browser.as_(rui).get("/account/privacy").text
    browser.as_(rui).post(f"{answer}/agree")
    assert is_public(browser, shown)


def test_a_browser_asks_each_time_whether_a_photo_is_still_shown(browser, told, shown):
    for one in people_of(shown):
        consents.answer_photo(one.email, shown.id, agrees=True)
    db.session.commit()
    address, visitor = f"/lessons/photos/{shown.id}.jpg", browser.as_()
    first = visitor.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    known = {"If-None-Match": first.headers["ETag"]}
    assert visitor.get(address, headers=known).status_code == 304
    consents.answer_photo("rui@px.test", shown.id, agrees=False)
    db.session.commit()
    assert visitor.get(address, headers=known).status_code == 404


def test_who_has_no_account_answers_by_the_personal_link(browser, told, shown):
    amina, rui = people_of(shown)
    consents.answer_photo(rui.email, shown.id, agrees=True)
    secret = make_participant_link(amina)
    db.session.commit()
    guest = browser.as_()
    assert "Photos in which you are named" in guest.get(f"/p/{secret}").text
    assert guest.get(f"/p/{secret}/photos/{shown.id}.jpg").mimetype == "image/jpeg"
    assert guest.get(f"/p/{secret}/photos/{shown.id + 1}.jpg").status_code == 404
    guest.post(f"/p/{secret}/photos/{shown.id}", data={"answer": "agree"})
    assert is_public(browser, shown)
    guest.post(f"/p/{secret}/photos/{shown.id}", data={"answer": "refuse"})
    assert not is_public(browser, shown)


@pytest.mark.parametrize("goes", ["erased", "off the list"])
def test_nobody_agrees_for_who_is_gone(browser, told, shown, goes):
    amina = people_of(shown)[0]
    for one in people_of(shown):
        consents.answer_photo(one.email, shown.id, agrees=True)
    db.session.commit()
    assert is_public(browser, shown)
    if goes == "erased":
        erase_participant(amina, actor=None)
    else:
        db.session.delete(amina)
    db.session.commit()
    assert not is_public(browser, shown)


def test_each_is_asked_by_one_mail_until_they_answer(app, told, sheet, shown):
    second = Photo(sheet=sheet, description="y", width=1, height=1, data=b"jpeg")
    second.people = [PhotoPerson(participant=people_of(shown)[0])]
    db.session.add(second)
    db.session.commit()
    kind = KINDS["photo_consent"]
    first = {one.id for one in asking(kind)}
    assert first == {one.id for one in shown.people}, "a second photo asks in the same mail"
    consents.answer_photo("amina@px.test", shown.id, agrees=True)
    consents.answer_photo("rui@px.test", shown.id, agrees=False)
    db.session.commit()
    assert {one.id for one in asking(kind)} == {one.id for one in second.people}


def test_programs_list_and_answer_too(browser, told, shown):
    amina = factories.person("Amina Juma", email="amina@px.test")
    program = browser.api(amina)
    assert [one["said"] for one in program.get("/api/v1/me/photos").json] == ["asked"]
    address = f"/api/v1/me/photos/{shown.id}/answer"
    assert program.post(address, json={"agrees": True}).json[0]["said"] == "agreed"
    assert program.post(address, json={"agrees": False}).json[0]["said"] == "refused"
    outsider = browser.api(factories.person())
    assert outsider.post(address, json={"agrees": True}).status_code == 404


@pytest.fixture
def officer():
    return factories.officer()


def take_down(browser, who, row):
    return browser.as_(who).post(f"/lessons/sheets/{row.sheet_id}/photos/{row.id}/delete")


def test_staff_take_a_photo_down_while_it_waits_and_once_it_is_out(browser, told, shown, officer):
    lessons = f"/exchanges/{told.exchange.id}?tab=lessons"
    remove = f'action="/lessons/sheets/{shown.sheet_id}/photos/{shown.id}/delete"'
    assert browser.as_(officer).get(f"/lessons/photos/{shown.id}.jpg").status_code == 404
    assert remove in browser.as_(officer).get(lessons).text, "unseen, by what is said of it"
    assert remove not in browser.as_(told.learning).get(lessons).text, "its sheet is signed"
    for one in people_of(shown):
        consents.answer_photo(one.email, shown.id, agrees=True)
    db.session.commit()
    assert is_public(browser, shown)
    assert take_down(browser, told.learning, shown).status_code == 409
    assert take_down(browser, told.hosting, shown).status_code in (403, 404)
    assert remove in browser.as_(officer).get(lessons).text
    assert take_down(browser, officer, shown).status_code == 302
    assert db.session.query(Photo).count() == 0
    assert take_down(browser, officer, shown).status_code == 404


def test_a_photo_that_somebody_refused_leaves_its_place_to_another(app, told, sheet):
    for _again in range(photos.MOST):
        photos.add(sheet, picture((20, 10)), {"description": "x", "consent": True})
    db.session.query(Photo).first().withdrawn_on = date(2026, 1, 31)
    photos.add(sheet, picture((20, 10)), {"description": "y", "consent": True})
