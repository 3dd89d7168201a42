"""The lists that can be taken away as a table: who may, how they are narrowed, which columns.

What can be imported is written so that it can be imported again: the same headings, keys and words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from exchange.catalogue import queries as catalogue
from exchange.catalogue.models import Need, Offer
from exchange.catalogue.schemas import NeedFilter, OfferFilter
from exchange.directory import queries as directory
from exchange.directory.models import Organisation, Person
from exchange.directory.schemas import OrganisationFilter, PersonFilter
from exchange.exchanges import queries as exchanges
from exchange.exchanges.models import Exchange, PartnerRole
from exchange.exchanges.schemas import ExchangeFilter
from exchange.lessons import queries as lessons
from exchange.lessons.models import Note
from exchange.lessons.schemas import NoteFilter
from exchange.listing import Sorts
from exchange.matching import queries as matching
from exchange.matching.models import Match
from exchange.matching.schemas import MatchFilter
from exchange.messages import queries as messages
from exchange.messages.models import Message
from exchange.messages.schemas import MessageFilter
from exchange.predicates import staff
from exchange.recommendations import queries as recommendations
from exchange.recommendations.models import Recommendation
from exchange.recommendations.schemas import RecommendationFilter
from exchange.reminders import queries as reminders
from exchange.reminders.models import Reminder
from exchange.reminders.schemas import ReminderFilter
from exchange.schemas import Schema
from exchange.tags import TAGS
from exchange.visits import queries as visits
from exchange.visits.models import Visit
from exchange.visits.schemas import VisitFilter

Value = Callable[[Any], Any]
Listed = Callable[[Select[Any], Mapping[str, Any], Person | None], Select[Any]]


class Country(NamedTuple):
    """The code of a country, to be named in the reader's language."""

    code: str


class Tongue(NamedTuple):
    """The code of a language, to be named in the reader's language."""

    code: str


@dataclass(frozen=True)
class Export:
    """One list: who may have it, how it is narrowed and sorted, and its columns."""

    permission: str
    model: Any
    filters: type[Schema]
    listed: Listed
    sorts: Sorts
    sort: str
    columns: tuple[tuple[str, Value], ...]


def _named(organisation: Organisation | None) -> str:
    """An organisation as an import finds it again: "Nampula (MZ)"."""
    if organisation is None:
        return ""
    country = organisation.country_code
    return f"{organisation.name} ({country})" if country else organisation.name


def _name(attribute: str) -> Value:
    def value(row: Any) -> str:
        person = getattr(row, attribute)
        return person.name if person else ""

    return value


def _is(attribute: str) -> Value:
    return lambda row: getattr(row, attribute)


def _key(row: Any) -> str:
    """The key of an import; of what never had one, its number here."""
    return row.external_id or f"#{row.id}"


def _columns(names: str, **values: Value) -> tuple[tuple[str, Value], ...]:
    """The columns that ``names`` lists; one without a value is the attribute of its name."""
    known = {**_DEFAULTS, **values}
    return tuple((name, known.get(name) or _is(name)) for name in names.split())


def _with_role(role: PartnerRole) -> Value:
    return lambda row: "; ".join(_named(partner.organisation) for partner in row.with_role(role))


_DEFAULTS: dict[str, Value] = {
    "external_id": _key,
    "organisation": lambda row: _named(row.organisation),
    "language": lambda row: Tongue(row.language),
    "country": lambda row: Country(row.country_code or ""),
    "published": _is("published_at"),
    "contact": _name("contact"),
    "owner": _name("owner"),
    "author": _name("author"),
    "reviewer": _name("reviewer"),
    "published_by": lambda row: _named(row.published_by),
    "about": _is("subject_type"),
    "about_number": _is("subject_id"),
    "mail": _is("kind"),
    "sent": _is("sent_at"),
}
for _field, _vocabulary in TAGS.items():
    _DEFAULTS[_field] = lambda row, name=_vocabulary: row.tagged(name)  # type: ignore[misc] # a default binds the name

_LISTING = (
    "external_id organisation title text language themes languages sdg_targets agendas formats "
    "available_from available_until guests interpretation budget_note visa_note "
    "visa_letter funding"
)
_STANDS = "state state_since published expires_on"

