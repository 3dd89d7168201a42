"""What is held of people, and everybody's rights over their own."""

import json
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from exchange import edge
from exchange.clock import now
from exchange.directory import expertise
from exchange.directory.models import Person
from exchange.edge import access
from exchange.edge_seen import taken_away
from exchange.errors import Invalid, NotFound
from exchange.labels import privacy as words
from exchange.privacy import consents, erasing, exporting
from exchange.privacy.holdings import holdings
from exchange.privacy.periods import PERIODS
from exchange.privacy.seen_by import seen_by
from exchange.privacy.taking import data_of
from exchange.transaction import transaction

pages = Blueprint("privacy", __name__)
# So many of those who saw one's data are on the page; the file has all.
LOOKS = 50


@pages.get("/privacy")
@access("privacy.see")
def show() -> Any:
    """What is held, why, who sees it and how long: made from the notes at the columns."""
    return render_template("privacy/show.html", holdings=holdings(), periods=PERIODS, words=words)


@pages.get("/account/privacy")
@access("account.manage")
def mine() -> Any:
    """One's own data and consents, each with its date and a way back."""
    person = edge.signed_in()
    return render_template(
        "privacy/mine.html",
        person=person,
        listed=expertise.of_person(person),
        agreed=[*consents.credits_of(person), *consents.photos_of(person)],
        request_=erasing.waiting(person),
        looks=seen_by(person, limit=LOOKS),
        export=exporting.latest(person),
        moving=exporting.UNDER_WAY,
        words=words,
    )


@pages.post("/account/privacy/credits/<int:number>/withdraw")
@access("account.manage")
def withdraw_credit(number: int) -> Any:
    """Be named in a note no longer."""
    with transaction():
        consents.withdraw_credit(edge.signed_in(), number)
    flash(_("Withdrawn: it is gone from every page and paper."))
    return redirect(url_for("privacy.mine"))


@pages.post("/account/privacy/photos/<int:number>/withdraw")
@access("account.manage")
def withdraw_photo(number: int) -> Any:
    """Have a photo shown no longer."""
    with transaction():
        consents.withdraw_photo(edge.signed_in(), number)
    flash(_("Withdrawn: it is gone from every page and paper."))
    return redirect(url_for("privacy.mine"))


@pages.post("/account/privacy/photos/<int:number>/agree")
@access("account.manage")
def agree_photo(number: int) -> Any:
    """Say that a photo in which one is named may be shown."""
    with transaction():
        consents.answer_photo(edge.signed_in().email, number, agrees=True)
    flash(_("Thank you. Your answer is noted."))
    return redirect(url_for("privacy.mine"))


@pages.post("/account/export")
@access("account.manage")
def ask_export() -> Any:
    """Ask for all that is held of oneself; the page says how far it is."""
    with transaction():
        exporting.ask(edge.signed_in())
    flash(_("Noted. A mail tells you when it is ready."))
    return redirect(url_for("privacy.mine", _anchor="data"))


@pages.get("/account/export/<int:number>.zip")
@access("account.manage")
def take(number: int) -> Response:
    """All that is held of oneself, as an archive."""
    content = exporting.fetch(edge.signed_in(), number)
    answer = Response(content, mimetype="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="peer-exchange-my-data.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.route("/account/erase", methods=["GET", "POST"])
@access("account.manage")
def erase() -> Any:
    """Ask to be erased, after having read what stays and what goes."""
    person = edge.signed_in()
    if request.method == "GET":
        return _confirm(person, url_for("privacy.erase"), url_for("privacy.mine"))
    _must_be_confirmed()
    with transaction():
        erasing.ask(person, actor=person)
    flash(_("Noted. You can change your mind until then."))
    return redirect(url_for("privacy.mine"))


@pages.post("/account/erase/withdraw")
@access("account.manage")
def stay() -> Any:
    """Change one's mind."""
    person = edge.signed_in()
    found = erasing.waiting(person)
    if found is None:
        raise NotFound("not_found", noun="erasure", id=person.id)
    with transaction():
        erasing.withdraw(found, actor=person)
    flash(_("You stay. Nothing was erased."))
    return redirect(url_for("privacy.mine"))


@pages.get("/people/<int:id>/data.json")
@access("person.erase", Person)
def take_of(person: Person) -> Response:
    """What is held of somebody, at their request; the trail tells that it was taken."""
    taken_away("person", [person.id], "personal_data")
    return _file(person)


@pages.route("/people/<int:id>/erase", methods=["GET", "POST"])
@access("person.erase", Person)
def erase_of(person: Person) -> Any:
    """Erase somebody at their request, at once."""
    back = url_for("people.show", id=person.id)
    if request.method == "GET":
        return _confirm(person, url_for("privacy.erase_of", id=person.id), back)
    _must_be_confirmed()
    with transaction(), force_locale(person.language):
        erasing.erase(person, words.former_member(person))
    flash(_("Erased. What remains tells nobody who it was."))
    return redirect(back)


def _confirm(person: Person, address: str, back: str) -> Any:
    return render_template(
        "privacy/erase.html",
        person=person,
        address=address,
        back=back,
        oneself=person.id == edge.signed_in().id,
        days=erasing.WAITS.days,
        alone=erasing.alone_for(person),
    )


def _must_be_confirmed() -> None:
    if request.form.get("confirmed") != "yes":
        raise Invalid("confirmed", "erasure_unconfirmed")


def _file(person: Person) -> Response:
    text = json.dumps(data_of(person, now=now()), ensure_ascii=False, indent=1)
    answer = Response(text, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="peer-exchange-my-data.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
