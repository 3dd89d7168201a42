"""The pages of people: who they are, and for whom they speak."""

from typing import Any

from flask import Blueprint, render_template

from exchange import edge, policy
from exchange.directory import queries
from exchange.directory.models import Person
from exchange.directory.schemas import PersonFilter
from exchange.edge import access
from exchange.edge_seen import shown
from exchange.listing import page_of
from exchange.predicates import staff
from exchange.web.forms import filters

pages = Blueprint("people", __name__, url_prefix="/people")


@pages.get("")
@access("person.see")
def index() -> Any:
    """The list of people."""
    chosen = filters(PersonFilter())
    query = queries.people_listed(
        policy.scoped(Person, edge.actor()), chosen, for_staff=staff(edge.actor(), None)
    )
    page = page_of(query, chosen, queries.PERSON_SORTS)
    shown(*page.items)
    return render_template("people/list.html", page=page, chosen=chosen)


@pages.get("/<int:id>")
@access("person.see", Person)
def show(person: Person) -> Any:
    """One person."""
    contact_of = queries.contact_of(person.id)
    return render_template("people/show.html", person=person, contact_of=contact_of)
