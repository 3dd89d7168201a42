"""Photos of a visit: made anew, described, with consent, and public only with the note."""

from io import BytesIO

import pytest
from PIL import Image

from exchange.extensions import db
from exchange.lessons import photos, sheets
from exchange.lessons.models import Note
from exchange.lessons.photos import Photo
from exchange.lessons.sheets import LessonQuestion
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
    page.post(f"/lessons/photos/{row.id}/delete")
    assert db.session.query(Photo).count() == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (sent(b"GIF89a and then nothing"), "Choose a picture that can be read"),
        (sent(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "Choose a picture that can be read"),
        (sent(picture()[:2000]), "Choose a picture that can be read"),
        (sent(picture(), consent=""), "Without the consent"),
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
