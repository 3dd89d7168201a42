"""/api/v1/balance: who takes part, counted."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange.dashboards import balance
from exchange.edge import access
from exchange.exchanges.models import Exchange

resources = Blueprint(
    "api_balance", __name__, url_prefix="/api/v1/balance", description="Balance of participation"
)


def _counts() -> fields.Dict:
    return fields.Dict(keys=fields.String(), values=fields.Integer(allow_none=True))


class PortfolioBalanceOut(Schema):
    """Counts of people; null where a group is too small to be shown."""

    people = fields.Integer(allow_none=True)
    genders = _counts()
    offices = _counts()
    sections = _counts()
    sizes = _counts()


@resources.route("")
class PortfolioBalance(MethodView):
    """The balance of the portfolio."""

    @access("balance.see")
    @resources.arguments(balance.BalanceFilter, location="query")
    @resources.response(200, PortfolioBalanceOut)
    def get(self, filters: dict[str, Any]) -> Any:
        """Show it; of a section, of the members of a body, between two days if given."""
        return balance.of_portfolio(filters)


@resources.route("/exchanges/<int:id>")
class ExchangeBalance(MethodView):
    """The balance of one exchange."""

    @access("exchange.see_inside", Exchange)
    @resources.response(200, PortfolioBalanceOut)
    def get(self, exchange: Exchange) -> Any:
        """Show it to those who are in it."""
        return balance.of_exchange(exchange.id)
