"""/api/v1/matching/settings"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema as PlainSchema
from marshmallow import fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.edge import access
from exchange.listing import page_of
from exchange.matching import settings
from exchange.matching.models import Settings
from exchange.runs.previewing import preview
from exchange.schemas import Filter, LongText, Schema, Text
from exchange.transaction import looking, transaction

resources = Blueprint(
    "api_matching_settings",
    __name__,
    url_prefix="/api/v1/matching/settings",
    description="Settings of the matcher",
)


class SettingsChange(Schema):
    """Settings to change: what is not named stays. ``weights`` by rule are 10000 together, in basis
    points; ``seen`` is the hash of the version that the caller saw."""

    values = fields.Dict(keys=fields.String(), required=True)
    note = LongText(longest=2000, load_default="")
    seen = Text(longest=16, load_default="")


class VersionOut(PlainSchema):
    """A version of the settings: who made it, when, why."""

    id = fields.Integer(allow_none=True)
    hash = fields.String()
    values = fields.Dict()
    note = fields.String()
    person_id = fields.Integer(allow_none=True)
    created_at = fields.DateTime(allow_none=True)


class ChosenOut(PlainSchema):
    """An offer that a need gets, and the points of the pair."""

    offer_id = fields.Function(lambda chosen: chosen.offer.id)
    score = fields.Integer()


class PreviewChangeOut(PlainSchema):
    """A need that would get other offers."""

    need_id = fields.Function(lambda change: change.need.id)
    before = fields.List(fields.Nested(ChosenOut))
    after = fields.List(fields.Nested(ChosenOut))


class PreviewOut(PlainSchema):
    """``changed`` counts pairs; ``needs`` and ``offers``: how many were looked at, of how many;
    ``served`` and ``total``: with the present settings, with those that are tried."""

    run_id = fields.Function(lambda found: found.run.id if found.run else None)
    hash = fields.String()
    needs = fields.List(fields.Integer())
    offers = fields.List(fields.Integer())
    changed = fields.Integer()
    changes = fields.List(fields.Nested(PreviewChangeOut))
    served = fields.List(fields.Integer())
    total = fields.List(fields.Integer())
    certified = fields.Boolean()
    seconds = fields.Float()


@resources.route("")
class CurrentSettings(MethodView):
    """The settings that hold now."""

    @access("matching_settings.see")
    @resources.response(200, VersionOut)
    def get(self) -> Any:
        """Show them; without an id while nobody has changed those that came with the program."""
        present = settings.current()
        return settings.newest() or {"hash": present.hash, "values": present.as_dict()}

    @access("matching_settings.edit")
    @resources.arguments(SettingsChange)
    @resources.response(200, VersionOut)
    def patch(self, data: dict[str, Any]) -> Any:
        """Change them: a new version is added."""
        with transaction():
            return settings.save(
                data["values"],
                actor=edge.signed_in(),
                note=data["note"],
                expected_hash=data["seen"],
            )


@resources.route("/versions")
class Versions(MethodView):
    """Every version of the settings."""

    @access("matching_settings.see")
    @resources.arguments(Filter(only=["page", "size"]), location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List versions, the newest first."""
        query = settings.versions(policy.scoped(Settings, edge.actor()))
        page = page_of(query, {"sort": "-newest", **filters}, settings.SORTS)
        return page_body(page, VersionOut())


@resources.route("/preview")
class SettingsPreview(MethodView):
    """What other settings would change."""

    @access("matching_settings.edit")
    @resources.arguments(SettingsChange(only=["values"]))
    @resources.response(200, PreviewOut)
    def post(self, data: dict[str, Any]) -> Any:
        """What these settings would change of the last run; nothing is saved."""
        with looking():
            return preview(data["values"])
