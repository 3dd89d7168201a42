"""What the API answers when something goes wrong: one table, JSON, in the caller's language."""

from typing import Any

import structlog
from flask import request
from marshmallow import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from exchange import fault_reports, labels, trace
from exchange.api import receipts
from exchange.contention import RETRY_AFTER, contention
from exchange.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, Repeated
from exchange.labels.statuses import of_status
from workflows.engine import TransitionRefused
from workflows.registry import WORKFLOWS

log = structlog.get_logger()
Answer = tuple[dict[str, Any], int]


def answer(error: Exception) -> Any:
    """The body and status for ``error``."""
    for kind, make in TABLE:
        if isinstance(error, kind):
            return make(error)
    return _unexpected(error)


def _unexpected(error: Exception) -> Answer:
    """A fault of ours: written down once, with the number that the answer names."""
    log.error("request failed", route=str(request.url_rule), exc_info=error)
    fault_reports.report(error, endpoint=request.endpoint or "")
    return _body("internal", str(of_status(500)[1]), request_id=trace.current()), 500


def _body(code: str, message: str, **facts: Any) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, **facts}}


def _words(error: DomainError) -> str:
    return str(labels.error(error.code)) % error.facts


def _not_allowed(error: NotAllowed) -> Any:
    body = _body(error.code, _words(error))
    if error.code == "sign_in_first":
        return body, 401, {"WWW-Authenticate": "Bearer"}
    return body, 403


def _not_found(_error: Exception) -> Answer:
    return _body("not_found", str(labels.error("not_found"))), 404


def _invalid(error: Invalid) -> Answer:
    return _body(error.code, _words(error), fields={error.field: [_words(error)]}), 422


def _repeated(error: Repeated) -> Any:
    """Done once already: the same answer again, or that it was done."""
    try:
        again = receipts.answer(error)
    except Invalid as reused:
        return _invalid(reused)
    return again or (_body(error.code, _words(error)), 409)


def _fields(error: ValidationError) -> Answer:
    return _body("invalid", str(labels.error("bad_fields")), fields=_strings(error.messages)), 422


def _strings(messages: Any) -> Any:
    if isinstance(messages, dict):
        return {str(k): _strings(v) for k, v in messages.items()}
    return [str(m) for m in messages] if isinstance(messages, list) else str(messages)


def _refused(error: TransitionRefused) -> Answer:
    workflow = next(w for w in WORKFLOWS.values() if isinstance(error.state, w.states))
    reasons = [{"code": r, "message": str(labels.fact(r))} for r in error.reasons]
    return _body(
        "transition_refused",
        str(labels.error("refused")),
        state=str(error.state),
        reasons=reasons,
        available=list(workflow.triggers_from(error.state)),
    ), 409


def _conflict(error: Exception) -> Answer:
    if isinstance(error, DomainError):
        return _body(error.code, _words(error), **error.facts), 409
    return _body("moved_on", str(labels.error("moved_on"))), 409


def _database(error: SQLAlchemyError) -> Any:
    found = contention(error)
    if found is None:
        return _unexpected(error)
    told = log.error if found in ("away", "full") else log.warning
    told("the database did not take it", route=str(request.url_rule), found=found)
    body = _body(found, str(labels.error(found)))
    if found == "overtaken":
        return body, 409
    return body, 503, {"Retry-After": str(RETRY_AFTER[found])}


def _http(error: HTTPException) -> Any:
    data = getattr(error, "data", None) or {}
    if error.code == 422 and "messages" in data:  # webargs: the arguments of the request
        places = data["messages"]
        merged = {k: v for part in places.values() for k, v in _named(part).items()}
        return _body("invalid", str(labels.error("bad_fields")), fields=_strings(merged)), 422
    said = error.description if error.description != type(error).description else None
    words = said or str(of_status(error.code)[1])
    body = _body(error.name.lower().replace(" ", "_"), words)
    allowed = getattr(error, "valid_methods", None) or ()
    headers = {"Allow": ", ".join(allowed)} if error.code == 405 else {}
    return body, error.code or 500, headers


def _named(part: Any) -> dict[str, Any]:
    return part if isinstance(part, dict) else {"_schema": part}


TABLE: tuple[tuple[type[Exception], Any], ...] = (
    (ValidationError, _fields),
    (NotAllowed, _not_allowed),
    (NotFound, _not_found),
    (Repeated, _repeated),
    (Invalid, _invalid),
    (TransitionRefused, _refused),
    (Conflict, _conflict),
    (StaleDataError, _conflict),
    (SQLAlchemyError, _database),
    (HTTPException, _http),
)
