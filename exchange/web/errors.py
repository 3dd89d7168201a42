"""What a page says when something goes wrong: one table."""

import secrets
from typing import Any

import structlog
from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from exchange import labels
from exchange.contention import RETRY_AFTER, contention
from exchange.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
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
    body = render_template("errors/error.html", title=title, text=text, status=status, **facts)
    return body, status


def sentence(error: DomainError) -> str:
    """The words of a domain error in the reader's language."""
    return str(labels.error(error.code)) % error.facts


def not_allowed(error: NotAllowed) -> Answer:
    """To the sign-in page, or "you may not"."""
    if error.code == "sign_in_first":
        wanted = request.full_path if request.method == "GET" else ""
        return redirect(url_for("account.sign_in", next=wanted.rstrip("?") or None))
    return _page(403, _("Not allowed"), sentence(error))


def not_found(_error: NotFound) -> Answer:
    """Nothing here, or nothing you may know of: the same words."""
    return _page(404, _("Not found"), str(labels.error("not_found")))


def moved_on(error: Exception) -> Answer:
    """Somebody else was faster, or it is used. What was typed is shown again so that it can be
    kept."""
    title, text = _("This has moved on"), str(labels.error("moved_on"))
    if isinstance(error, DomainError) and error.code != "moved_on":
        title, text = _("This is not possible"), sentence(error)
    return _page(409, title, text, typed=_typed(), back=request.referrer)


def refused(error: TransitionRefused) -> Answer:
    """The table says no: the facts that are missing, in words."""
    reasons = [labels.fact(name) for name in error.reasons or ("no_such_move",)]
    return _page(
        409,
        _("This step is not possible yet"),
        _("What is still missing:"),
        reasons=reasons,
        typed=_typed(),
        back=request.referrer,
    )


def invalid(error: Invalid) -> Answer:
    """A value outside a form (a filter, a step) cannot be taken."""
    label = labels.FIELDS.get(error.field, error.field)
    return _page(
        422,
        _("Please correct"),
        f"{label}: {sentence(error)}",
        typed=_typed(),
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
        typed=_typed(),
        back=request.referrer,
    )


def _joined(said: Any) -> str:
    return " ".join(str(one) for one in said) if isinstance(said, list) else str(said)


def database(error: DBAPIError) -> Answer:
    """Two wrote at once: the one who lost may send again. Anything else is a fault of ours."""
    found = contention(error)
    if found is None:
        return unexpected(error)
    log.warning("two wrote at once", route=str(request.url_rule), found=found)
    status, title = (409, _("Please send again")) if found == "overtaken" else (503, _("Busy"))
    page = _page(status, title, str(labels.error(found)), typed=_typed(), back=request.referrer)
    response = make_response(page)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def form_too_old(_error: CSRFError) -> Answer:
    """The form was open too long, or the cookie is gone."""
    text = _("This form is too old or your browser keeps no cookies. Go back, reload, send again.")
    return _page(400, _("Please send again"), text, typed=_typed(), back=request.referrer)


def http_error(error: HTTPException) -> Answer:
    """What the web server itself refuses."""
    if error.code and error.code < 400:
        return error
    if error.code == 404:
        return _page(404, _("Not found"), str(labels.error("not_found")))
    if error.code == 429:
        return _page(429, _("Too many tries"), _("Please wait a few minutes, then try again."))
    return _page(error.code or 500, error.name, error.description or "")


def unexpected(error: Exception) -> Answer:
    """A fault of ours: a number to quote, and nothing half-saved."""
    number = secrets.token_hex(4)
    log.exception("request failed", request_id=number, route=str(request.url_rule), exc_info=error)
    text = _(
        "Something went wrong on our side. Nothing was half-saved. Quote this number: %(n)s.",
        n=number,
    )
    return _page(500, _("Something went wrong"), text, typed=_typed())


def _typed() -> list[tuple[str, str]]:
    hidden = ("csrf_token", "expected_state", "trigger", "password", "version_id", "seen")
    pairs = request.form.items(multi=True) if request.method == "POST" else ()
    return [
        (str(labels.FIELDS.get(name, name)), value)
        for name, value in pairs
        if name not in hidden and "password" not in name and value
    ]


TABLE: tuple[tuple[type[Exception], Any], ...] = (
    (NotAllowed, not_allowed),
    (NotFound, not_found),
    (Conflict, moved_on),
    (StaleDataError, moved_on),
    (TransitionRefused, refused),
    (Invalid, invalid),
    (ValidationError, bad_fields),
    (DBAPIError, database),
    (CSRFError, form_too_old),
    (HTTPException, http_error),
)
