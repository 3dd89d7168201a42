"""The pages of exchanges: the list, one exchange, its proposal, its moves."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.edge import access
from exchange.exchanges import actions, queries
from exchange.exchanges.drafting import BEFORE_AGREEMENT
from exchange.exchanges.models import Exchange
from exchange.exchanges.schemas import (
    ExchangeFilter,
    ExchangeSchema,
    OverrideSchema,
    OwnerSchema,
)
from exchange.exchanges.turns import waited_for
from exchange.listing import page_of
from exchange.transaction import transaction
from exchange.web import exchange_list, exchange_page, moving
from exchange.web.forms import Form, filters

pages = Blueprint("exchanges", __name__, url_prefix="/exchanges")
pages.add_app_template_global(queries.days_left, "days_left")
pages.add_app_template_global(queries.waits_for, "waits_for")
pages.add_app_template_global(queries.whose_turn, "whose_turn")


@pages.get("")
@access("exchange.see")
def index() -> Any:
    """The list of exchanges: first what is due first."""
    chosen = filters(ExchangeFilter())
    query = queries.in_rows(policy.scoped(Exchange, edge.actor()), chosen, edge.actor())
    page = page_of(query, chosen, queries.SORTS)
    return render_template(
        "exchanges/list.html",
        page=page,
        waited_for=waited_for(page.items),
        chosen=chosen,
        selects=exchange_list.selects(),
        counts=exchange_list.counts(chosen),
    )


@pages.get("/<int:id>")
@access("exchange.see", Exchange, load=lambda: queries.page_parts(edge.actor()))
def show(exchange: Exchange) -> Any:
    """One exchange; money, plans and mails are for those who take part."""
    return exchange_page.page(exchange)


@pages.get("/new")
@access("exchange.create")
def create() -> Any:
    """Propose an exchange: step by step."""
    return redirect(url_for("proposals.start"))


@pages.get("/bundle")
@access("need.bundle")
def bundle() -> Any:
    """Bundle the needs of several members: they are chosen on the desk."""
    return redirect(url_for("my.show", _anchor="bundle"))


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("exchange.edit", Exchange)
def edit(exchange: Exchange) -> Any:
    """Change the proposal."""
    settled = () if exchange.state in BEFORE_AGREEMENT else ("need_ids",)
    form = Form(ExchangeSchema(exchange_id=exchange.id, exclude=settled), exchange)

    def save(data: dict[str, Any]) -> bool:
        actions.edit(exchange, data, actor=edge.signed_in())
        return True

    return _after(form.submit(save), form, exchange, _("Change the proposal"))


def _after(done: Any, form: Form, exchange: Exchange, title: str) -> Any:
    if done is None:
        facts = {"title": title, "back": url_for("exchanges.show", id=exchange.id)}
        return render_template(
            "exchanges/form.html", form=form, exchange=exchange, **facts
        ), form.status
    flash(_("Saved."))
    return redirect(url_for("exchanges.show", id=exchange.id))


@pages.post("/<int:id>/move")
@access("exchange.see", Exchange)
def step(exchange: Exchange) -> Any:
    """Move an exchange one step."""
    return moving.advance(exchange, request.form)


@pages.post("/<int:id>/delete")
@access("exchange.delete", Exchange)
def delete(exchange: Exchange) -> Any:
    """Throw a draft away that was never sent."""
    with transaction():
        actions.delete(exchange)
    flash(_("The draft is gone."))
    return redirect(url_for("exchanges.index"))


@pages.route("/<int:id>/officer", methods=["GET", "POST"])
@access("exchange.assign", Exchange)
def assign(exchange: Exchange) -> Any:
    """Name the officer who follows the exchange."""
    form = Form(OwnerSchema(), exchange)

    def save(data: dict[str, Any]) -> bool:
        actions.assign(exchange, data["owner_id"], actor=edge.signed_in())
        return True

    return _after(form.submit(save), form, exchange, _("Who follows this exchange"))


@pages.route("/<int:id>/override", methods=["GET", "POST"])
@access("exchange.override", Exchange)
def override(exchange: Exchange) -> Any:
    """An administrator goes round the table, with a reason that stays for ever."""
    form = Form(OverrideSchema(), initial={"expected_state": exchange.state})
    step = form.submit(
        lambda data: actions.override(
            exchange,
            data["to_state"],
            data["note"],
            actor=edge.signed_in(),
            expected_state=data.get("expected_state"),
        )
    )
    if step is None:
        return render_template("exchanges/override.html", form=form, exchange=exchange), form.status
    flash(_("Done. The history shows it as an override."))
    return redirect(url_for("exchanges.show", id=exchange.id))
