"""A form that is sent twice is done once: by its hidden field ``once``."""

import secrets
import time
from typing import Any

from flask import Flask, Response, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.errors import Repeated
from exchange.extensions import db
from exchange.keeping import receipts
from exchange.transaction import afterwards, first_of_all, writing

# The first of two clicks is done within this; whoever waits longer goes to the front page.
PATIENCE_SECONDS, LOOK_EVERY = 3.0, 0.1


def register(app: Flask) -> None:
    """Claim a receipt with the first transaction of each form that carries ``once``."""
    app.before_request(_claim_with_the_deed)
    app.after_request(_note_where_it_led)
    app.teardown_request(_forget)
    app.jinja_env.globals["once"] = lambda: secrets.token_urlsafe(12)


def _claim_with_the_deed() -> None:
    g.receipt = None
    first_of_all.set(None)
    token, actor = request.form.get("once") if request.method == "POST" else None, edge.actor()
    if not token or actor is None:
        return
    # The same page sent again with other words is another thing to do.
    of = _digest_of_what_was_sent()
    person_id, key = actor.id, receipts.digest("form", request.path, token, of)

    def claim() -> None:
        receipts.claim(person_id, key, of)
        g.receipt = (person_id, key)

    first_of_all.set(claim)


def _digest_of_what_was_sent() -> str:
    sent = [f"{n}={v}" for n, v in request.form.items(multi=True) if n != "csrf_token"]
    files = [f"{n}={f.filename}" for n, f in request.files.items(multi=True)]
    return receipts.digest(*sorted(sent), *sorted(files))


def _note_where_it_led(response: Response) -> Response:
    claimed, done = g.get("receipt"), first_of_all.get() is None
    first_of_all.set(None)  # what is noted after the deed is no deed
    if claimed and done and 300 <= response.status_code < 400:
        with afterwards():
            receipts.answered(*claimed, address=response.location or "")
    return response


def _forget(_error: BaseException | None) -> None:
    first_of_all.set(None)


def led_to(error: Repeated) -> Any:
    """To where the first sending led. It may be at work at this moment: then wait for it."""
    g.receipt = None
    give_up = time.monotonic() + PATIENCE_SECONDS
    with writing():  # each look begins anew
        while True:
            found = receipts.find(error.facts["person_id"], error.facts["key"])
            address = found.address if found else ""
            db.session.rollback()
            if address or time.monotonic() > give_up:
                break
            time.sleep(LOOK_EVERY)
    flash(_("You sent this twice. It was done once."))
    return redirect(address or url_for("home.index"))
