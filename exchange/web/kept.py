"""Forms that were sent after the sign-in had ended: kept, and shown again after signing in."""

from typing import Any

from flask import Blueprint, Flask, Response, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from exchange import edge, labels
from exchange.edge import access
from exchange.keeping import kept, receipts
from exchange.keeping.models import KeptForm
from exchange.transaction import afterwards, transaction, writing
from exchange.web.named import number_of

pages = Blueprint("kept", __name__, url_prefix="/kept")
# The cookie that tells the device what it need not keep any longer.
SENT = "sent"
# How long the name is under which a device keeps a form.
KEY = 16
# What a form sends beside what people type.
MACHINERY = (
    "csrf_token",
    "expected_state",
    "kept",
    "keep",
    "once",
    "seen",
    "shown",
    "trigger",
    "version_id",
)


def register(app: Flask) -> None:
    """Forget a kept form once it has been sent again, here and on the device."""
    app.after_request(_forget_what_was_sent)
    app.after_request(_tell_the_device)
    app.jinja_env.globals.update(
        keep_key=keep_key, keep_words=keep_words, wizard_words=wizard_words
    )


def keep_key(name: str = "") -> str:
    """The name under which a device keeps what is typed into a form: nobody else who uses the same
    device finds it."""
    actor, house = edge.actor(), edge.settings().secret_key
    # In short: an address may hold a secret, and who uses a device is nobody's business.
    return receipts.digest(house, str(actor.id if actor else ""), name or request.path)[:KEY]


def wizard_words() -> dict[str, str]:
    """What the script says that saves a proposal by itself."""
    return {
        "offline": _("Not saved: no connection. Your text is kept on this device."),
        "signed_out": _("Not saved: your sign-in has ended. Your text is kept on this device."),
        "sign_in": _("Sign in again"),
        "torn": _("There are two texts here now. Choose which one shall stay."),
        "mine": _("Keep mine"),
        "theirs": _("Take theirs"),
        "restored": _("Text that had not been saved is here again."),
    }


def keep_words() -> dict[str, str]:
    """What the script says that keeps text on the device."""
    return {
        "restored": _("What you typed before and had not sent is here again."),
        "forget": _("Throw it away"),
        "offline": _("No connection. Your text is kept on this device."),
        "queue": _("Send when the line is back"),
        "queued": _("It will be sent when the line is back. Leave this page open."),
    }


def keep_for(person_id: int | None) -> str:
    """Keep what this request has sent for a person; the address where they find it again, or
    nothing when there is nothing to keep."""
    if person_id is None or request.method != "POST":
        return ""
    with writing(), transaction():
        row = kept.keep(person_id, request.path, request.form.items(multi=True))
        g.kept_again = row is not None
        return _address_of(row) if row else ""


def _address_of(row: KeptForm) -> str:
    names = {name for name, _typed in row.fields}
    if {"once", "shown"} & names and _is_a_page(row.path):  # our form shows what was typed
        return f"{row.path}?kept={row.id}"
    return url_for("kept.show", id=row.id)


def _is_a_page(path: str) -> bool:
    """Whether the page that took the form also shows it."""
    adapter = edge.routes()
    try:
        shown, taken = adapter.match(path, method="GET"), adapter.match(path, method="POST")
    except (HTTPException, RequestRedirect):
        return False
    return shown == taken


def typed_before() -> MultiDict[str, str] | None:
    """What the person had sent to this page when their sign-in had ended (``?kept=``)."""
    actor, kept_id = edge.actor(), number_of(request.args.get("kept"))
    if request.method != "GET" or actor is None or kept_id is None:
        return None
    row = kept.find(actor.id, kept_id)
    if row is None or row.path != request.path:
        return None
    return MultiDict((name, value) for name, value in row.fields)


def typed() -> list[tuple[str, str]]:
    """What was typed into the form of this request, with the words for its fields."""
    return in_words(request.form.items(multi=True)) if request.method == "POST" else []


def in_words(fields: Any) -> list[tuple[str, str]]:
    """What people typed, with the words for the fields; no secrets and nothing hidden."""
    return [
        (str(labels.FIELDS.get(name, name)), value)
        for name, value in fields
        if name not in MACHINERY and "password" not in name and value
    ]


@pages.get("/<int:id>")
@access("kept_form.see", KeptForm)
def show(row: KeptForm) -> Any:
    """What was typed, to be sent now."""
    fields = [(name, value) for name, value in row.fields if name not in ("once", "kept")]
    return render_template("errors/kept.html", row=row, fields=fields, typed=in_words(fields))


@pages.post("/<int:id>/forget")
@access("kept_form.see", KeptForm)
def forget(row: KeptForm) -> Any:
    """Throw it away."""
    with transaction():
        kept.forget(row.person_id, row.id)
    return redirect(url_for("home.index"))


def _forget_what_was_sent(response: Response) -> Response:
    actor, kept_id = g.get("actor"), number_of(request.form.get("kept"))
    if actor is not None and kept_id and response.status_code < 400 and request.method == "POST":
        with afterwards():
            kept.forget(actor.id, kept_id)
    return response


def _tell_the_device(response: Response) -> Response:
    """What was taken, the device need not keep: the script reads this and forgets it."""
    key = request.form.get("keep", "")[:KEY] if request.method == "POST" else ""
    on_the_way = (response.location or "").startswith(url_for("account.sign_in"))
    if key and 300 <= response.status_code < 400 and not on_the_way and not g.get("kept_again"):
        response.set_cookie(
            SENT, key, max_age=86_400, samesite="Lax", secure=edge.settings().production
        )
    return response
