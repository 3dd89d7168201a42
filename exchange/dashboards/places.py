"""Where exchanges are, and between whom: grouped by the database, whatever their number.

``found`` is a selection of exchanges, narrowed as a list is. A place is named by ``at``: the id of
a city, or the code of a country for the organisations there that name no city (they are drawn at
its largest city). The same word narrows the list.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, distinct, func, select, true
from sqlalchemy.orm import aliased

from exchange.directory.models import Organisation
from exchange.exchanges.models import Exchange, Partner, PartnerRole
from exchange.extensions import db
from exchange.policy import is_everything
from exchange.steps import Step
from exchange.vocabularies.models import Place

Ends = tuple[float, float, float, float, int]
BOWS_SHOWN, SPOTS_SHOWN, PAIRS_SHOWN = 120, 300, 200


@dataclass(frozen=True)
class Spot:
    """A place, and how many exchanges have a partner there. ``city``: empty for a whole country."""

    at: str
    city: str
    country_code: str
    lat: float
    lon: float
    total: int


@dataclass(frozen=True)
class Pair:
    """How often one has learned from the other."""

    host_id: int
    host: str
    learner_id: int
    learner: str
    total: int


def _of(column: Any, found: Select[Any]) -> ColumnElement[bool]:
    """A column names one of the exchanges; of all, nothing is asked."""
    if is_everything(found):
        return true()
    return column.in_(found.with_only_columns(Exchange.id).order_by(None))


def _drawn_at(place_id: Any, country_code: Any) -> Any:
    """The city at which somebody is drawn."""
    city = aliased(Place)
    largest = (
        select(city.id)
        .where(city.country_code == country_code)
        .order_by(city.population.desc(), city.id)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(place_id, largest)


def spots(found: Select[Any], most: int = SPOTS_SHOWN) -> list[Spot]:
    """The places with most exchanges, the fullest first; one statement."""
    country = case((Organisation.place_id.is_(None), Organisation.country_code))
    somewhere = Organisation.place_id.is_not(None) | Organisation.country_code.is_not(None)
    grouped = (
        select(
            Organisation.place_id.label("place_id"),
            country.label("country_code"),
            func.count(distinct(Partner.exchange_id)).label("total"),
        )
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .where(somewhere, _of(Partner.exchange_id, found))
        .group_by(Organisation.place_id, country)
        .subquery()
    )
    at = func.coalesce(cast(grouped.c.place_id, String), grouped.c.country_code)
    query = (
        select(at, grouped.c.place_id, grouped.c.total, Place)
        .join(Place, Place.id == _drawn_at(grouped.c.place_id, grouped.c.country_code))
        .order_by(grouped.c.total.desc(), at)
        .limit(most)
    )
    return [
        Spot(at, p.name if place_id else "", p.country_code, p.lat, p.lon, total)
        for at, place_id, total, p in db.session.execute(query)
    ]


def unplaced(found: Select[Any]) -> int:
    """How many exchanges have no partner whose place or country is known; one statement."""
    known = Organisation.place_id.is_not(None) | Organisation.country_code.is_not(None)
    nowhere = ~Exchange.partners.any(Partner.organisation.has(known))
    query = found.with_only_columns(Exchange.id).where(nowhere).order_by(None)
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _sides(found: Select[Any]) -> tuple[Any, Any, Any]:
    host, learner = aliased(Partner), aliased(Partner)
    query = (
        select(host.organisation_id.label("host"), learner.organisation_id.label("learner"))
        .add_columns(func.count(distinct(host.exchange_id)).label("total"))
        .join(learner, learner.exchange_id == host.exchange_id)
        .where(
            host.role == PartnerRole.host,
            learner.role == PartnerRole.learner,
            _of(host.exchange_id, found),
        )
        .group_by(host.organisation_id, learner.organisation_id)
    )
    return query.subquery(), aliased(Organisation), aliased(Organisation)


def pairs(found: Select[Any], most: int = PAIRS_SHOWN) -> list[Pair]:
    """Hosts and learners by how often, the most first; one statement. Where each side both shows
    and learns, nobody learns from themselves."""
    sides, host, learner = _sides(found)
    query = (
        select(host.id, host.name, learner.id, learner.name, sides.c.total)
        .join(host, host.id == sides.c.host)
        .join(learner, learner.id == sides.c.learner)
        .where(host.id != learner.id)
        .order_by(sides.c.total.desc(), host.folded_name, learner.folded_name, host.id, learner.id)
        .limit(most)
    )
    return [Pair(*row) for row in db.session.execute(query)]


def bows(
    found: Select[Any], most: int = BOWS_SHOWN
) -> list[tuple[float, float, float, float, int]]:
    """Where hosts and learners lie, and how often; the most first; one statement."""
    sides, host, learner = _sides(found)
    start, end = aliased(Place), aliased(Place)
    query = (
        select(start.lat, start.lon, end.lat, end.lon, func.sum(sides.c.total))
        .select_from(sides)
        .join(host, host.id == sides.c.host)
        .join(learner, learner.id == sides.c.learner)
        .join(start, start.id == _drawn_at(host.place_id, host.country_code))
        .join(end, end.id == _drawn_at(learner.place_id, learner.country_code))
        .where(start.id != end.id)
        .group_by(start.id, start.lat, start.lon, end.id, end.lat, end.lon)
        .order_by(func.sum(sides.c.total).desc(), start.id, end.id)
        .limit(most)
    )
    return [(a, b, c, d, int(number)) for a, b, c, d, number in db.session.execute(query)]


def been(exchange: Exchange) -> frozenset[str]:
    """The states in which an exchange has been; one statement."""
    query = select(Step.from_state, Step.to_state).where(
        Step.subject_type == "exchange", Step.subject_id == exchange.id
    )
    return frozenset(state for row in db.session.execute(query) for state in row)
