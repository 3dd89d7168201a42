"""The organisations of the demonstration, who is a member of whom, and the role accounts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from exchange.demo.read import PREFIX, external_id, read
from exchange.directory.models import (
    Affiliation,
    Level,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    StaffRole,
)
from exchange.extensions import db
from exchange.listing import folded
from exchange.vocabularies.models import Place, Term
from exchange.vocabularies.reference import places


@dataclass
class Network:
    """What the rest of the demonstration refers to, by the keys of the files."""

    organisations: dict[str, Organisation]
    people: dict[str, Person] = field(default_factory=dict)
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)

    @property
    def officer(self) -> Person:
        """Who acts for the secretariat in the demonstration."""
        return self.people["officer"]

    def contact(self, key: str) -> Person | None:
        """The point of contact of an organisation, if it has an account."""
        return self.organisations[key].contact

    def named(self, vocabulary: str, codes: Iterable[str]) -> list[Term]:
        """The terms of a vocabulary with these codes, those that an administrator kept."""
        found = (self.terms.get((vocabulary, code)) for code in codes)
        return [term for term in found if term is not None]


def load_network(password_hash: str) -> Network:
    """Write the organisations, memberships and accounts that are not there yet."""
    terms = {(t.vocabulary, t.code): t for t in db.session.scalars(select(Term))}
    rows = read("organisations")["organisation"]
    network = Network(_known_organisations(), terms=terms)
    placed = _places({row["geonames_id"] for row in rows if "geonames_id" in row})
    new = [row for row in rows if row["key"] not in network.organisations]
    for row in new:
        made = _organisation(row, placed, network)
        network.organisations[row["key"]] = made
        db.session.add(made)
    _memberships(new, network)
    _accounts(network, password_hash)
    db.session.flush()
    return network


def _known_organisations() -> dict[str, Organisation]:
    query = select(Organisation).where(Organisation.external_id.startswith(PREFIX))
    return {str(o.external_id).removeprefix(PREFIX): o for o in db.session.scalars(query)}


def _places(wanted: set[int]) -> set[int]:
    """Of the places that the files name, those that exist; cities under the size that was loaded
    are added, those that GeoNames does not list in that size stay unplaced."""
    have = set(db.session.scalars(select(Place.id).where(Place.id.in_(wanted))))
    missing = wanted - have
    added = [Place(**row) for row in places(0) if row["id"] in missing] if missing else []
    db.session.add_all(added)
    return have | {place.id for place in added}


def _organisation(row: Mapping[str, Any], placed: set[int], network: Network) -> Organisation:
    made = Organisation(
        name=row["name"],
        folded_name=folded(row["name"]),
        kind=OrganisationKind(row["kind"]),
        level=Level(row["level"]) if row["level"] else None,
        country_code=row["country"] or None,
        place_id=row["geonames_id"] if row.get("geonames_id") in placed else None,
        population=row.get("population"),
        external_id=external_id(row["key"]),
        demo=True,
    )
    languages = network.named("language", row["languages"])
    made.terms = languages + network.named("section", row["sections"])
    return made


def _memberships(rows: Iterable[Mapping[str, Any]], network: Network) -> None:
    for row in rows:
        for body in row["member_of"]:
            member = network.organisations[row["key"]]
            db.session.add(Membership(member=member, body=network.organisations[body]))


def _accounts(network: Network, password_hash: str) -> None:
    known = {p.email: p for p in db.session.scalars(select(Person).where(Person.demo))}
    for row in read("role_accounts")["account"]:
        person = known.get(row["email"]) or _account(row, network, password_hash)
        network.people[row["key"]] = person


def _account(row: Mapping[str, Any], network: Network, password_hash: str) -> Person:
    person = Person(
        name=row["name"],
        email=row["email"],
        password_hash=password_hash,
        language=row["language"],
        time_zone=row["time_zone"],
        staff_role=StaffRole(row["staff_role"]) if row["staff_role"] else None,
        section_code=row["section"] or None,
        demo=True,
    )
    organisation = network.organisations[row["organisation"]]
    role = Role(row["role"] or Role.member)
    person.affiliations.append(Affiliation(organisation=organisation, role=role))
    if organisation.contact is None:
        organisation.contact = person
    db.session.add(person)
    return person
