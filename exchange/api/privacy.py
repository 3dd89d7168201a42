"""/api/v1/privacy, and one's own data under /api/v1/me"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.clock import now
from exchange.edge import access
from exchange.privacy import consents
from exchange.privacy.holdings import holdings
from exchange.privacy.periods import PERIODS
from exchange.privacy.taking import data_of
from exchange.schemas import Flag
from exchange.schemas import Schema as Strict
from exchange.transaction import transaction

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


class NamedPhotoOut(Schema):
    """A photo in which one is named, and what one said to it."""

    id = fields.Integer()
    description = fields.String(attribute="what")
    said = fields.String(metadata={"enum": [one.value for one in consents.Answer]})
    since = fields.Date()


class PhotoAnswer(Strict):
    """Whether a photo may be shown."""

    agrees = Flag(required=True, metadata={"words": "photo_agrees"})


@resources.route("/me/photos")
class MyPhotos(MethodView):
    """The photos in which one is named."""

    @access("account.manage")
    @resources.response(200, NamedPhotoOut(many=True))
    def get(self) -> Any:
        """List the photos in which one is named, with one's answers."""
        return consents.named_photos(edge.signed_in().email)


@resources.route("/me/photos/<int:number>/answer")
class MyPhoto(MethodView):
    """What one says to a photo in which one is named."""

    @access("account.manage")
    @resources.arguments(PhotoAnswer)
    @resources.response(200, NamedPhotoOut(many=True))
    def post(self, data: dict[str, Any], number: int) -> Any:
        """Say whether a photo may be shown; it is, only while everybody named agrees."""
        email = edge.signed_in().email
        with transaction():
            consents.answer_photo(email, number, agrees=data["agrees"])
        return consents.named_photos(email)