EXPORTS: dict[str, Export] = {
    "organisations": Export(
        "organisation.see",
        Organisation,
        OrganisationFilter,
        directory.listed,
        directory.ORGANISATION_SORTS,
        "name",
        _columns(
            "external_id name short_name kind level country place_id population "
            "languages sections website contact",
        ),
    ),
    "people": Export(
        "person.export",
        Person,
        PersonFilter,
        lambda query, chosen, actor: directory.people_listed(
            query, chosen, for_staff=staff(actor, None)
        ),
        directory.PERSON_SORTS,
        "name",
        _columns(
            "name email language roles staff_role can_sign_in last_sign_in",
            roles=lambda row: "; ".join(_named(a.organisation) for a in row.affiliations),
            can_sign_in=lambda row: bool(row.password_hash) and row.disabled_at is None,
            last_sign_in=_is("last_sign_in_at"),
        ),
    ),
    "needs": Export(
        "need.see",
        Need,
        NeedFilter,
        lambda query, chosen, actor: catalogue.listed(query, Need, chosen, actor).options(
            joinedload(Need.programme)
        ),
        catalogue.NEED_SORTS,
        "-published",
        _columns(
            f"{_LISTING} hosts_wanted programme {_STANDS}",
            programme=lambda row: row.programme.code if row.programme else "",
        ),
    ),
    "offers": Export(
        "offer.see",
        Offer,
        OfferFilter,
        lambda query, chosen, actor: catalogue.listed(query, Offer, chosen, actor),
        catalogue.OFFER_SORTS,
        "-published",
        _columns(f"{_LISTING} places places_taken {_STANDS}"),
    ),
    "exchanges": Export(
        "exchange.see",
        Exchange,
        ExchangeFilter,
        exchanges.listed,
        exchanges.SORTS,
        next(iter(exchanges.SORTS)),
        _columns(
            "external_id reference proposer title purpose kind language themes "
            "languages sdg_targets agendas formats hosts learners starts_on ends_on "
            "programme source_url state state_since due_on owner",
            proposer=lambda row: _named(row.proposer),
            hosts=_with_role(PartnerRole.host),
            learners=_with_role(PartnerRole.learner),
        ),
    ),
    "matches": Export(
        "match.export",
        Match,
        MatchFilter,
        matching.listed,
        matching.SORTS,
        "-newest",
        _columns(
            "number need need_of offer offer_of score state state_since need_answer "
            "offer_answer answer_by",
            number=_is("id"),
            need=lambda row: row.need.title,
            need_of=lambda row: _named(row.need.organisation),
            offer=lambda row: row.offer.title,
            offer_of=lambda row: _named(row.offer.organisation),
            score=lambda row: row.score / 100,
        ),
    ),
    "visits": Export(
        "visit.see",
        Visit,
        VisitFilter,
        visits.listed,
        visits.SORTS,
        next(iter(visits.SORTS)),
        _columns(
            "reference exchange number title mode starts_on ends_on hosts learners",
            reference=lambda row: row.exchange.reference,
            exchange=lambda row: row.exchange.title,
            hosts=lambda row: _with_role(PartnerRole.host)(row.exchange),
            learners=lambda row: _with_role(PartnerRole.learner)(row.exchange),
        ),
    ),
    "notes": Export(
        "note.see",
        Note,
        NoteFilter,
        lambda query, chosen, _actor: lessons.listed(query, chosen),
        lessons.NOTE_SORTS,
        "-published",
        _columns(
            "number title language themes reference state published author reviewer",
            themes=lambda row: row.exchange.tagged("theme"),
            reference=lambda row: row.exchange.reference,
            published=_is("published_on"),
        ),
    ),
    "messages": Export(
        "message.see",
        Message,
        MessageFilter,
        lambda query, chosen, _actor: messages.listed(query, chosen),
        messages.SORTS,
        "-newest",
        _columns(
            "mail to_name email language subject about about_number state reason "
            "attempts created sent",
            email=_is("to_email"),
            created=_is("created_at"),
        ),
    ),
    "recommendations": Export(
        "recommendation.see",
        Recommendation,
        RecommendationFilter,
        lambda query, chosen, _actor: recommendations.listed(query, chosen),
        recommendations.SORTS,
        recommendations.FIRST_DUE,
        _columns(
            "message text language about_what scale addressee answers_for due_on state state_since "
            "evidence evidence_url",
            message=_is("title"),
            about_what=_is("about"),
            answers_for=lambda row: _named(row.owner),
        ),
    ),
    "reminders": Export(
        "reminder.see",
        Reminder,
        ReminderFilter,
        lambda query, chosen, _actor: reminders.listed(query, chosen),
        reminders.SORTS,
        "-due",
        _columns(
            "mail about about_number level due_on state reason sent answered",
            answered=_is("answered_at"),
        ),
    ),
}
