"""A request that is sent twice is done once: by its header ``Idempotency-Key``."""

import time
from typing import Any

from flask import Flask, Response, g, make_response, request

from exchange import edge
from exchange.errors import Invalid, Repeated
from exchange.extensions import db
from exchange.keeping import receipts
from exchange.keeping.models import Receipt
from exchange.transaction import afterwards, first_of_all, writing

HEADER, LONGEST = "Idempotency-Key", 255
# The first of two is done within this; whoever asks longer hears that it was done.
PATIENCE_SECONDS, LOOK_EVERY = 3.0, 0.1
# What these answer holds a secret, which is kept nowhere.
SECRETIVE = ("api_follow_ups.Links",)


def register(app: Flask) -> None:
    """Claim a receipt with the first transaction of each POST that carries the header."""
    app.before_request(_claim_with_the_deed)
    app.after_request(_note_the_answer)


def _claim_with_the_deed() -> None:
    if not request.path.startswith("/api/") or request.method != "POST":
        return
    name, actor = request.headers.get(HEADER), edge.actor()
    if name is None or actor is None:
        return
    if not 1 <= len(name) <= LONGEST:
        raise Invalid(HEADER, "key_too_long")
    person_id, key = actor.id, receipts.digest("api", request.path, name)
    of = receipts.digest(request.get_data())

    def claim() -> None:
        receipts.claim(person_id, key, of)
        g.api_receipt = (person_id, key)

    first_of_all.set(claim)


def _note_the_answer(response: Response) -> Response:
    claimed = g.get("api_receipt")
    if claimed and response.status_code < 300 and first_of_all.get() is None:
        secretive = request.endpoint in SECRETIVE
        body = "" if secretive else response.get_data(as_text=True)
        with afterwards():
            receipts.answered(*claimed, status=response.status_code, body=body)
    return response


def answer(error: Repeated) -> Any:
    """What the first sending was answered; None when that is not known (any more).

    :raises Invalid: the key was used for something else.
    """
    g.api_receipt = None
    found = _wait_for(error.facts["person_id"], error.facts["key"])
    if found is not None and found.digest != receipts.digest(request.get_data()):
        raise Invalid(HEADER, "key_reused")
    if found is None or not found.body:
        return None
    response = make_response(found.body, found.status)
    response.mimetype = "application/json"
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _wait_for(person_id: int, key: str) -> Receipt | None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    with writing():  # each look begins anew
        while True:
            found = receipts.find(person_id, key)
            if found is None or found.status or time.monotonic() > give_up:
                return found
            db.session.rollback()
            time.sleep(LOOK_EVERY)
