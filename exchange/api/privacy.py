"""/api/v1/privacy, and one's own data under /api/v1/me"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.clock import now
from exchange.edge import access
from exchange.privacy.holdings import holdings
from exchange.privacy.periods import PERIODS
from exchange.privacy.taking import data_of

resources = Blueprint(
    "api_privacy", __name__, url_prefix="/api/v1", description="What is held of people"
)


class HoldingOut(Schema):
    """One purpose, the kinds of data it needs, and the columns that hold them."""

    purpose = fields.String()
    data = fields.List(fields.String())
    columns = fields.List(fields.String())


class PeriodOut(Schema):
    """How many days something is kept."""

    what = fields.String()
    days = fields.Integer()


class PrivacyOut(Schema):
    """What is held, and how long."""

    holdings = fields.List(fields.Nested(HoldingOut))
    periods = fields.List(fields.Nested(PeriodOut))


@resources.route("/privacy")
class Privacy(MethodView):
    """Personal data."""

    @access("privacy.see")
    @resources.response(200, PrivacyOut)
    def get(self) -> Any:
        """Show what personal data is held, why, where and how long."""
        return {"holdings": holdings(), "periods": PERIODS}


class MyDataOut(Schema):
    """Everything that is held of the person behind the token."""

    made_at = fields.String()
    tables = fields.Dict(keys=fields.String(), values=fields.List(fields.Dict()))
    seen_by_others = fields.List(fields.Dict())


@resources.route("/me/data")
class MyData(MethodView):
    """One's own data."""

    @access("account.manage")
    @resources.response(200, MyDataOut)
    def get(self) -> Any:
        """Take away all that is held of oneself."""
        return data_of(edge.signed_in(), now=now())
