"""Whose thing is it: the organisations behind any row, by what they are in it."""

from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from exchange.catalogue.models import Listing, Need, Offer
from exchange.directory.models import Membership, Organisation, Person
from exchange.exchanges.models import Exchange, PartnerRole
from exchange.labs.models import Lab, LabCycle
from exchange.matching.models import Match
from exchange.mechanisms.models import MechanismPair
from exchange.partnerships.models import Pair, Partnership


@dataclass(frozen=True)
class Parties:
    """Ids of organisations by what they are in a row."""

    owner: frozenset[int] = frozenset()
    host: frozenset[int] = frozenset()
    need: frozenset[int] = frozenset()
    offer: frozenset[int] = frozenset()
    others: frozenset[int] = frozenset()

    @property
    def everyone(self) -> frozenset[int]:
        """All of them."""
        return self.owner | self.host | self.need | self.offer | self.others


@singledispatch
def parties_of(row: Any) -> Parties:
    """The organisations behind ``row``; what hangs on an exchange or a visit asks that one."""
    for name in ("exchange", "visit", "note", "match", "participant", "sheet", "webhook"):
        above = getattr(row, name, None)
        if above is not None:
            return _with_own(row, parties_of(above))
    return _with_own(row, Parties())


def _with_own(row: Any, parties: Parties) -> Parties:
    own = getattr(row, "organisation_id", None) or getattr(row, "owner_id", None)
    if own is None:
        return parties
    return Parties(frozenset({own}), parties.host, others=parties.everyone)


@parties_of.register
def _(row: Organisation) -> Parties:
    return Parties(owner=frozenset({row.id}))


@parties_of.register
def _(row: Membership) -> Parties:
    return Parties(owner=frozenset({row.member_id, row.body_id}))


@parties_of.register
def _(row: Person) -> Parties:
    # Not "owner": an organisation does not own its people.
    return Parties(others=frozenset(row.organisation_ids()))


def _of_listing(row: Listing) -> frozenset[int]:
    return frozenset(i for i in (row.organisation_id, row.published_by_id) if i)


@parties_of.register
def _(row: Need) -> Parties:
    return Parties(owner=_of_listing(row), need=_of_listing(row))


@parties_of.register
def _(row: Offer) -> Parties:
    return Parties(owner=_of_listing(row), offer=_of_listing(row))


@parties_of.register
def _(row: Match) -> Parties:
    return Parties(need=_of_listing(row.need), offer=_of_listing(row.offer))


@parties_of.register
def _(row: MechanismPair) -> Parties:
    need, offer = row.need.organisation_id, row.offer.organisation_id
    return Parties(need=frozenset({need}), offer=frozenset({offer}))


@parties_of.register
def _(row: Exchange) -> Parties:
    hosts = frozenset(p.organisation_id for p in row.with_role(PartnerRole.host))
    others = frozenset(p.organisation_id for p in row.partners)
    needs = frozenset(need.organisation_id for need in row.needs)
    return Parties(frozenset({row.proposer_id}), hosts, others=others | needs)


@parties_of.register
def _(row: Lab) -> Parties:
    others = frozenset(one.organisation_id for one in row.partners)
    return Parties(owner=frozenset({row.organisation_id}), others=others)


@parties_of.register
def _(row: LabCycle) -> Parties:
    return parties_of(row.lab)


@parties_of.register
def _(row: Partnership) -> Parties:
    return Parties(owner=frozenset({row.lead_id}))


@parties_of.register
def _(row: Pair) -> Parties:
    cities = frozenset(city.id for city in row.cities)
    return Parties(owner=frozenset({row.partnership.lead_id}), others=cities)
