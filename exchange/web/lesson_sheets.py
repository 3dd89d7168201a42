"""What each city writes after the visit, in its own words."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy, uploads
from exchange.directory.models import Organisation
from exchange.edge import access
from exchange.edge_files import require_room, sent_file
from exchange.errors import Invalid, NotFound
from exchange.exchanges.models import Exchange
from exchange.lessons import photos, sheets
from exchange.lessons.schemas import LessonSheetSchema, PhotoSchema, offering
from exchange.transaction import transaction
from exchange.web.errors import sentence
from exchange.web.forms import Form

pages = Blueprint("lesson_sheets", __name__)


@pages.post("/exchanges/<int:id>/lessons/<int:organisation_id>")
@access("lesson_sheet.see", Exchange)
def begin(exchange: Exchange, organisation_id: int) -> Any:
    """Open the sheet of a partner, begun with what the visits hold."""
    partner = _writer(exchange, organisation_id)
    policy.require(edge.actor(), "lesson_sheet.write", partner)
    with transaction():
        sheet_id = sheets.sheet_for(exchange, partner, language=edge.signed_in().language).id
    return redirect(url_for("lesson_sheets.write", id=sheet_id))


def _writer(exchange: Exchange, organisation_id: int) -> Organisation:
    """:raises NotFound: the organisation is not asked in this exchange."""
    found = [one for one in sheets.writers(exchange) if one.id == organisation_id]
    if not found:
        raise NotFound("not_found", noun="organisation", id=organisation_id)
    return found[0]


@pages.route("/lessons/sheets/<int:id>", methods=["GET", "POST"])
@access("lesson_sheet.write", sheets.LessonSheet)
def write(sheet: sheets.LessonSheet) -> Any:
    """Write the lessons of a partner; one of the two buttons signs them too."""
    form = Form(LessonSheetSchema(), initial={**sheet.answers, "language": sheet.language})
    signs = "sign" in request.form

    def save(data: dict[str, Any]) -> sheets.LessonSheet:
        sheets.write(sheet, data)
        return sheets.sign(sheet, actor=edge.signed_in()) if signs else sheet

    if form.submit(save) is None:
        return render_template("exchanges/lesson_sheet.html", form=form, sheet=sheet), form.status
    flash(_("Signed. It goes into the peer-learning note.") if signs else _("Saved."))
    return _back(sheet)


@pages.post("/lessons/sheets/<int:id>/reopen")
@access("lesson_sheet.write", sheets.LessonSheet)
def reopen(sheet: sheets.LessonSheet) -> Any:
    """Take the signature back, to write on."""
    with transaction():
        sheets.reopen(sheet)
    flash(_("The signature is taken back: you can write on."))
    return redirect(url_for("lesson_sheets.write", id=sheet.id))


@pages.route("/lessons/sheets/<int:id>/photos/new", methods=["GET", "POST"])
@access("lesson_sheet.write", sheets.LessonSheet)
def add_photo(sheet: sheets.LessonSheet) -> Any:
    """Add a photo to the lessons of a partner."""
    form = Form(offering(PhotoSchema(), people=f"visitors:{sheet.exchange_id}"))
    picture = _picture(form, sheet) if request.method == "POST" else b""
    if form.errors or form.submit(lambda data: photos.add(sheet, picture, data)) is None:
        return render_template("exchanges/photo.html", form=form, sheet=sheet), form.status
    asked = form.data.get("people")
    flash(_("Those named are asked by mail.") if asked else _("The photo is there."))
    return _back(sheet)


def _picture(form: Form, sheet: sheets.LessonSheet) -> bytes:
    """The picture that was sent; what is wrong with it is said at its field."""
    try:
        sent = sent_file("photo", uploads.PICTURES, "no_picture")
        require_room("photo", sheet.organisation_id, len(sent.content) if sent else 0)
    except Invalid as problem:
        form.errors["photo"] = [sentence(problem)]
        return b""
    return sent.content if sent else b""


@pages.get("/lessons/photos/<int:id>.jpg")
@access("photo.see", photos.Photo)
def photo(row: photos.Photo) -> Any:
    """One photo: for everybody once its note is out."""
    return picture_of(row)


def picture_of(row: photos.Photo) -> Response:
    """A photo as an answer. Whoever has it asks each time whether it is still shown."""
    answer = Response(row.data, mimetype="image/jpeg")
    # Made anew by us, hence shown in a page; opened by itself it may do nothing.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Content-Disposition"] = f'inline; filename="photo-{row.id}.jpg"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@pages.post("/lessons/sheets/<int:id>/photos/<int:number>/delete")
@access("lesson_sheet.write", sheets.LessonSheet)
def remove_photo(sheet: sheets.LessonSheet, number: int) -> Any:
    """Take a photo out, also one that waits for the word of those named."""
    always = policy.allowed(edge.actor(), "photo.take_down", sheet)
    with transaction():
        photos.remove(sheet, number, always=always)
    flash(_("Removed."))
    return _back(sheet)


def _back(sheet: sheets.LessonSheet) -> Any:
    return redirect(
        url_for("exchanges.show", id=sheet.exchange_id, tab="lessons", _anchor="sheets")
    )
