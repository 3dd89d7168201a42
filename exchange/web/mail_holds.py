"""Holding the mails of one exchange, and letting them go again."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.edge import access
from exchange.exchanges.models import Exchange
from exchange.exchanges.schemas import Tab
from exchange.messages import holds
from exchange.messages.models import MailHold
from exchange.transaction import transaction

pages = Blueprint("mail_holds", __name__)


def _back(exchange_id: int) -> Any:
    return redirect(url_for("exchanges.show", id=exchange_id, tab=Tab.mails))


@pages.post("/exchanges/<int:id>/hold-mails")
@access("message.hold", Exchange)
def begin(exchange: Exchange) -> Any:
    """Hold all mails of an exchange."""
    with transaction():
        holds.hold(exchange, actor=edge.signed_in())
    flash(_("Its mails are held from now on."))
    return _back(exchange.id)


@pages.post("/mail-holds/<int:id>/end")
@access("message.hold", MailHold)
def end(hold: MailHold) -> Any:
    """Hold no more; what is held already stays so."""
    with transaction():
        holds.end(hold, actor=edge.signed_in())
    flash(_("New mails go by themselves again. What is held still waits for you in the outbox."))
    return _back(hold.exchange_id)
