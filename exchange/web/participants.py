"""The people of a visit: nominated here, and answering on pages that need no account."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, labels
from exchange.edge import access
from exchange.errors import Invalid, NotFound
from exchange.labels import privacy as words
from exchange.lessons.photos import named_photo
from exchange.limits import limiter
from exchange.messages.actions import forget
from exchange.privacy import consents
from exchange.transaction import transaction
from exchange.visits import actions, evaluation, queries
from exchange.visits.models import Participant, Visit
from exchange.visits.schemas import ParticipantSchema, PreparationSchema
from exchange.web.errors import sentence
from exchange.web.forms import Form
from exchange.web.lesson_sheets import picture_of
from exchange.web.moves import move
from exchange.web.visits import ics
from workflows.participant import PARTICIPANT

pages = Blueprint("participants", __name__)
# A secret of 256 bits cannot be guessed; this keeps whoever tries from keeping us busy.
KNOCKS = "60/minute"


@pages.after_request
def keep_private(response: Response) -> Response:
    """Nobody between us and the reader keeps a page with personal data."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@pages.route("/visits/<int:id>/participants/new", methods=["GET", "POST"])
@access("participant.nominate", Visit)
def create(visit: Visit) -> Any:
    """Nominate somebody."""
    schema = ParticipantSchema(exchange_id=visit.exchange_id)
    form = Form(schema, initial={"language": edge.current_language()})
    done = form.submit(lambda data: actions.nominate(visit, data, actor=edge.actor()))
    if done is None:
        back = url_for("visits.show", id=visit.id)
        return _form(form, _("Nominate somebody"), back)
    flash(_("Nominated. Now ask this person to confirm."))
    return redirect(url_for("participants.show", id=done.id))


@pages.get("/visits/participants/<int:id>")
@access("visit.see_inside", Participant)
def show(participant: Participant) -> Any:
    """One participant, for those who take part."""
    return render_template("visits/participant.html", participant=participant)


@pages.route("/visits/participants/<int:id>/edit", methods=["GET", "POST"])
@access("participant.nominate", Participant)
def edit(participant: Participant) -> Any:
    """Correct what is known of a participant."""
    form = Form(ParticipantSchema(exchange_id=participant.visit.exchange_id), participant)
    done = form.submit(lambda data: actions.edit_participant(participant, data, actor=edge.actor()))
    back = url_for("participants.show", id=participant.id)
    if done is None:
        return _form(form, _("Correct a participant"), back)
    flash(_("Saved."))
    return redirect(back)


@pages.post("/visits/participants/<int:id>/move")
@access("visit.see_inside", Participant)
def step(participant: Participant) -> Any:
    """Confirm or decline for a participant, or nominate them again."""
    move("participant", participant, actions.advance_participant, request.form)
    return redirect(url_for("participants.show", id=participant.id))


@pages.post("/visits/participants/<int:id>/erase")
@access("participant.erase", Participant)
def erase(participant: Participant) -> Any:
    """Take out what tells who this was, at the person's request."""
    with transaction():
        forget(actions.erase_participant(participant, actor=edge.signed_in()))
    flash(_("Erased. What remains tells nobody who it was."))
    return redirect(url_for("participants.show", id=participant.id))


@pages.post("/visits/participants/<int:id>/link")
@access("participant.make_link", Participant)
def link(participant: Participant) -> Any:
    """Make a personal link and show it once."""
    with transaction():
        secret = actions.make_participant_link(participant)
    address = url_for("participants.personal", secret=secret, _external=True)
    return render_template("visits/link.html", participant=participant, address=address)


@pages.post("/visits/<int:id>/my-page")
@access("participant.open_own", Visit)
def own(visit: Visit) -> Any:
    """From one's account to one's personal page of a visit."""
    participant = queries.own_part(visit, edge.signed_in())
    if participant is None:
        raise NotFound("not_found", noun="participant")
    with transaction():
        secret = actions.make_participant_link(participant)
    return redirect(url_for("participants.personal", secret=secret))


