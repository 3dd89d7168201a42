"""Reading local laboratories."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from exchange.directory.queries import section_organisations
from exchange.extensions import db
from exchange.labs.models import Lab, LabPartner, lab_mechanisms
from exchange.methods.models import Pilot

SORTS = {"ends": Lab.ends_on, "starts": Lab.starts_on, "since": Lab.state_since}
NEWEST_FIRST = "-starts"
# No list that is opened is longer: whoever needs more narrows it.
MOST_OFFERED = 400

_CLAUSES: dict[str, Any] = {
    "q": lambda value: (
        Lab.title.icontains(value, autoescape=True) | Lab.text.icontains(value, autoescape=True)
    ),
    "state": lambda value: Lab.state == value,
    "theme": lambda value: Lab.terms.any(vocabulary="theme", code=value),
    "sdg_goal": lambda value: Lab.terms.any(vocabulary="sdg_goal", code=value),
    "organisation_id": lambda value: (
        (Lab.organisation_id == value) | Lab.partners.any(organisation_id=value)
    ),
    "section": lambda value: Lab.organisation_id.in_(section_organisations(value)),
}


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow ``query`` by ``filters`` and load what a list shows, at the same cost for any
    length."""
    query = query.where(
        *(clause(filters[name]) for name, clause in _CLAUSES.items() if filters.get(name))
    )
    return query.options(joinedload(Lab.organisation), selectinload(Lab.cycles))


def whole() -> tuple[Any, ...]:
    """What the page of a laboratory shows beside the row."""
    return (
        joinedload(Lab.organisation),
        joinedload(Lab.pilot).joinedload(Pilot.method),
        selectinload(Lab.cycles),
        selectinload(Lab.partners).joinedload(LabPartner.organisation),
        selectinload(Lab.mechanisms),
        selectinload(Lab.terms),
    )


def of_mechanism(mechanism_id: int) -> list[Lab]:
    """The laboratories that are linked to a mechanism, the newest first."""
    ids = select(lab_mechanisms.c.lab_id).where(lab_mechanisms.c.mechanism_id == mechanism_id)
    query = select(Lab).where(Lab.id.in_(ids)).order_by(Lab.starts_on.desc(), Lab.id)
    return list(db.session.scalars(query))


def of_pilot(pilot_id: int) -> list[Lab]:
    """The laboratories that try a method as this pilot."""
    query = select(Lab).where(Lab.pilot_id == pilot_id).order_by(Lab.id)
    return list(db.session.scalars(query))


def offered(visible: Select[Any]) -> list[Lab]:
    """The laboratories of ``visible`` that a challenge can be answered with, by their titles."""
    return list(db.session.scalars(visible.order_by(Lab.title, Lab.id).limit(MOST_OFFERED)))
