"""/api/v1/people"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.directory import queries
from exchange.directory.models import Person
from exchange.directory.schemas import PersonFilter
from exchange.edge import access
from exchange.edge_seen import shown
from exchange.listing import page_of
from exchange.predicates import staff

resources = Blueprint("api_people", __name__, url_prefix="/api/v1/people", description="People")


def _address(person: Person) -> str | None:
    """The e-mail, for those who may see it."""
    return person.email if policy.allowed(edge.actor(), "person.see_address", person) else None


class PersonRoleOut(Schema):
    """An organisation of a person, and the role in it."""

    organisation_id = fields.Integer()
    name = fields.String(attribute="organisation.name")
    role = fields.String()


class PersonOut(Schema):
    """A person. ``email`` is null for those who may not see it."""

    id = fields.Integer()
    name = fields.String()
    email = fields.Function(_address)
    language = fields.String()
    time_zone = fields.String()
    staff_role = fields.String(allow_none=True)
    section_code = fields.String(allow_none=True)
    organisations = fields.Nested(PersonRoleOut, many=True, attribute="affiliations")
    disabled = fields.Function(lambda person: person.disabled_at is not None)


@resources.route("")
class People(MethodView):
    """The list of people."""

    @access("person.see")
    @resources.arguments(PersonFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List people."""
        query = queries.people_listed(
            policy.scoped(Person, edge.actor()), filters, for_staff=staff(edge.actor(), None)
        )
        page = page_of(query, filters, queries.PERSON_SORTS)
        shown(*page.items)
        return page_body(page, PersonOut())


@resources.route("/<int:id>")
class OnePerson(MethodView):
    """One person."""

    @access("person.see", Person)
    @resources.response(200, PersonOut)
    def get(self, person: Person) -> Any:
        """Show a person."""
        return person
