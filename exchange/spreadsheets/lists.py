"""The lists that can be taken away as a table: who may, how they are narrowed, which columns.

What can be imported is written so that it can be imported again: the same headings, keys and words.
"""

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
from exchange.matching import queries as matching
from exchange.matching.models import Match
from exchange.matching.schemas import MatchFilter
from exchange.messages import queries as messages
from exchange.messages.models import Message
from exchange.messages.schemas import MessageFilter
from exchange.predicates import staff
from exchange.reminders import queries as reminders
from exchange.reminders.models import Reminder
from exchange.reminders.schemas import ReminderFilter
from exchange.spreadsheets.learning_lists import LEARNING
from exchange.spreadsheets.shape import Export, attribute, columns_of, named, with_role
from exchange.visits import queries as visits
from exchange.visits.models import Visit
from exchange.visits.schemas import VisitFilter

_LISTING = (
    "external_id organisation title text language themes languages sdg_targets agendas formats "
    "available_from available_until guests interpretation budget_note visa_note "
    "visa_letter funding innovative"
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
        columns_of(
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
        columns_of(
            "name email language roles staff_role can_sign_in last_sign_in",
            roles=lambda row: "; ".join(named(a.organisation) for a in row.affiliations),
            can_sign_in=lambda row: bool(row.password_hash) and row.disabled_at is None,
            last_sign_in=attribute("last_sign_in_at"),
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
        columns_of(
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
        columns_of(f"{_LISTING} places places_taken {_STANDS}"),
    ),
    "exchanges": Export(
        "exchange.see",
        Exchange,
        ExchangeFilter,
        exchanges.listed,
        exchanges.SORTS,
        next(iter(exchanges.SORTS)),
        columns_of(
            "external_id reference proposer title purpose kind language themes "
            "languages sdg_targets agendas formats hosts learners starts_on ends_on "
            "programme source_url state state_since due_on owner",
            proposer=lambda row: named(row.proposer),
            hosts=with_role(PartnerRole.host),
            learners=with_role(PartnerRole.learner),
        ),
    ),
    "matches": Export(
        "match.export",
        Match,
        MatchFilter,
        matching.listed,
        matching.SORTS,
        "-newest",
        columns_of(
            "number need need_of offer offer_of score state state_since need_answer "
            "offer_answer answer_by",
            number=attribute("id"),
            need=lambda row: row.need.title,
            need_of=lambda row: named(row.need.organisation),
            offer=lambda row: row.offer.title,
            offer_of=lambda row: named(row.offer.organisation),
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
        columns_of(
            "reference exchange number title mode starts_on ends_on hosts learners",
            reference=lambda row: row.exchange.reference,
            exchange=lambda row: row.exchange.title,
            hosts=lambda row: with_role(PartnerRole.host)(row.exchange),
            learners=lambda row: with_role(PartnerRole.learner)(row.exchange),
        ),
    ),
    "notes": Export(
        "note.see",
        Note,
        NoteFilter,
        lambda query, chosen, _actor: lessons.listed(query, chosen),
        lessons.NOTE_SORTS,
        "-published",
        columns_of(
            "number title language themes reference state published author reviewer",
            themes=lambda row: row.exchange.tagged("theme"),
            reference=lambda row: row.exchange.reference,
            published=attribute("published_on"),
        ),
    ),
    "messages": Export(
        "message.see",
        Message,
        MessageFilter,
        lambda query, chosen, _actor: messages.listed(query, chosen),
        messages.SORTS,
        "-newest",
        columns_of(
            "mail to_name email language subject about about_number state reason "
            "attempts created sent",
            email=attribute("to_email"),
            created=attribute("created_at"),
        ),
    ),
    **LEARNING,
    "reminders": Export(
        "reminder.see",
        Reminder,
        ReminderFilter,
        lambda query, chosen, _actor: reminders.listed(query, chosen),
        reminders.SORTS,
        "-due",
        columns_of(
            "mail about about_number level due_on state reason sent answered",
            answered=attribute("answered_at"),
        ),
    ),
}
