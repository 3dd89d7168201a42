"""The lists that forms offer, by the name that a schema's field gives."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Select, select

from exchange import edge, labels
from exchange.catalogue.models import Need, Offer
from exchange.challenges import queries as challenge_queries
from exchange.config import LANGUAGES
from exchange.directory.actions import BODIES
from exchange.directory.contacts import contacts_of
from exchange.directory.models import Organisation, OrganisationKind
from exchange.directory.queries import acts_for_ids, section_organisations
from exchange.exchanges import queries as exchange_queries
from exchange.exchanges.models import Exchange, ExchangeKind
from exchange.exchanges.schemas import currencies
from exchange.extensions import db
from exchange.forums.models import Forum
from exchange.lessons import photos, translating
from exchange.lessons.models import Note
from exchange.lessons.queries import insiders
from exchange.predicates import staff
from exchange.programmes.models import GENERAL
from exchange.programmes.queries import programmes as all_programmes
from exchange.visits.dates import spoken_for
from exchange.visits.models import Visit
from exchange.visits.queries import organisations_of
from exchange.vocabularies.queries import terms_of
from exchange.web.option import Option
from exchange.web.options_of_work import WORK_LISTS
from exchange.web.sorting import place_of
from exchange.web.words import country_name, lang_text, language_name
from workflows.need import NeedState
from workflows.offer import OfferState


def options_for(meta: Mapping[str, Any]) -> list[Option]:
    """The options of a field, with an empty one first when nothing may be chosen."""
    if members := meta.get("members"):
        found = of_enum(members)
    elif name := meta.get("options"):
        kind, _sep, rest = name.partition(":")
        found = LISTS[kind](rest) if rest else LISTS[kind]()
    else:
        return []
    many = meta.get("many") or meta.get("widget") == "checkboxes"
    return found if many else [Option("", _("Choose")), *found]


def of_enum(members: type[StrEnum]) -> list[Option]:
    """The members of an enum in words; the states of a workflow too."""
    words = labels.CHOICES.get(members) or labels.states_of(members)
    return [Option(member.value, str(words[member])) for member in members]


def terms(vocabulary: str) -> list[Option]:
    """The terms of a vocabulary that are still offered."""
    language = edge.current_language()
    found = [Option(t.code, t.label(language)) for t in terms_of(vocabulary)]
    if vocabulary in ("sdg_target", "sdg_goal"):
        return [Option(o.value, f"{o.value} {o.label}") for o in found]
    return found


def sdg_goals() -> dict[str, str]:
    """The names of the Sustainable Development Goals, by their numbers."""
    return {goal.code: goal.label(edge.current_language()) for goal in terms_of("sdg_goal")}


def languages() -> list[Option]:
    """The languages that people write in, by their names."""
    codes = [term.code for term in terms_of("language")]
    return sorted((Option(c, language_name(c)) for c in codes), key=lambda o: place_of(o.label))


def countries() -> list[Option]:
    """The countries, by their names."""
    codes = [term.code for term in terms_of("country")]
    return sorted((Option(c, country_name(c)) for c in codes), key=lambda o: place_of(o.label))


def page_languages() -> list[Option]:
    """The languages of pages and mails, each by its own name."""
    return [Option(code, str(Locale(code).get_display_name())) for code in LANGUAGES]


def time_zones() -> list[Option]:
    """IANA time zones."""
    return [Option(name, name.replace("_", " ")) for name in sorted(available_timezones())]


def my_organisations() -> list[Option]:
    """The organisations the actor speaks for; staff may choose any local government."""
    query = named_organisations()
    if staff(edge.actor(), None):
        wanted = (OrganisationKind.local_government, OrganisationKind.association)
        query = query.where(Organisation.kind.in_(wanted))
    else:
        query = query.where(Organisation.id.in_(acts_for_ids(edge.actor())))
    return with_country(query)


def own_or_section() -> list[Option]:
    """The organisations whose challenges the actor may write down: those they speak for, and those
    of the section of its officer; staff choose any."""
    actor = edge.signed_in()
    if staff(actor, None):
        return organisations()
    ours: Any = Organisation.id.in_(acts_for_ids(actor))
    if actor.section_code:
        ours |= Organisation.id.in_(section_organisations(actor.section_code))
    return with_country(named_organisations().where(ours))


def topics() -> list[Option]:
    """The topics of modules that can answer a challenge."""
    return [Option(str(t.id), t.title, t.language) for t in challenge_queries.topics()]


def visitors(exchange_id: str) -> list[Option]:
    """Who took part in the visits of an exchange."""
    found = photos.visitors(int(exchange_id))
    return [Option(str(one.id), f"{one.name} ({one.organisation.name})") for one in found]


def sides(visit_id: str) -> list[Option]:
    """The sides of a visit for which the actor speaks."""
    visit = db.session.get_one(Visit, int(visit_id))
    return [Option(str(one.id), one.name) for one in spoken_for(visit, edge.actor())]


def bodies() -> list[Option]:
    """The associations and sections that have members."""
    query = select(Organisation.id, Organisation.name).where(Organisation.kind.in_(BODIES))
    rows = db.session.execute(query.order_by(Organisation.folded_name))
    return [Option(str(row.id), row.name) for row in rows]


def organisations() -> list[Option]:
    """All organisations."""
    return with_country(named_organisations())


def named_organisations() -> Select[Any]:
    """What the name of an organisation is made of, in order."""
    columns = (Organisation.id, Organisation.name, Organisation.country_code)
    query: Select[Any] = select(*columns)  # type: ignore[assignment] # of columns, whatever they are
    return query.order_by(Organisation.folded_name)


def with_country(query: Select[Any]) -> list[Option]:
    """Organisations by name and country: there is more than one San José."""
    return [
        Option(str(row.id), ", ".join(filter(None, (row.name, country_name(row.country_code)))))
        for row in db.session.execute(query)
    ]


def partners(exchange_id: str) -> list[Option]:
    """The organisations of an exchange that the actor speaks for; for staff all of them."""
    row = db.session.get(Exchange, int(exchange_id))
    found = organisations_of(row) if row is not None else []
    if not staff(edge.actor(), None):
        mine = acts_for_ids(edge.actor())
        found = [organisation for organisation in found if organisation.id in mine]
    return [Option(str(one.id), one.name) for one in found]


def published_offers() -> list[Option]:
    """The offers that can be matched, with whose they are."""
    query = (
        select(Offer.id, Offer.title, Offer.language, Organisation.name)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .where(Offer.state == OfferState.published, Offer.places_taken < Offer.places)
        .order_by(Organisation.folded_name, Offer.id)
    )
    return [_titled(row, row.name) for row in db.session.execute(query)]


def _titled(row: Any, name: str) -> Option:
    """A need or an offer by whose it is and what it is called there."""
    return Option(str(row.id), f"{name}: {row.title}", row.language)


def own_needs() -> list[Option]:
    """The published needs that the reader speaks for."""
    return _own(Need, NeedState.published)


def own_offers() -> list[Option]:
    """The published offers that the reader speaks for."""
    return _own(Offer, OfferState.published)


def _own(model: type[Need] | type[Offer], published: str) -> list[Option]:
    ours = acts_for_ids(edge.actor())
    query = (
        select(model.id, model.title, model.language, Organisation.name)
        .join(Organisation, Organisation.id == model.organisation_id)
        .where(model.state == published, model.organisation_id.in_(ours))
        .order_by(Organisation.folded_name, model.id)
    )
    return [_titled(row, row.name) for row in db.session.execute(query)]


def partners_of(exchange_id: str) -> list[Option]:
    """All the organisations of an exchange."""
    row = db.session.get(Exchange, int(exchange_id))
    return [Option(str(one.id), one.name) for one in (organisations_of(row) if row else [])]


def contacts(organisation_id: str = "") -> list[Option]:
    """The people who can be named as contact of an organisation."""
    found = contacts_of([int(organisation_id)]) if organisation_id else []
    return [Option(str(one.id), one.name) for one in found]


def contacts_in(exchange_id: str) -> list[Option]:
    """The people of the organisations of an exchange."""
    row = db.session.get(Exchange, int(exchange_id))
    found = contacts_of([one.id for one in organisations_of(row)]) if row else []
    return [Option(str(one.id), one.name) for one in found]


def insiders_of(exchange_id: str) -> list[Option]:
    """The people who may write and review what an exchange has taught."""
    row = db.session.get(Exchange, int(exchange_id))
    return [Option(str(one.id), one.name) for one in (insiders(row) if row else [])]


def languages_left(note_id: str) -> list[Option]:
    """The languages into which nobody translates a note yet."""
    row = db.session.get(Note, int(note_id))
    return [
        Option(code, language_name(code))
        for code in (translating.languages_left(row) if row else [])
    ]


def proposers() -> list[Option]:
    """The organisations for which the actor may propose an exchange; staff choose any."""
    return organisations() if staff(edge.actor(), None) else my_organisations()


def bundlers() -> list[Option]:
    """The associations and sections for which the actor may bundle needs."""
    return [Option(str(one.id), one.name) for one in exchange_queries.bundlers(edge.actor())]


def linkable_needs(exchange_id: str = "") -> list[Option]:
    """The open needs that the actor may put into a proposal, and those that are in it."""
    row = db.session.get(Exchange, int(exchange_id)) if exchange_id else None
    linked = list(row.needs) if row else []
    found = [*linked, *exchange_queries.linkable_needs(edge.actor())]
    once = {need.id: _titled(need, need.organisation.name) for need in found}
    return list(once.values())


def payers(exchange_id: str) -> list[Option]:
    """The organisations of an exchange."""
    row = db.session.get(Exchange, int(exchange_id))
    found = organisations_of(row) if row is not None else []
    return [Option(str(one.id), one.name) for one in found]


def currency_codes() -> list[Option]:
    """The currencies of today, by code and name."""
    names = (get_locale() or Locale("en")).currencies
    return [Option(code, f"{code} {names.get(code, '')}".strip()) for code in sorted(currencies())]


def officers() -> list[Option]:
    """Those who may follow an exchange."""
    return [Option(str(person.id), person.name) for person in exchange_queries.officers()]


def programmes(kept: str = "") -> list[Option]:
    """The programmes that take needs, and the one of ``kept`` although it is closed."""
    found = [row for row in all_programmes() if row.code != GENERAL]
    open_or_kept = [row for row in found if row.open or str(row.id) == kept]
    return [Option(str(row.id), lang_text(row.titles) or row.code) for row in open_or_kept]


def sessions_of(forum_id: str = "") -> list[Option]:
    """The sessions of an edition, in their order."""
    row = db.session.get(Forum, int(forum_id)) if forum_id else None
    found = [one for one in row.sessions if not one.is_break] if row else []
    return [Option(str(s.id), f"{s.starts_at:%H:%M} {lang_text(s.titles)}") for s in found]


def phases() -> list[Option]:
    """The stages of an exchange."""
    return [Option(code, str(words)) for code, words in labels.PHASES.items()]


LISTS: dict[str, Callable[..., list[Option]]] = {
    **WORK_LISTS,
    "terms": terms,
    "languages": languages,
    "countries": countries,
    "page_languages": page_languages,
    "time_zones": time_zones,
    "my_organisations": my_organisations,
    "organisations": organisations,
    "partners": partners,
    "partners_of": partners_of,
    "insiders_of": insiders_of,
    "languages_left": languages_left,
    "contacts": contacts,
    "contacts_in": contacts_in,
    "published_offers": published_offers,
    "own_needs": own_needs,
    "own_offers": own_offers,
    "bodies": bodies,
    "own_or_section": own_or_section,
    "topics": topics,
    "sides": sides,
    "visitors": visitors,
    "proposers": proposers,
    "bundlers": bundlers,
    "linkable_needs": linkable_needs,
    "payers": payers,
    "currencies": currency_codes,
    "officers": officers,
    "phases": phases,
    "sessions_of": sessions_of,
    "programmes": programmes,
    "exchange_kinds": lambda: of_enum(ExchangeKind),
}
