"""The desk of whoever takes part in exchanges: what waits for them first, then what runs, then what
is over; and the needs of members that wait to be brought together."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, func, select

from exchange.catalogue.models import Need
from exchange.directory.models import Organisation, Person, Role
from exchange.exchanges import queries
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.matching.queries import waiting_for
from exchange.policy import scoped
from exchange.predicates import staff

# More than this nobody reads at once; the list of exchanges has them all.
SHOWN, NEEDS_SHOWN = 40, 30
TURN, RUNNING, FINISHED = 0, 1, 2


@dataclass
class Desk:
    """Exchanges by how they stand to a person, with how many there are of each."""

    turn: list[Exchange] = field(default_factory=list)
    running: list[Exchange] = field(default_factory=list)
    finished: list[Exchange] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)
    matches: int = 0
    bodies: list[Organisation] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)

    @property
    def nothing_yet(self) -> bool:
        """The person takes part in no exchange, and in none that is over."""
        return not any(self.counts.values())


def desk(actor: Person) -> Desk:
    """The desk of ``actor``, in as many statements for one exchange as for a hundred."""
    found = Desk(matches=waiting_for(actor))
    how = _how_it_stands(actor)
    mine = queries.listed(scoped(Exchange, actor), {"mine": True}, actor)
    first = mine.add_columns(how).order_by(how, Exchange.due_order, Exchange.id.desc())
    for exchange, group in db.session.execute(first.limit(SHOWN)).unique():
        (found.turn, found.running, found.finished)[group].append(exchange)
    found.counts = _counts(actor, how)
    found.organisations = _spoken_for(actor)
    if not staff(actor, None):
        found.bodies = [one for one in found.organisations if one.kind in queries.BUNDLERS]
    if found.bodies:
        found.needs = needs_to_bundle(actor)
    return found


def _how_it_stands(actor: Person) -> Any:
    finished = Exchange.state.in_(queries.FINAL)
    waits = queries.waits_for_actor(actor)
    return case((finished, FINISHED), (waits, TURN), else_=RUNNING).label("how")


def _counts(actor: Person, how: Any) -> dict[int, int]:
    ids = scoped(Exchange, actor).where(queries.is_mine(actor))
    counted = ids.with_only_columns(how).subquery()
    query = select(counted.c.how, func.count()).group_by(counted.c.how)
    return {int(row[0]): int(row[1]) for row in db.session.execute(query)}


def _spoken_for(actor: Person) -> list[Organisation]:
    own = [one.organisation for one in actor.affiliations if one.role == Role.coordinator]
    return sorted(own, key=lambda one: one.folded_name)


def needs_to_bundle(actor: Person) -> list[Need]:
    """Open needs for which ``actor`` speaks and which no running exchange answers yet."""
    rows: Any = Need  # ``exchanges`` is written on the model from above
    taken = rows.exchanges.any(Exchange.state.not_in(queries.FINAL))
    query = queries.open_needs_of(actor).where(~taken)
    return list(db.session.scalars(query.order_by(Need.title, Need.id).limit(NEEDS_SHOWN)))
