"""The pages of webhooks: where other programs are told what moved."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.edge import access
from exchange.labels import webhooks as words
from exchange.listing import page_of
from exchange.transaction import transaction
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.webhooks import actions, queries
from exchange.webhooks.models import Told, Webhook, WebhookDelivery
from exchange.webhooks.schemas import (
    WebhookDeliveryFilter,
    WebhookEditSchema,
    WebhookFilter,
    WebhookSchema,
)

pages = Blueprint("webhooks", __name__, url_prefix="/webhooks")
NEWEST = "-newest"


@pages.get("")
@access("webhook.create")
def index() -> Any:
    """One's webhooks; staff see all."""
    chosen = filters(WebhookFilter())
    query = queries.listed(policy.scoped(Webhook, edge.actor()), chosen)
    page = page_of(query, {"sort": NEWEST, **chosen}, queries.SORTS)
    return render_template("webhooks/list.html", page=page, chosen=chosen)


@pages.route("/new", methods=["GET", "POST"])
@access("webhook.create")
def create() -> Any:
    """Set a webhook up; its secret is shown once, on the answer that makes it."""
    form = Form(WebhookSchema())
    made = form.submit(lambda data: actions.create(data, actor=edge.signed_in()))
    if made is None:
        return render_template("webhooks/edit.html", form=form, row=None), form.status
    return _shown(*made), 201


@pages.get("/<int:id>")
@access("webhook.see", Webhook)
def show(row: Webhook) -> Any:
    """One webhook and its deliveries."""
    return _shown(row)


def _shown(row: Webhook, secret: str = "") -> str:
    # The answer that shows a secret has no other pages: it cannot be asked for again.
    chosen = {} if secret else filters(WebhookDeliveryFilter())
    query = queries.deliveries_of(row, chosen)
    page = page_of(query, {"sort": NEWEST, **chosen}, queries.DELIVERY_SORTS)
    return render_template("webhooks/show.html", row=row, page=page, chosen=chosen, secret=secret)


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("webhook.edit", Webhook)
def edit(row: Webhook) -> Any:
    """Change where it is, or what it is told of."""
    told = {str(one): str(one) in row.told for one in Told}
    form = Form(WebhookEditSchema(), initial={"url": row.url, **told})
    if form.submit(lambda data: actions.change(row, data)) is None:
        return render_template("webhooks/edit.html", form=form, row=row), form.status
    flash(_("Saved."))
    return _back(row.id)


@pages.post("/<int:id>/secret")
@access("webhook.edit", Webhook)
def renew_secret(row: Webhook) -> Any:
    """Give it another secret, shown once."""
    with transaction():
        secret = actions.renew_secret(row)
    return _shown(row, secret)


@pages.post("/<int:id>/test")
@access("webhook.edit", Webhook)
def test(row: Webhook) -> Any:
    """Have something sent that means nothing."""
    with transaction():
        actions.test(row)
    flash(_("It is sent in a moment: load this page again to see what came back."))
    return _back(row.id)


@pages.post("/<int:id>/enable")
@access("webhook.edit", Webhook)
def enable(row: Webhook) -> Any:
    """Ask it again."""
    with transaction():
        actions.enable(row)
    flash(_("It is told again; what happened meanwhile follows."))
    return _back(row.id)


@pages.post("/<int:id>/delete")
@access("webhook.edit", Webhook)
def delete(row: Webhook) -> Any:
    """Remove a webhook."""
    with transaction():
        actions.remove(row)
    flash(_("Removed."))
    return redirect(url_for("webhooks.index"))


@pages.get("/deliveries/<int:id>")
@access("webhook.see", WebhookDelivery)
def delivery(row: WebhookDelivery) -> Any:
    """What was told, and what came back."""
    return render_template("webhooks/delivery.html", row=row)


@pages.post("/deliveries/<int:id>/move")
@access("webhook.see", WebhookDelivery)
def step(row: WebhookDelivery) -> Any:
    """Send it again."""
    move("webhook_delivery", row, actions.advance, request.form)
    return redirect(url_for("webhooks.delivery", id=row.id))


def _back(webhook_id: int) -> Any:
    return redirect(url_for("webhooks.show", id=webhook_id))


@pages.app_template_global("webhook_words")
def webhook_words(of: str, code: str) -> str:
    """The words for what a webhook is ``told`` of, or for a ``reason``."""
    return str((words.TOLD if of == "told" else words.REASONS).get(code, ""))
