"""Who is written to. Where nobody is found, those above are; somebody always is, as long as there
is an officer.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from exchange.directory.models import Organisation, OrganisationKind, Person, Role, StaffRole
from exchange.directory.queries import people_of
from exchange.exchanges.models import Exchange, PartnerRole
from exchange.extensions import db
from exchange.lessons.sheets import LessonSheet, sheets_of, writers
from exchange.matching.models import Answer, Match
from exchange.mechanisms.models import Gives
from exchange.messages.compose import Reader
from exchange.partnerships.models import Agreement
from exchange.reminders.models import EscalationLevel
from workflows.engine import Party
from workflows.exchange import EXCHANGE

SECRETARIAT = "CGLU-UCLG"


@dataclass(frozen=True)
class Asked:
    """Somebody who is written to, and the organisation they are asked for."""

    reader: Reader
    organisation: str

    @property
    def key(self) -> str:
        """Tells one reader of a reminder from another."""
        return str(self.reader.id) if isinstance(self.reader, Person) else self.reader.email


@dataclass(frozen=True)
class Guest:
    """A participant of a visit as a reader: they need no account."""

    name: str
    email: str
    language: str
    time_zone: str


def asked_of(audience: str, subject: Any, level: EscalationLevel) -> list[Asked]:
    """The people to write to about ``subject``; each once."""
    organisations = list(_organisations(subject, audience))
    if level == EscalationLevel.owner:
        found = AUDIENCES[audience](subject)
        found = found or _associations(organisations)
    else:
        found = _LEVELS[level](organisations)
    found = found or officers()
    return list({asked.key: asked for asked in found}.values())


def officers() -> list[Asked]:
    """The officers of the world secretariat; its administrators when there is none."""
    for role in (StaffRole.officer, StaffRole.administrator):
        query = select(Person).where(Person.staff_role == role, Person.disabled_at.is_(None))
        people = db.session.scalars(query.order_by(Person.id)).all()
        if people:
            return [Asked(person, SECRETARIAT) for person in people]
    return []


def speakers(organisations: Iterable[Organisation]) -> list[Asked]:
    """The coordinators of each; of an organisation without one, those of its associations."""
    found: list[Asked] = []
    for organisation in organisations:
        found += _coordinators(organisation) or _associations([organisation])
    return found


def _coordinators(organisation: Organisation) -> list[Asked]:
    people = db.session.scalars(people_of(organisation.id, Role.coordinator))
    return [Asked(person, organisation.name) for person in people]


def _associations(organisations: Iterable[Organisation]) -> list[Asked]:
    bodies = {m.body_id: m.body for one in organisations for m in one.memberships}
    return [asked for body in bodies.values() for asked in _coordinators(body)]


def _section_officers(organisations: Iterable[Organisation]) -> list[Asked]:
    codes = {term.code for one in organisations for term in one.tagged("section")}
    query = select(Person).where(
        Person.staff_role == StaffRole.section_officer,
        Person.section_code.in_(codes),
        Person.disabled_at.is_(None),
    )
    people = db.session.scalars(query.order_by(Person.id)) if codes else ()
    return [Asked(person, person.section_code or "") for person in people]


_LEVELS: dict[EscalationLevel, Callable[[Iterable[Organisation]], list[Asked]]] = {
    EscalationLevel.association: _associations,
    EscalationLevel.section: _section_officers,
    EscalationLevel.officer: lambda _organisations: officers(),
}


def _organisations(subject: Any, audience: str) -> Iterator[Organisation]:
    """The organisations behind a subject: those above them are asked in their place."""
    if isinstance(subject, Match):
        yield from (listing.organisation for listing in _pending(subject))
    elif isinstance(subject, Exchange):
        waits = EXCHANGE.rule(subject.state).waits_for
        yield from _with_role(subject, *_ROLES.get(waits, ())) or [subject.proposer]
    elif getattr(subject, "organisation", None) is not None:
        yield subject.organisation
    elif audience in ("action_owner", "register_owner") and subject.owner is not None:
        yield subject.owner
    elif isinstance(subject, Agreement):
        yield from subject.pair.cities
    elif getattr(subject, "exchange", None) is not None:
        yield subject.exchange.proposer


_ROLES: dict[Party, tuple[PartnerRole, ...]] = {
    Party.host: (PartnerRole.host,),
    Party.learner: (PartnerRole.learner,),
    Party.both_cities: (PartnerRole.host, PartnerRole.learner),
}


def _with_role(exchange: Exchange, *roles: PartnerRole) -> list[Organisation]:
    return [partner.organisation for partner in exchange.with_role(*roles)]


def _proposer(exchange: Exchange) -> list[Asked]:
    """The named contact and the coordinators."""
    return _person(exchange.contact, exchange.proposer.name) + speakers([exchange.proposer])


def _in_roles(exchange: Exchange, *roles: PartnerRole) -> list[Asked]:
    """The contacts named for the partners in these roles, and their coordinators."""
    partners = exchange.with_role(*roles)
    named = [asked for one in partners for asked in _person(one.contact, one.organisation.name)]
    return named + speakers(one.organisation for one in partners)


def _host(exchange: Exchange) -> list[Asked]:
    return _in_roles(exchange, PartnerRole.host)


def _partners(exchange: Exchange) -> list[Asked]:
    return _proposer(exchange) + _in_roles(exchange, *PartnerRole)


def _both_cities(exchange: Exchange) -> list[Asked]:
    return _in_roles(exchange, PartnerRole.host, PartnerRole.learner)


def _lesson_writers(exchange: Exchange) -> list[Asked]:
    """The cities that have not signed their lessons."""
    sheets = sheets_of(exchange)
    waiting = [one for one in writers(exchange) if not _is_signed(sheets.get(one.id))]
    return speakers(waiting)


def _is_signed(sheet: LessonSheet | None) -> bool:
    return sheet is not None and sheet.signed_on is not None


def _reviewers(exchange: Exchange) -> list[Asked]:
    """Reviewing peers; in an exchange without them, those who learn."""
    peers = _in_roles(exchange, PartnerRole.reviewer)
    return peers or _in_roles(exchange, PartnerRole.learner)


def _officer(exchange: Exchange) -> list[Asked]:
    """The officer who follows the exchange."""
    return _person(exchange.owner, SECRETARIAT) or officers()


def _person(person: Person | None, organisation: str) -> list[Asked]:
    return [Asked(person, organisation)] if person and not person.disabled_at else []


def _pending(match: Match) -> list[Any]:
    """The listings whose side has not answered."""
    sides = ((match.need, match.need_answer), (match.offer, match.offer_answer))
    return [listing for listing, answer in sides if answer == Answer.pending]


def _pending_sides(match: Match) -> list[Asked]:
    return [asked for listing in _pending(match) for asked in _organisation(listing)]


def _organisation(row: Any) -> list[Asked]:
    """Its contact and its coordinators; whoever published it for somebody, too."""
    publisher = getattr(row, "published_by", None)
    found = _person(getattr(row, "contact", None), row.organisation.name)
    return found + speakers([row.organisation, *([publisher] if publisher else [])])


def _action_owner(action: Any) -> list[Asked]:
    owner = action.owner or action.exchange.proposer
    return _person(action.contact, owner.name) or speakers([owner])


def _register_owner(row: Any) -> list[Asked]:
    """Whoever answers for a commitment."""
    return speakers([row.owner]) if row.owner is not None else []


def _section_of(row: Any) -> list[Asked]:
    """The officers of the section of whoever it belongs to; without any, those who speak for it."""
    return _section_officers([row.organisation]) or speakers([row.organisation])


def _asked_mechanism(pair: Any) -> list[Asked]:
    """The side that has not said yes by asking."""
    asked = pair.need if pair.asked_by == Gives.offers else pair.offer
    return _organisation_of_mechanism(asked.mechanism)


def _organisation_of_mechanism(mechanism: Any) -> list[Asked]:
    home = mechanism.organisation
    return _person(mechanism.contact, home.name) or speakers([home])


def _cities_of_pair(row: Any) -> list[Asked]:
    return speakers(row.pair.cities)


def _pairs_without_sheet(review: Any) -> list[Asked]:
    """The cities of the pairs that have not written theirs."""
    written = {sheet.pair_id for sheet in review.sheets}
    waiting = [pair for pair in review.partnership.pairs if pair.id not in written]
    return speakers(city for pair in waiting for city in pair.cities)


def _silent_bodies(consultation: Any) -> list[Asked]:
    """Associations and sections that have not answered yet: they speak for their members."""
    answered = [one.organisation_id for one in consultation.answers]
    query = select(Organisation).where(
        Organisation.kind.in_((OrganisationKind.association, OrganisationKind.section)),
        Organisation.id.not_in(answered),
    )
    return [one for body in db.session.scalars(query) for one in _coordinators(body)]


def _author(row: Any) -> list[Asked]:
    """Who writes the note; before there is one, the partners."""
    exchange = row if isinstance(row, Exchange) else row.exchange
    author = exchange.note.author if exchange.note else None
    return _person(author, exchange.proposer.name) or _partners(exchange)


def _reviewer(row: Any) -> list[Asked]:
    exchange = row if isinstance(row, Exchange) else row.exchange
    reviewer = exchange.note.reviewer if exchange.note else None
    return _person(reviewer, SECRETARIAT) or _officer(exchange)


def _translator(row: Any) -> list[Asked]:
    exchange = row.note.exchange
    return _person(row.translator, exchange.proposer.name) or _partners(exchange)


def _second_reader(row: Any) -> list[Asked]:
    return _person(row.reviewer, SECRETARIAT) or _officer(row.note.exchange)


def _participant(participant: Any) -> list[Asked]:
    guest = Guest(
        participant.name, participant.email, participant.language, participant.visit.time_zone
    )
    return [Asked(guest, participant.organisation.name)]


def _whose_turn(exchange: Exchange) -> list[Asked]:
    """Whoever the state waits for."""
    return _TURNS[EXCHANGE.rule(exchange.state).waits_for](exchange)


_TURNS: dict[Party, Callable[[Exchange], list[Asked]]] = {
    Party.proposer: _proposer,
    Party.owner: _officer,
    Party.officer: _officer,
    Party.host: _host,
    Party.learner: lambda exchange: _in_roles(exchange, PartnerRole.learner),
    Party.both_cities: lambda exchange: _in_roles(exchange, PartnerRole.host, PartnerRole.learner),
    Party.author: _author,
    Party.reviewer: _reviewer,
    Party.nobody: _officer,
}

# The names that the table of kinds uses in ``audience``.
AUDIENCES: dict[str, Callable[[Any], list[Asked]]] = {
    "proposer": _proposer,
    "host": _host,
    "both_cities": _both_cities,
    "lesson_writers": _lesson_writers,
    "all_partners": lambda row: _partners(row.exchange),
    "partners": _partners,
    "reviewers": _reviewers,
    "officer": _officer,
    "pending_sides": _pending_sides,
    "organisation": _organisation,
    "action_owner": _action_owner,
    "register_owner": _register_owner,
    "section_of": _section_of,
    "asked_mechanism": _asked_mechanism,
    "silent_bodies": _silent_bodies,
    "cities_of_pair": _cities_of_pair,
    "pairs_without_sheet": _pairs_without_sheet,
    "secretariat": lambda _row: officers(),
    "author": _author,
    "reviewer": _reviewer,
    "translator": _translator,
    "second_reader": _second_reader,
    "participant": _participant,
    "named_in_photo": lambda row: _participant(row.participant),
    "whose_turn": _whose_turn,
}
