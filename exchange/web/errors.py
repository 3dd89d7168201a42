"""What a page says when something goes wrong: one table."""

from typing import Any

import structlog
from flask import (
    Response,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from marshmallow import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from exchange import edge, fault_reports, labels, trace
from exchange.contention import RETRY_AFTER, contention
from exchange.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, Repeated
from exchange.labels.statuses import of_status
from exchange.web import kept, receipts, sessions
from exchange.web.merging import Stale
from workflows.engine import TransitionRefused

log = structlog.get_logger()
Answer = Any


def answer(error: Exception) -> Answer:
    """The page for ``error``."""
    for kind, page in TABLE:
        if isinstance(error, kind):
            return page(error)
    return unexpected(error)


def _page(status: int, title: str, text: str, **facts: Any) -> Answer:
    if request.is_json:  # a script of ours asked, which keeps what was typed
        return jsonify(title=title, text=text, request_id=trace.current()), status
    facts |= {"title": title, "text": text, "status": status, "number": trace.current()}
    body = render_template("errors/error.html", **facts)
    return body, status


def sentence(error: DomainError) -> str:
    """The words of a domain error in the reader's language."""
    return str(labels.error(error.code)) % error.facts


def not_allowed(error: NotAllowed) -> Answer:
    """To the sign-in page, or "you may not"."""
    if error.code == "sign_in_first":
        return _sign_in_first(error)
    if error.code == "prove_again":
        return _prove_again()
    return _page(403, _("Not allowed"), sentence(error))


def _prove_again() -> Answer:
    """What was sent waits behind the page that asks for the password once more."""
    wanted = request.full_path if request.method == "GET" else ""
    wanted = wanted or kept.keep_for(sessions.known_person_id())
    flash(_("This is hard to undo, so prove first that it is you."))
    return redirect(url_for("second_factor.again", next=wanted.rstrip("?") or None))


def _sign_in_first(error: NotAllowed) -> Answer:
    """What somebody sent after their sign-in had ended waits for them behind the sign-in."""
    if request.is_json:
        return _page(401, _("Please sign in again"), sentence(error))
    wanted = request.full_path if request.method == "GET" else ""
    wanted = wanted or kept.keep_for(sessions.known_person_id())
    if request.method == "POST" and wanted:
        flash(_("Your sign-in had ended. Sign in again: what you typed is kept."))
    return redirect(url_for("account.sign_in", next=wanted.rstrip("?") or None))


def not_found(_error: NotFound) -> Answer:
    """Nothing here, or nothing you may know of: the same words."""
    return _page(404, _("Not found"), str(labels.error("not_found")))


def moved_on(error: Exception) -> Answer:
    """Somebody else was faster, or it is used. What was typed is shown again so that it can be
    kept."""
    title, text = _("This has moved on"), str(labels.error("moved_on"))
    if isinstance(error, DomainError) and error.code != "moved_on":
        title, text = _("This is not possible"), sentence(error)
    return _page(409, title, text, typed=kept.typed(), back=request.referrer)


def stale(error: Stale) -> Answer:
    """Somebody saved the same while this was typed: both are shown, to choose from."""
    return render_template("errors/stale.html", stale=error.merge()), 409


def repeated(error: Repeated) -> Answer:
    """Sent twice, done once."""
    return receipts.led_to(error)


def refused(error: TransitionRefused) -> Answer:
    """The table says no: the facts that are missing, in words."""
    reasons = [labels.fact(name) for name in error.reasons or ("no_such_move",)]
    return _page(
        409,
        _("This step is not possible yet"),
        _("What is still missing:"),
        reasons=reasons,
        typed=kept.typed(),
        back=request.referrer,
    )


def invalid(error: Invalid) -> Answer:
    """A value outside a form (a filter, a step) cannot be taken."""
    label = labels.FIELDS.get(error.field, error.field)
    return _page(
        422,
        _("Please correct"),
        f"{label}: {sentence(error)}",
        typed=kept.typed(),
        back=request.referrer,
    )


def bad_fields(error: ValidationError) -> Answer:
    """What a button sent cannot be read: each field with its reason."""
    found = error.normalized_messages().items()
    return _page(
        422,
        _("Please correct"),
        str(labels.error("bad_fields")),
        reasons=[f"{labels.FIELDS.get(name, name)}: {_joined(said)}" for name, said in found],
        typed=kept.typed(),
        back=request.referrer,
    )


def _joined(said: Any) -> str:
    return " ".join(str(one) for one in said) if isinstance(said, list) else str(said)


def database(error: SQLAlchemyError) -> Answer:
    """Two wrote at once: the one who lost may send again. It is away or full: later. Anything else
    is a fault of ours."""
    found = contention(error)
    if found is None:
        return unexpected(error)
    gone = found in ("away", "full")
    if gone:
        g.actor = None  # nobody can be looked up: the page is drawn as for a visitor
    told = log.error if gone else log.warning
    told("the database did not take it", route=str(request.url_rule), found=found)
    status, title = (409, _("Please send again")) if found == "overtaken" else (503, _("Busy"))
    title = str(of_status(503)[0]) if gone else title
    page = _page(status, title, str(labels.error(found)), typed=kept.typed(), back=request.referrer)
    return _later(page, found) if status == 503 else make_response(page)


def _later(page: Answer, found: str) -> Response:
    response = make_response(page)
    response.headers["Retry-After"] = str(RETRY_AFTER[found])
    return response


def form_too_old(_error: CSRFError) -> Answer:
    """The form was open too long, or the cookie is gone. Whoever has signed in anew meanwhile
    finds the form again as it was typed."""
    again = "" if request.is_json else kept.keep_for(sessions.known_person_id())
    if again and edge.actor() is None:
        return redirect(url_for("account.sign_in", next=again))
    if again:
        flash(_("You have signed in anew since you opened this. Please send it again."))
        return redirect(again)
    text = _("This form is too old or your browser keeps no cookies. Go back, reload, send again.")
    return _page(400, _("Please send again"), text, typed=kept.typed(), back=request.referrer)


def http_error(error: HTTPException) -> Answer:
    """What the web server itself refuses."""
    if error.code and error.code < 400:
        return error
    title, text = of_status(error.code)
    response = make_response(_page(error.code or 500, str(title), str(text)))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def unexpected(error: Exception) -> Answer:
    """A fault of ours: written down once, with the number that the page shows."""
    log.error("request failed", route=str(request.url_rule), exc_info=error)
    fault_reports.report(error, endpoint=request.endpoint or "")
    title, text = of_status(500)
    return _page(500, str(title), str(text), typed=kept.typed())


TABLE: tuple[tuple[type[Exception], Any], ...] = (
    (NotAllowed, not_allowed),
    (NotFound, not_found),
    (Repeated, repeated),
    (Stale, stale),
    (Conflict, moved_on),
    (StaleDataError, moved_on),
    (TransitionRefused, refused),
    (Invalid, invalid),
    (ValidationError, bad_fields),
    (SQLAlchemyError, database),
    (CSRFError, form_too_old),
    (HTTPException, http_error),
)