@pages.get("/p/<secret>")
@limiter.limit(KNOCKS)
@access("participant.answer")
def personal(secret: str) -> Any:
    """A participant's own page of a visit; looking at it answers nothing."""
    participant = queries.participant_of_link(secret)
    return render_template(
        "visits/personal.html",
        participant=participant,
        visit=participant.visit,
        sessions=queries.programme(participant.visit),
        can=PARTICIPANT.available(participant),
        secret=secret,
        evaluation_open=evaluation.is_open(participant.visit),
        answered=evaluation.answers_of(participant),
        photos=consents.named_photos(participant.email),
        answers=words.ANSWERS,
    )


@pages.post("/p/<secret>")
@limiter.limit(KNOCKS)
@access("participant.answer")
def answer(secret: str) -> Any:
    """Confirm or decline."""
    participant = queries.participant_of_link(secret)
    with transaction():
        actions.answer_by_link(
            participant, request.form.get("trigger", ""), note=request.form.get("note", "")
        )
    flash(_("Thank you. Your answer is noted."))
    return redirect(url_for("participants.personal", secret=secret))


@pages.route("/p/<secret>/preparation", methods=["GET", "POST"])
@limiter.limit(KNOCKS)
@access("participant.answer")
def preparation(secret: str) -> Any:
    """What the participant needs and brings."""
    participant = queries.participant_of_link(secret)
    back = url_for("participants.personal", secret=secret)
    known = {"needs": participant.needs}
    if participant.sheet is None:
        known["language"] = participant.language
    form = Form(PreparationSchema(), participant.sheet, initial=known)
    done = form.submit(lambda data: actions.save_preparation(participant, data))
    if done is None:
        return _form(form, _("Prepare the visit"), back)
    flash(_("Thank you. It is saved; you can change it until the visit."))
    return redirect(back)


@pages.route("/p/<secret>/evaluation", methods=["GET", "POST"])
@limiter.limit(KNOCKS)
@access("participant.answer")
def evaluate(secret: str) -> Any:
    """The questions of the evaluation; answering again corrects."""
    participant = queries.participant_of_link(secret)
    known = evaluation.answers_of(participant)
    if not (known or evaluation.is_open(participant.visit)):
        raise Invalid("answers", "evaluation_closed")
    if request.method == "GET":
        return _questions(participant, secret, known.answers if known else {}, {})
    sent = {name: value for name, value in request.form.items() if name != "csrf_token"}
    try:
        with transaction():
            actions.submit_evaluation(participant, sent, edge.current_language())
    except Invalid as problem:
        return _questions(participant, secret, sent, {problem.field: sentence(problem)}), 422
    flash(_("Thank you. You can correct your answers until the note is published."))
    return redirect(url_for("participants.personal", secret=secret))


def _questions(
    participant: Participant, secret: str, answers: dict[str, Any], errors: dict[str, str]
) -> Any:
    return render_template(
        "visits/evaluate.html",
        participant=participant,
        questions=evaluation.questions_for(participant),
        answers=answers,
        errors=errors,
        secret=secret,
        scale=evaluation.SCALE,
        yes_or_no=labels.YES_PARTLY_NO,
    )


@pages.post("/p/<secret>/photos/<int:number>")
@limiter.limit(KNOCKS)
@access("participant.answer")
def answer_photo(secret: str, number: int) -> Any:
    """Say whether a photo in which one is named may be shown."""
    email = queries.participant_of_link(secret).email
    with transaction():
        consents.answer_photo(email, number, agrees=request.form.get("answer") == "agree")
    flash(_("Thank you. Your answer is noted."))
    return redirect(url_for("participants.personal", secret=secret, _anchor="photos"))


@pages.get("/p/<secret>/photos/<int:number>.jpg")
@limiter.limit(KNOCKS)
@access("participant.answer")
def photo(secret: str, number: int) -> Any:
    """A photo in which one is named, to be looked at before one answers."""
    return picture_of(named_photo(queries.participant_of_link(secret).email, number))


@pages.get("/p/<secret>/calendar.ics")
@limiter.limit(KNOCKS)
@access("participant.answer")
def personal_calendar(secret: str) -> Any:
    """The visit for the participant's own calendar."""
    return ics(queries.participant_of_link(secret).visit)


def _form(form: Form, title: str, back: str) -> Any:
    return render_template("visits/form.html", form=form, title=title, back=back), form.status
