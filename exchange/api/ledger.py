"""/api/v1/ledger: what organisations gave and received."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.api.listing import page_body
from exchange.api.schemas import OfferOut, OrganisationBrief
from exchange.dashboards import ledger
from exchange.edge import access
from exchange.exchanges.models import Exchange
from exchange.lessons.passing_on import offer_from
from exchange.listing import Page, page_of
from exchange.schemas import Schema as Strict
from exchange.schemas import Whole
from exchange.transaction import transaction

resources = Blueprint(
    "api_ledger", __name__, url_prefix="/api/v1/ledger", description="Given and received"
)


class EntryOut(Schema):
    """One part in an exchange that came to its visit."""

    exchange_id = fields.Integer()
    reference = fields.String()
    title = fields.String()
    role = fields.String()
    year = fields.Integer()


class AccountOut(Schema):
    """What an organisation gave and received, the latest first."""

    organisation = fields.Nested(OrganisationBrief)
    given = fields.Nested(EntryOut, many=True)
    received = fields.Nested(EntryOut, many=True)
    offers_used = fields.Integer()


class LearnerSchema(Strict):
    """Who learned and would show it."""

    organisation_id = Whole(required=True, least=1)


@resources.route("")
class Ledger(MethodView):
    """The ledger."""

    @access("ledger.see")
    @resources.arguments(ledger.LedgerFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List organisations by name, with what they gave and received; there is no other order."""
        filters.pop("sort", None)
        page = page_of(ledger.listed(filters, edge.actor()), filters, ledger.SORTS)
        accounts = ledger.accounts([one.id for one in page.items], edge.actor())
        rows = [_row(one, accounts[one.id]) for one in page.items]
        return page_body(Page(rows, page.number, page.size, page.total), AccountOut())


def _row(organisation: Any, account: ledger.Account) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "given": account.given,
        "received": account.received,
        "offers_used": account.offers_used,
    }


@resources.route("/exchanges/<int:id>/offer")
class OfferOfWhatWasLearned(MethodView):
    """From learning to showing."""

    @access("offer.create", Exchange)
    @resources.arguments(LearnerSchema)
    @resources.response(201, OfferOut)
    def post(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Make a draft offer of what an organisation learned; again gives the same draft."""
        actor = edge.signed_in()
        with transaction():
            return offer_from(exchange, data["organisation_id"], actor=actor)
