"""/api/v1/expertise"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.directory import expertise
from exchange.directory.expertise import Expertise
from exchange.directory.schemas import ExpertiseFilter, ExpertiseSchema
from exchange.edge import access
from exchange.edge_seen import shown
from exchange.listing import page_of
from exchange.transaction import transaction

resources = Blueprint("api_expertise", __name__, url_prefix="/api/v1", description="Who knows what")


def _codes(vocabulary: str) -> Any:
    return fields.Function(lambda row: [term.code for term in row.tagged(vocabulary)])


class ExpertiseOut(Schema):
    """What one person knows. Its writing is their consent to be found by members."""

    id = fields.Integer()
    person_id = fields.Integer()
    name = fields.String(attribute="person.name")
    email = fields.String(attribute="person.email")
    organisations = fields.Function(
        lambda row: [one.organisation.name for one in row.person.affiliations]
    )
    text = fields.String()
    language = fields.String()
    themes = _codes("theme")
    languages = _codes("language")


@resources.route("/expertise")
class Experts(MethodView):
    """The directory of expertise."""

    @access("expertise.see")
    @resources.arguments(ExpertiseFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List who knows what."""
        query = expertise.listed(policy.scoped(Expertise, edge.actor()), filters)
        newest = {"sort": expertise.NEWEST_FIRST, **filters}
        page = page_of(query, newest, expertise.SORTS)
        shown(*(row.person for row in page.items))
        return page_body(page, ExpertiseOut())


@resources.route("/me/expertise")
class MyExpertise(MethodView):
    """One's own entry."""

    @access("account.manage")
    @resources.arguments(ExpertiseSchema)
    @resources.response(200, ExpertiseOut)
    def put(self, data: dict[str, Any]) -> Any:
        """List what one knows, or change it."""
        with transaction():
            return expertise.save(edge.signed_in(), data)

    @access("account.manage")
    @resources.response(204)
    def delete(self) -> None:
        """Be listed no longer."""
        with transaction():
            expertise.withdraw(edge.signed_in())
